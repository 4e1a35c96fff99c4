package block

import (
	"errors"
	"fmt"
	"slices"

	"synchrony/models/history"
	"synchrony/models/text"
)

// Record is a block that was executed somewhere, by what it did: of each transaction that took effect what it read and wrote. A transaction
// that failed is left out, or is Aborted.
type Record struct {
	Initial      State    `json:"initial"`
	Transactions []Effect `json:"transactions"`
	// Order names the transactions that took effect in the order in which they did; none is that of Transactions, if Free is not set.
	Order []string `json:"order,omitempty"`
	// Free says that any order will do in which the transactions could have been executed one after another.
	Free  bool  `json:"free,omitempty"`
	Final State `json:"final"`
}

// Effect is what a transaction did, in its order.
type Effect struct {
	Name    string   `json:"name"`
	Aborted bool     `json:"aborted,omitempty"`
	Reads   []Seen   `json:"reads,omitempty"`
	Writes  []Change `json:"writes,omitempty"`
}

// Seen is a read of a key that was not the transaction's own write. From names the transaction whose write was read, and is empty for
// what was there at first; nil if that was not recorded.
type Seen struct {
	Key   string  `json:"key"`
	Value int64   `json:"value"`
	From  *string `json:"from,omitempty"`
}

// Change is the last write of a key by a transaction.
type Change struct {
	Key   string `json:"key"`
	Value int64  `json:"value"`
}

// order returns the indices of the transactions that took effect, in commit order.
func (r *Record) order() ([]int, error) {
	index := map[string]int{}
	var all []int
	for i := range r.Transactions {
		t := &r.Transactions[i]
		if t.Name == "" {
			return nil, &text.MalformedError{Where: fmt.Sprintf("transactions[%d].name", i), Reason: "it is empty"}
		}
		if _, dup := index[t.Name]; dup {
			return nil, &text.MalformedError{Where: fmt.Sprintf("transactions[%d].name", i), Reason: fmt.Sprintf("there are two of the name %q", t.Name)}
		}
		index[t.Name] = i
		if !t.Aborted {
			all = append(all, i)
		}
	}
	if len(r.Order) == 0 {
		return all, nil
	}
	order, used := make([]int, len(r.Order)), map[int]bool{}
	for k, name := range r.Order {
		i, known := index[name]
		where := fmt.Sprintf("order[%d]", k)
		switch {
		case !known:
			return nil, &text.MalformedError{Where: where, Reason: fmt.Sprintf("there is no transaction %q", name)}
		case used[i]:
			return nil, &text.MalformedError{Where: where, Reason: fmt.Sprintf("%q is there twice", name)}
		case r.Transactions[i].Aborted:
			return nil, &text.MalformedError{Where: where, Reason: fmt.Sprintf("%q was aborted, and so has no place in the order", name)}
		}
		used[i], order[k] = true, i
	}
	if len(order) != len(all) {
		return nil, &text.MalformedError{Where: "order", Reason: fmt.Sprintf("it has %d transactions, and %d took effect", len(order), len(all))}
	}
	return order, nil
}

// History is the record as a history with versions, and the transactions that took effect, as indices, in the order of their commits: those of the history
// are in that order, and the aborted ones come last. The error is a [*text.MalformedError].
func (r *Record) History() (*history.History, []int, error) {
	order, err := r.order()
	if err != nil {
		return nil, nil, err
	}
	all, err := r.executed()
	if err != nil {
		return nil, nil, err
	}
	sequence := slices.Clone(order)
	for i := range all {
		if all[i].Aborted {
			sequence = append(sequence, i)
		}
	}
	h, err := History(r.Initial, all, sequence, false)
	var bad *AccessError
	if errors.As(err, &bad) {
		return nil, nil, &text.MalformedError{Where: fmt.Sprintf("transactions[%d].reads[%d].from", bad.Tx, bad.Access), Reason: bad.Reason}
	}
	return h, order, err
}

// executed is what the transactions did: first they read, then they wrote.
func (r *Record) executed() ([]Executed, error) {
	index := map[string]int{"": Initially}
	for i := range r.Transactions {
		index[r.Transactions[i].Name] = i
	}
	all := make([]Executed, len(r.Transactions))
	for i := range r.Transactions {
		t := &r.Transactions[i]
		e := &all[i]
		e.Name, e.Aborted = t.Name, t.Aborted
		for k, s := range t.Reads {
			a := Access{Key: s.Key, Value: s.Value, Writer: Unrecorded}
			if s.From != nil {
				writer, known := index[*s.From]
				if !known {
					return nil, &text.MalformedError{
						Where: fmt.Sprintf("transactions[%d].reads[%d].from", i, k), Reason: fmt.Sprintf("there is no transaction %q", *s.From),
					}
				}
				a.Writer = writer
			}
			e.Accesses = append(e.Accesses, a)
		}
		for k, w := range t.Writes {
			if e.lastWrite(w.Key) >= 0 {
				return nil, &text.MalformedError{
					Where: fmt.Sprintf("transactions[%d].writes[%d]", i, k), Reason: fmt.Sprintf("%s is written twice: only the last write of a key counts", w.Key),
				}
			}
			e.Accesses = append(e.Accesses, Access{Key: w.Key, Value: w.Value, Write: true})
		}
	}
	return all, nil
}
