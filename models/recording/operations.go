package recording

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"

	"synchrony/models/history"
)

// Operations is a recorded history of operations, whatever they mean, with what its file says of it.
type Operations struct {
	Summary
	List []history.Operation // in the order of their invocations, those that failed, too
}

// ReadOperations reads a recorded history whose values may be anything. The errors are those of [ReadRecording].
func ReadOperations(file string, in io.Reader, o Options) (*Operations, error) {
	t := newTreeReader()
	err := t.read(file, in, o)
	if errors.Is(err, ErrWholeCalls) {
		return nil, badRecord(file, 1, "the text form has calls, and not operations of this model: want edn, jsonl or log")
	}
	if err != nil {
		return nil, err
	}
	return t.finish(file)
}

// VisitOperations reads a recorded history, as [ReadOperations] does, but keeps nothing of it: take is told of each operation once its outcome
// is known, and in the end of those of which nothing says what came of them. The summary is of all.
// Memory is that of the operations that are under way, and some words for each of which the outcome is not known.
//
// The errors are those of [ReadRecording], those of take, which end the reading, and [ErrWholeCalls].
func VisitOperations(file string, in io.Reader, o Options, take func(*history.Operation) error) (Summary, error) {
	t := newTreeReader()
	t.take, t.forget = take, true
	err := t.read(file, in, o)
	if err == nil {
		err = t.tellOpen()
	}
	t.summary.File, t.summary.Skipped, t.summary.Clients = file, t.skipped, t.clients
	return t.summary, err
}

// treeReader makes operations of records.
type treeReader struct {
	*pairing
	list    []*history.Operation           // by call; nil if it was told
	take    func(*history.Operation) error // is told of each; nil if all are kept
	summary Summary                        // of those that it was told of
}

func newTreeReader() *treeReader {
	t := &treeReader{}
	t.pairing = newPairing(t)
	return t
}

// read reads all records. The error is ErrWholeCalls if the text has calls by its form.
func (t *treeReader) read(file string, in io.Reader, o Options) error {
	r, err := begin(file, in, &o)
	if err != nil {
		return err
	}
	if o.Format == TextFormat {
		return ErrWholeCalls
	}
	return readRecords(file, r, o.Format, t.pairing, func([]datum) {})
}

func (t *treeReader) initial(*datum) error {
	return fmt.Errorf("this model begins with nothing: there is no initial state to give")
}

func (t *treeReader) invoke(call int, d *datum) error {
	f := d.get("f")
	if f.word() == "" {
		return fmt.Errorf("an operation has a name, as :f, and not %v", f)
	}
	if key, ok := d.lookup("key"); ok && key.kind != nilDatum {
		return fmt.Errorf("an operation of this model is on all there is, and not on the key %v: judge the history of each key by itself", key)
	}
	value := d.get("value")
	x := &history.Operation{Name: f.word(), Argument: value.tree()}
	if call < len(t.list) {
		t.list[call] = x
	} else {
		t.list = appended(t.list, x)
	}
	return nil
}

func (t *treeReader) end(call int, how ending, d *datum) error {
	x := t.list[call]
	f := d.get("f")
	if f.kind != nilDatum && f.word() != x.Name {
		return fmt.Errorf("process %d returns from %v, and what it invoked on line %d is :%s", t.calls[call].process, f, t.calls[call].line, x.Name)
	}
	if how == endedOK {
		_, valued := d.lookup("value")
		if _, told := d.lookup("result"); !valued && !told && slices.Contains(answering, x.Name) {
			return fmt.Errorf("a %s has returned, and has no value: want what it returned, or null (nil) if there was nothing", x.Name)
		}
		if value := returned(d); value.kind != nilDatum {
			x.Result = value.tree()
		}
	}
	return passed(t.tell(call))
}

// tell tells of an operation whose outcome is known, or will never be, and forgets it.
func (t *treeReader) tell(call int) error {
	if t.take == nil {
		return nil
	}
	x := t.operation(call)
	t.list[call] = nil
	t.summary.count(x.Outcome)
	return t.take(x)
}

// tellOpen tells of the operations of which no record says what came of them.
func (t *treeReader) tellOpen() error {
	for call := range t.list {
		if t.calls[call].ended == notEnded {
			if err := t.tell(call); err != nil {
				return err
			}
		}
	}
	return nil
}

// operation is that of a call, as far as it is known.
func (t *treeReader) operation(call int) *history.Operation {
	x, s := t.list[call], &t.calls[call]
	x.Process, x.Line, x.Invoked = s.process, int(s.line), s.invoked
	x.Outcome, x.Returned = s.outcome()
	return x
}

func (t *treeReader) completes(call int, d *datum) bool {
	x := t.list[call]
	value := returned(d)
	if d.get("f").word() != x.Name {
		return false
	}
	result := value.tree()
	filled := x.Argument.Kind == history.Sequence && result.Kind == history.Sequence && len(x.Argument.Items) == len(result.Items)
	return x.Argument.IsNil() || filled || x.Argument.Text() == result.Text()
}

// answering are the operations whose values are what they return.
var answering = []string{"read", "r", "dequeue", "drain", "generate", "poll"}

// returned is what a return has as its value, or as its result.
func returned(d *datum) datum {
	if value := d.get("value"); value.kind != nilDatum {
		return value
	}
	return d.get("result")
}

func (t *treeReader) finish(file string) (*Operations, error) {
	order, err := t.order(file)
	if err != nil {
		return nil, err
	}
	h := &Operations{Summary: Summary{File: file, Skipped: t.skipped, Clients: t.clients, Timed: t.whole}, List: make([]history.Operation, 0, len(order))}
	for _, i := range order {
		x := t.operation(i)
		h.count(x.Outcome)
		h.List = append(h.List, *x)
	}
	return h, nil
}

// tree is a datum as a tree.
func (d *datum) tree() history.Tree {
	switch d.kind {
	case listDatum, setDatum, mapDatum, objectDatum:
		t := history.Tree{Kind: history.Sequence, Items: []history.Tree{}}
		for x := range d.all() {
			t.Items = append(t.Items, x.tree())
		}
		switch {
		case d.isMap():
			t.Kind = history.Mapping
			sortItems(t.Items, 2)
		case d.kind == setDatum:
			sortItems(t.Items, 1)
		}
		return t
	default:
		v, _ := d.value() // an atom is a value
		return history.Tree{Value: v}
	}
}

// sortItems sorts the items of a set, or of a map by its keys, each with so many behind it that are of one entry: they have no order, and so equal ones are
// the same.
func sortItems(items []history.Tree, each int) {
	compare := func(x, y *history.Tree) int {
		if x.Kind == history.Leaf && y.Kind == history.Leaf && x.Value.Kind == history.Number && y.Value.Kind == history.Number {
			return cmp.Compare(x.Value.Number, y.Value.Number)
		}
		return cmp.Compare(x.Text(), y.Text())
	}
	sorted := true
	for i := each; i < len(items) && sorted; i += each {
		sorted = compare(&items[i-each], &items[i]) <= 0
	}
	if sorted {
		return
	}
	entries := slices.Collect(slices.Chunk(slices.Clone(items), each))
	slices.SortStableFunc(entries, func(x, y []history.Tree) int { return compare(&x[0], &y[0]) })
	copy(items, slices.Concat(entries...))
}
