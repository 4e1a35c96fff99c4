package block

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// document is the JSON form of an operation: its word, its keys in their order, and its amount; what it has not is left out, and an amount that is left out is 0.
type document struct {
	Op     string `json:"op"`
	Key    Key    `json:"key,omitempty"`
	To     Key    `json:"to,omitempty"`
	Other  Key    `json:"other,omitempty"`
	Amount Value  `json:"amount,omitempty"`
}

// MarshalJSON writes the block. What is empty is written as that, and not as null, whatever made it.
func (b Block) MarshalJSON() ([]byte, error) {
	type plain Block
	if b.Initial == nil {
		b.Initial = State{}
	}
	b.Transactions = slices.Clone(b.Transactions)
	for i := range b.Transactions {
		if t := &b.Transactions[i]; t.Operations == nil {
			t.Operations = []Operation{}
		}
	}
	if b.Transactions == nil {
		b.Transactions = []Transaction{}
	}
	return json.Marshal(plain(b))
}

// MarshalJSON writes the operation.
func (o Operation) MarshalJSON() ([]byte, error) {
	d := document{Op: o.Kind.Form().Word, Amount: o.Amount}
	for i, into := range []*Key{&d.Key, &d.To, &d.Other}[:o.Kind.Form().Keys] {
		*into = o.Keys[i]
	}
	return json.Marshal(d)
}

// UnmarshalJSON reads an operation. The error says what it has and should not have, or the other way round.
func (o *Operation) UnmarshalJSON(data []byte) error {
	var d document
	reader := json.NewDecoder(bytes.NewReader(data))
	reader.DisallowUnknownFields()
	if err := reader.Decode(&d); err != nil {
		return err
	}
	kind, err := kindOf(d.Op)
	if err != nil {
		return err
	}
	f := kind.Form()
	keys := [3]Key{d.Key, d.To, d.Other}
	for i, name := range []string{"key", "to", "other"} {
		if there := keys[i] != ""; there != (i < f.Keys) {
			return fmt.Errorf("%q takes %d keys, and its %q is %q", d.Op, f.Keys, name, keys[i])
		}
	}
	if d.Amount != 0 && !f.Number {
		return fmt.Errorf("%q takes no amount", d.Op)
	}
	*o = Operation{kind, keys, d.Amount}
	return nil
}

// kindOf is the kind of a word.
func kindOf(word string) (Kind, error) {
	at := slices.IndexFunc(forms[:], func(f Form) bool { return f.Word == word })
	if at < 0 {
		words := make([]string, Kinds)
		for i, f := range forms {
			words[i] = f.Word
		}
		return 0, fmt.Errorf("there is no operation %.40q: want one of %s", word, strings.Join(words, ", "))
	}
	return Kind(at), nil
}
