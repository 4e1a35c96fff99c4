package block

import (
	"fmt"

	"synchrony/models/history"
	"synchrony/models/text"
)

// Record is a block that was executed somewhere, by what it did: of each transaction that took effect what it read and wrote. A transaction
// that failed is left out, or is Aborted.
type Record struct {
	Initial      map[string]int64 `json:"initial"`
	Transactions []Effect         `json:"transactions"`
	// Order names the transactions that took effect in the order in which they did; none is that of Transactions, if Free is not set.
	Order []string `json:"order,omitempty"`
	// Free says that any order will do in which the transactions could have been executed one after another.
	Free  bool             `json:"free,omitempty"`
	Final map[string]int64 `json:"final"`
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

// keys numbers the keys of the record, in the order of their first appearance.
type keys struct {
	names []string
	index map[string]int32
}

func (k *keys) of(name string) int32 {
	i, known := k.index[name]
	if !known {
		i = int32(len(k.names))
		k.index[name] = i
		k.names = append(k.names, name)
	}
	return i
}

// History is the record as a history with versions: those of a key are in the order in which its writers committed. A read of which it was not recorded
// what it was from is of the last version before the transaction that has the value it read; of the first after it if there is none; and of the version before it
// if no version has. The error is a [*text.MalformedError].
func (r *Record) History() (*history.History, []int, error) {
	order, err := r.order()
	if err != nil {
		return nil, nil, err
	}
	b := &builder{record: r, keys: keys{index: map[string]int32{}}, versions: map[int32][]version{}, written: map[[2]int32]int32{}, names: map[string]int32{}}
	if err := b.place(order); err != nil {
		return nil, nil, err
	}
	for _, e := range b.effects {
		if err := b.add(e); err != nil {
			return nil, nil, err
		}
	}
	b.h.Keys = b.keys.names
	b.h.Initial = make([]int64, len(b.keys.names))
	for k, name := range b.keys.names {
		b.h.Initial[k] = r.Initial[name]
	}
	return &b.h, order, nil
}

// version is a write of a key: its access, who wrote it, and what.
type version struct {
	access, tx int32
	value      int64
}

// builder makes the history.
type builder struct {
	record   *Record
	h        history.History
	keys     keys
	effects  []int               // indices of transactions: in commit order, then the aborted ones
	versions map[int32][]version // of each key, in commit order
	written  map[[2]int32]int32  // access of the write by key and transaction
	names    map[string]int32    // transactions of the history, by name
}

// place gives each write its access, before any read is looked at: reads may be of later versions.
func (b *builder) place(order []int) error {
	b.effects = order
	for i := range b.record.Transactions {
		if b.record.Transactions[i].Aborted {
			b.effects = append(b.effects[:len(b.effects):len(b.effects)], i)
		}
	}
	access := int32(0)
	for tx, i := range b.effects {
		t := &b.record.Transactions[i]
		b.names[t.Name] = int32(tx)
		access += int32(len(t.Reads))
		for k, w := range t.Writes {
			key := b.keys.of(w.Key)
			if _, twice := b.written[[2]int32{key, int32(tx)}]; twice {
				return &text.MalformedError{Where: fmt.Sprintf("transactions[%d].writes[%d]", i, k), Reason: fmt.Sprintf("%s is written twice: only the last write of a key counts", w.Key)}
			}
			b.written[[2]int32{key, int32(tx)}] = access
			if !t.Aborted {
				b.versions[key] = append(b.versions[key], version{access, int32(tx), w.Value})
			}
			access++
		}
	}
	return nil
}

// add adds a transaction's accesses.
func (b *builder) add(i int) error {
	t := &b.record.Transactions[i]
	outcome := history.Committed
	if t.Aborted {
		outcome = history.Aborted
	}
	tx := b.h.Begin(t.Name, outcome, 0, 0)
	for k, s := range t.Reads {
		key := b.keys.of(s.Key)
		from, err := b.from(fmt.Sprintf("transactions[%d].reads[%d]", i, k), tx, key, s)
		if err != nil {
			return err
		}
		b.h.Add(history.ReadOf(key, from, s.Value))
	}
	for _, w := range t.Writes {
		key := b.keys.of(w.Key)
		b.h.Add(history.WriteOf(key, b.before(tx, key), w.Value))
	}
	return nil
}

// before is the version of a key before a transaction's own, in commit order.
func (b *builder) before(tx, key int32) int32 {
	last := history.InitialVersion
	for _, v := range b.versions[key] {
		if v.tx >= tx {
			break
		}
		last = v.access
	}
	return last
}

// from is the version that a read saw.
func (b *builder) from(where string, tx, key int32, s Seen) (int32, error) {
	if s.From != nil {
		if *s.From == "" {
			return history.InitialVersion, nil
		}
		writer, known := b.names[*s.From]
		access, wrote := b.written[[2]int32{key, writer}]
		if !known || !wrote || writer == tx {
			return 0, &text.MalformedError{Where: where + ".from", Reason: fmt.Sprintf("no other transaction %q writes %s", *s.From, s.Key)}
		}
		return access, nil
	}
	before, after := history.InitialVersion, history.InitialVersion
	found := b.record.Initial[s.Key] == s.Value
	for _, v := range b.versions[key] {
		switch {
		case v.value != s.Value || v.tx == tx:
		case v.tx < tx:
			before, found = v.access, true
		case after == history.InitialVersion:
			after = v.access
		}
	}
	switch {
	case found:
		return before, nil
	case after != history.InitialVersion:
		return after, nil
	}
	return b.before(tx, key), nil
}
