package recording

import (
	"fmt"
	"io"
	"slices"

	"synchrony/models/history"
)

// Transactions is a recorded history of transactions with what its file says of it.
type Transactions struct {
	Summary
	history.Transactions
}

// ReadTransactions reads a recorded history of transactions on lists or on registers, in a compact form: memory is
// that of the numbers, not of the text. The errors are those of [ReadRecording].
func ReadTransactions(file string, in io.Reader, lists bool, o Options) (*Transactions, error) {
	r, err := begin(file, in, &o)
	if err != nil {
		return nil, err
	}
	if o.Format == TextFormat {
		return nil, badRecord(file, 1, "the text form has calls, and not transactions of Elle: want edn, jsonl or log")
	}
	t := &txReader{to: &Transactions{Summary: Summary{File: file}}, numbers: map[int64]int32{}, others: map[history.Value]int32{}, keys: map[string]int32{}, keyNumbers: map[int64]int32{}, open: map[int][]microOp{}}
	t.to.Lists = lists
	t.to.Values = []history.Value{{}}
	t.pairing = newPairing(t)
	t.options = o
	if err := readRecords(file, r, o.Format, t.pairing, func([]datum) {}); err != nil {
		return nil, err
	}
	return t.finish()
}

// txReader makes transactions of records.
type txReader struct {
	*pairing
	options    Options
	to         *Transactions
	numbers    map[int64]int32 // by whole number: its number as a value
	others     map[history.Value]int32
	keys       map[string]int32
	keyNumbers map[int64]int32
	spans      [][2]int32        // by transaction: its operations
	open       map[int][]microOp // by transaction that has not returned: its operations
	scratch    []microOp
}

// microOp is an operation as it was invoked or has returned. The list read is in elements.
type microOp struct {
	history.Op
	elements []int32
}

func (t *txReader) initial(*datum) error {
	return fmt.Errorf("transactions are judged by the values that they write, and begin with no keys")
}

func (t *txReader) invoke(call int, d *datum) error {
	ops, err := t.micro(d)
	t.spans = append(t.spans, [2]int32{})
	t.open[call] = slices.Clone(ops)
	return err
}

func (t *txReader) end(call int, kind string, d *datum) error {
	invoked := t.open[call]
	if kind == "ok" && !t.whole {
		returned, err := t.micro(d)
		if err != nil {
			return err
		}
		if !t.same(invoked, returned) {
			s := &t.calls[call]
			return fmt.Errorf("process %d returns from another transaction than it invoked on line %d: the operations differ in name, key or the value written", s.process, s.line)
		}
		invoked = returned
	}
	if kind != "info" { // which may yet be read
		t.store(call, invoked)
		delete(t.open, call)
	}
	return nil
}

func (t *txReader) same(invoked, returned []microOp) bool {
	return slices.EqualFunc(invoked, returned, func(x, y microOp) bool {
		return x.Key == y.Key && x.Write == y.Write && (!x.Write || x.Value == y.Value)
	})
}

func (t *txReader) completes(call int, d *datum) bool {
	ops, err := t.micro(d)
	return err == nil && t.same(t.open[call], ops)
}

// store keeps the operations of a transaction.
func (t *txReader) store(call int, ops []microOp) {
	first := int32(len(t.to.Ops))
	for _, m := range ops {
		if !m.Write && t.to.Lists {
			m.Value, m.Count = int32(len(t.to.Elements)), int32(len(m.elements))
			t.to.Elements = append(t.to.Elements, m.elements...)
		}
		t.to.Ops = append(t.to.Ops, m.Op)
	}
	t.spans[call] = [2]int32{first, int32(len(t.to.Ops))}
}

// micro reads the operations of a record, which are good until the next call.
func (t *txReader) micro(d *datum) ([]microOp, error) {
	ops, ok, err := transactionOf(d)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("%v is no transaction: want :f :txn and a list of operations as its value", d)
	}
	t.scratch = t.scratch[:0]
	for i := range ops {
		m, err := t.microOf(&ops[i])
		if err != nil {
			return nil, err
		}
		t.scratch = append(t.scratch, m)
	}
	return t.scratch, nil
}

func (t *txReader) microOf(op *datum) (m microOp, err error) {
	var kind history.ActionKind
	var key, value *datum
	if op.isMap() {
		if kind, err = operationKind(op.get("f").word()); err != nil {
			return m, err
		}
		k, v := op.get("key"), op.get("value")
		key, value = &k, &v
	} else if kind, key, value, err = microParts(op); err != nil {
		return m, err
	}
	write := history.WriteKey
	if t.to.Lists {
		write = history.AppendTo
	}
	if kind != history.ReadKey && kind != write {
		return m, fmt.Errorf("the model %s has no %v: it is transactions of r and %v", map[bool]string{true: "list-append", false: "rw-register"}[t.to.Lists], kind, write)
	}
	if m.Key, err = t.key(key); err != nil {
		return m, err
	}
	m.Write = kind == write
	if m.Write && value.kind == nilDatum {
		return m, fmt.Errorf("nil is written: a read could not tell it from no value")
	}
	if m.Write || !t.to.Lists {
		m.Value, err = t.value(value)
		return m, err
	}
	if value.kind != listDatum && value.kind != nilDatum {
		return m, fmt.Errorf("%v was read of a list: want a list, or nil", value)
	}
	m.elements = make([]int32, len(value.items))
	for i := range value.items {
		if m.elements[i], err = t.value(&value.items[i]); err != nil {
			return m, err
		}
	}
	return m, nil
}

func (t *txReader) key(d *datum) (int32, error) {
	if d.kind == integerDatum {
		if k, ok := t.keyNumbers[d.number]; ok {
			return k, nil
		}
	}
	name, err := d.name()
	if err != nil {
		return 0, err
	}
	k, ok := t.keys[name]
	if !ok {
		k = int32(len(t.to.Keys))
		t.keys[name] = k
		t.to.Keys = append(t.to.Keys, name)
		if d.kind == integerDatum {
			t.keyNumbers[d.number] = k
		}
	}
	return k, nil
}

// value numbers a value; nil is number 0.
func (t *txReader) value(d *datum) (int32, error) {
	if d.kind == integerDatum {
		n, ok := t.numbers[d.number]
		if !ok {
			n = int32(len(t.to.Values))
			t.numbers[d.number] = n
			t.to.Values = append(t.to.Values, history.NumberOf(d.number))
		}
		return n, nil
	}
	if d.kind == nilDatum {
		return 0, nil
	}
	v, err := d.value()
	if err != nil {
		return 0, err
	}
	n, ok := t.others[v]
	if !ok {
		n = int32(len(t.to.Values))
		t.others[v] = n
		t.to.Values = append(t.to.Values, v)
	}
	return n, nil
}

// finish puts the transactions in the order of their invocations. Those without operations say nothing.
func (t *txReader) finish() (*Transactions, error) {
	order, err := t.order(t.to.File)
	if err != nil {
		return nil, err
	}
	h := t.to
	h.Skipped, h.Clients, h.Timed = t.skipped, t.clients, t.whole
	h.List = make([]history.Transaction, 0, len(order))
	for _, i := range order {
		if ops, ok := t.open[i]; ok {
			t.store(i, ops)
		}
		s := &t.calls[i]
		if t.spans[i][0] == t.spans[i][1] {
			continue
		}
		x := history.Transaction{Process: s.process, Line: int32(s.line), First: t.spans[i][0], End: t.spans[i][1], Invoked: s.invoked}
		x.Outcome, x.Returned = s.outcome()
		h.count(x.Outcome)
		h.List = append(h.List, x)
	}
	return h, nil
}
