package recording

import (
	"errors"
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
	t := &txReader{to: &Transactions{Summary: Summary{File: file}}, others: map[history.Value]int32{}, keys: map[string]int32{}}
	t.to.Lists = lists
	t.to.Values = []history.Value{{}}
	t.pairing = newPairing(t)
	if err := readRecords(file, r, o.Format, t.pairing, func([]datum) {}); err != nil {
		return nil, err
	}
	return t.finish()
}

// txReader makes transactions of records.
type txReader struct {
	*pairing
	to         *Transactions
	numbers    numbering // by whole number: its number as a value
	others     map[history.Value]int32
	keys       map[string]int32
	keyNumbers numbering
	first      []int32   // by transaction: where its operations begin, which end where those of the next begin
	longest    []part    // by key: the longest list that was read of it
	scratch    []microOp // of the record at hand
	elements   []int32   // of the lists in these
}

// microOp is an operation as it was invoked or has returned. The list that it read is a part of the elements at hand.
type microOp struct {
	history.Op
	list   part
	untold bool // a read without a value
}

// part is the numbers of a list from one on, with room for more behind them.
type part struct{ from, count, room int32 }

func (t *txReader) initial(*datum) error {
	return fmt.Errorf("transactions are judged by the values that they write, and begin with no keys")
}

func (t *txReader) invoke(_ int, d *datum) error {
	if err := t.micro(d); err != nil {
		return err
	}
	from := len(t.to.Ops)
	t.first = appended(t.first, int32(from))
	for range t.scratch {
		t.to.Ops = appended(t.to.Ops, history.Op{})
	}
	t.store(t.to.Ops[from:])
	return nil
}

func (t *txReader) end(call int, how ending, d *datum) error {
	if how != endedOK {
		return nil
	}
	if result := d.get("result"); result.kind == listDatum { // of what was invoked as the value
		if err := t.microsOf(&result); err != nil {
			return err
		}
	} else if !t.whole { // else they are at hand
		if err := t.micro(d); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(t.scratch, func(m microOp) bool { return m.untold }) {
		return errors.New("a read that has returned has no value: want what was read, or null (nil) if there was nothing")
	}
	if !t.same(call) {
		s := &t.calls[call]
		return fmt.Errorf("process %d returns from another transaction than it invoked on line %d: the operations differ in name, key or the value written", s.process, s.line)
	}
	t.store(t.ops(call))
	return nil
}

// ops are the operations of a transaction.
func (t *txReader) ops(call int) []history.Op {
	if call+1 < len(t.first) {
		return t.to.Ops[t.first[call]:t.first[call+1]]
	}
	return t.to.Ops[t.first[call]:]
}

// same reports whether the operations at hand are those that a transaction was invoked to do.
func (t *txReader) same(call int) bool {
	return slices.EqualFunc(t.ops(call), t.scratch, func(x history.Op, y microOp) bool {
		return x.Key == y.Key && x.Write == y.Write && (!x.Write || x.Value == y.Value)
	})
}

func (t *txReader) completes(call int, d *datum) bool { return t.micro(d) == nil && t.same(call) }

// store keeps the operations at hand.
func (t *txReader) store(ops []history.Op) {
	for i, m := range t.scratch {
		if !m.Write && t.to.Lists {
			m.Value, m.Count = t.keepList(m.Key, t.elements[m.list.from:m.list.from+m.list.count]), m.list.count
		}
		ops[i] = m.Op
	}
}

// keepList keeps a list that was read of a key, and returns where. One that the longest list of the key begins with is a
// part of that, and one that begins with the longest goes on where that ends.
func (t *txReader) keepList(key int32, list []int32) int32 {
	if int(key) >= len(t.longest) {
		t.longest = append(t.longest, make([]part, len(t.to.Keys)-len(t.longest))...)
	}
	n := int32(len(list))
	l := &t.longest[key]
	known := t.to.Elements[l.from : l.from+l.count]
	if common := min(l.count, n); slices.Equal(known[:common], list[:common]) && n <= l.room {
		copy(t.to.Elements[l.from+common:], list[common:])
		l.count = max(l.count, n)
		return l.from
	}
	from, grows := int32(len(t.to.Elements)), int32(0)
	t.to.Elements = append(t.to.Elements, list...)
	if n > l.count {
		grows = n
		*l = part{from, n, n + grows}
	}
	t.to.Elements = append(t.to.Elements, make([]int32, grows)...)
	return from
}

// micro reads the operations of a record, which are at hand then.
func (t *txReader) micro(d *datum) error {
	ops, ok, err := transactionOf(d)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%v is no transaction: want :f :txn and a list of operations as its value", *d)
	}
	return t.microsOf(&ops)
}

// microsOf reads operations, which are at hand then.
func (t *txReader) microsOf(ops *datum) error {
	t.scratch, t.elements = t.scratch[:0], t.elements[:0]
	for op := range ops.all() {
		m, err := t.microOf(&op)
		if err != nil {
			return err
		}
		t.scratch = append(t.scratch, m)
	}
	return nil
}

func (t *txReader) microOf(op *datum) (m microOp, err error) {
	var kind history.ActionKind
	var key, value datum
	told := false
	if op.isMap() {
		f := op.get("f")
		if kind, err = kindOf(&f); err != nil {
			return m, err
		}
		key = op.get("key")
		value, told = op.lookup("value")
	} else if kind, key, value, told, err = microParts(op); err != nil {
		return m, err
	}
	m.untold = kind == history.ReadKey && !told
	write := history.WriteKey
	if t.to.Lists {
		write = history.AppendTo
	}
	if kind != history.ReadKey && kind != write {
		return m, fmt.Errorf("the model %s has no %v: it is transactions of r and %v", map[bool]string{true: "list-append", false: "rw-register"}[t.to.Lists], kind, write)
	}
	if m.Key, err = t.key(&key); err != nil {
		return m, err
	}
	m.Write = kind == write
	if m.Write && value.kind == nilDatum {
		return m, fmt.Errorf("nil is written: a read could not tell it from no value")
	}
	if m.Write || !t.to.Lists {
		m.Value, err = t.value(&value)
		return m, err
	}
	if value.kind != listDatum && value.kind != nilDatum {
		return m, fmt.Errorf("%v was read of a list: want a list, or nil", value)
	}
	m.list.from = int32(len(t.elements))
	for x := range value.all() {
		e, err := t.value(&x)
		if err != nil {
			return m, err
		}
		t.elements = append(t.elements, e)
	}
	m.list.count = int32(len(t.elements)) - m.list.from
	return m, nil
}

func (t *txReader) key(d *datum) (int32, error) {
	if d.kind == integerDatum {
		if k, ok := t.keyNumbers.get(d.number); ok {
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
			t.keyNumbers.put(d.number, k)
		}
	}
	return k, nil
}

// value numbers a value; nil is number 0.
func (t *txReader) value(d *datum) (int32, error) {
	if d.kind == integerDatum {
		n, ok := t.numbers.get(d.number)
		if !ok {
			n = int32(len(t.to.Values))
			t.numbers.put(d.number, n)
			t.to.Values = appended(t.to.Values, history.NumberOf(d.number))
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
		t.to.Values = appended(t.to.Values, v)
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
		s := &t.calls[i]
		n := int32(len(t.ops(i)))
		if n == 0 {
			continue
		}
		x := history.Transaction{Process: s.process, Line: s.line, First: t.first[i], End: t.first[i] + n, Invoked: s.invoked}
		x.Outcome, x.Returned = s.outcome()
		h.count(x.Outcome)
		h.List = append(h.List, x)
	}
	return h, nil
}
