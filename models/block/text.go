package block

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The text form of a block has these lines, in this order:
//
//	workers 3
//	a = 5
//	t1: read a; move a b 5
//	t1 guesses: a | a b
//
// the number of workers, what is there initially, the transactions with their operations, and estimates that are not the truth, of reads and of writes.

// String is the text form of a block.
func (b *Block) String() string {
	var out bytes.Buffer
	fmt.Fprintf(&out, "workers %d\n", b.Workers)
	for k, v := range b.Initial.Sorted() {
		fmt.Fprintf(&out, "%s = %d\n", k, v)
	}
	for i := range b.Transactions {
		t := &b.Transactions[i]
		ops := make([]string, len(t.Operations))
		for j := range t.Operations {
			ops[j] = t.Operations[j].String()
		}
		fmt.Fprintln(&out, strings.TrimSpace(t.Name+": "+strings.Join(ops, "; ")))
	}
	for i := range b.Transactions {
		if t := &b.Transactions[i]; t.Guess != nil {
			fmt.Fprintf(&out, "%s guesses: %s\n", t.Name, strings.TrimSpace(strings.Join(t.Guess.Reads, " ")+" | "+strings.Join(t.Guess.Writes, " ")))
		}
	}
	return out.String()
}

// Parse reads what String writes, and refuses what no block can be.
func Parse(text string) (Block, error) {
	b := Block{Initial: State{}}
	number := 0
	for line := range strings.Lines(text) {
		number++
		if err := b.parseLine(strings.TrimSpace(line), number); err != nil {
			return Block{}, fmt.Errorf("block:%d: %w", number, err)
		}
	}
	if number == 0 {
		return Block{}, errors.New("block: it is empty, and must begin with the number of workers, such as \"workers 2\"")
	}
	if err := b.Validate(); err != nil {
		return Block{}, fmt.Errorf("block: %w", err)
	}
	return b, nil
}

var (
	keyForm  = regexp.MustCompile(`^(?:(?:0|[1-9][0-9]?)/)?[A-Za-z][A-Za-z0-9_]*$`)
	nameForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
)

func (b *Block) parseLine(line string, number int) error {
	if number == 1 {
		n, err := strconv.Atoi(strings.TrimPrefix(line, "workers "))
		if err != nil || n < 1 || n > MaxWorkers {
			return fmt.Errorf("%q is no number of workers, such as \"workers 2\"; there are from 1 to %d", line, MaxWorkers)
		}
		b.Workers = n
		return nil
	}
	if key, value, ok := strings.Cut(line, " = "); ok && len(b.Transactions) == 0 {
		return b.parseInitial(key, value)
	}
	name, rest, ok := strings.Cut(line, ":")
	if !ok {
		return fmt.Errorf("%q is neither what a key has, such as \"a = 5\", nor a transaction, such as \"t1: add a 1\"", line)
	}
	if of, ok := strings.CutSuffix(name, " guesses"); ok {
		return b.parseGuess(of, rest)
	}
	return b.parseTransaction(name, rest)
}

func (b *Block) parseInitial(key, value string) error {
	k, err := parseKey(key)
	if err != nil {
		return err
	}
	n, err := parseValue(value)
	if _, twice := b.Initial[k]; twice {
		err = fmt.Errorf("what %s has is there twice", k)
	}
	b.Initial[k] = n
	return err
}

func parseKey(word string) (Key, error) {
	if !keyForm.MatchString(word) {
		return "", fmt.Errorf("%q is no key, such as a or 1/a", word)
	}
	return word, nil
}

func parseKeys(text string) (keys []Key, err error) {
	for _, w := range strings.Fields(text) {
		k, err := parseKey(w)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return Set(keys), nil
}

func parseValue(word string) (Value, error) {
	n, err := strconv.ParseInt(word, 10, 64)
	if err != nil || !modest(n) {
		return 0, fmt.Errorf("%q is no value: it must be a whole number from %d to %d", word, -MaxAmount, MaxAmount)
	}
	return n, nil
}

func (b *Block) parseTransaction(name, text string) error {
	switch {
	case !nameForm.MatchString(name):
		return fmt.Errorf("%q is no name of a transaction, such as t1", name)
	case b.find(name) != nil:
		return fmt.Errorf("there are two transactions %s", name)
	case len(b.Transactions) == MaxTransactions:
		return fmt.Errorf("there are more than %d transactions", MaxTransactions)
	}
	t := Transaction{Name: name}
	for part := range strings.SplitSeq(text, ";") {
		if strings.TrimSpace(text) == "" {
			break
		}
		o, err := parseOp(strings.Fields(part))
		if err != nil {
			return err
		}
		t.Operations = append(t.Operations, o)
	}
	b.Transactions = append(b.Transactions, t)
	return nil
}

func (b *Block) find(name string) *Transaction {
	for i := range b.Transactions {
		if b.Transactions[i].Name == name {
			return &b.Transactions[i]
		}
	}
	return nil
}

func parseOp(words []string) (o Operation, err error) {
	at := -1
	if len(words) > 0 {
		at = slices.IndexFunc(forms[:], func(f Form) bool { return f.Word == words[0] })
	}
	if at < 0 {
		return o, fmt.Errorf("%q is no operation, such as \"add a 1\"", strings.Join(words, " "))
	}
	o.Kind = Kind(at)
	f := forms[at]
	want := 1 + f.Keys
	if f.Number {
		want++
	}
	if len(words) != want {
		return o, fmt.Errorf("%q: %s takes %d words, and this has %d", strings.Join(words, " "), f.Word, want-1, len(words)-1)
	}
	for i := range f.Keys {
		if o.Keys[i], err = parseKey(words[1+i]); err != nil {
			return o, err
		}
	}
	if f.Number {
		o.Amount, err = parseValue(words[want-1])
	}
	return o, err
}

func (b *Block) parseGuess(name, text string) error {
	t := b.find(name)
	if t == nil {
		return fmt.Errorf("there is no transaction %s before", name)
	}
	reads, writes, ok := strings.Cut(text, "|")
	if !ok || t.Guess != nil {
		return fmt.Errorf("%s guesses: want the keys that it reads, a |, and those that it writes, once", name)
	}
	r, err := parseKeys(reads)
	if err != nil {
		return err
	}
	w, err := parseKeys(writes)
	t.Guess = &Guess{r, w}
	return err
}
