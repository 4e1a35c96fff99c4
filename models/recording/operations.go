package recording

import (
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
	r, err := begin(file, in, &o)
	if err != nil {
		return nil, err
	}
	if o.Format == TextFormat {
		return nil, badRecord(file, 1, "the text form has calls, and not operations of this model: want edn, jsonl or log")
	}
	t := &treeReader{}
	t.pairing = newPairing(t)
	if err := readRecords(file, r, o.Format, t.pairing, func([]datum) {}); err != nil {
		return nil, err
	}
	return t.finish(file)
}

// treeReader makes operations of records.
type treeReader struct {
	*pairing
	list []history.Operation
}

func (t *treeReader) initial(*datum) error {
	return fmt.Errorf("this model begins with nothing: there is no initial state to give")
}

func (t *treeReader) invoke(_ int, d *datum) error {
	f := d.get("f")
	if f.word() == "" {
		return fmt.Errorf("an operation has a name, as :f, and not %v", f)
	}
	value := d.get("value")
	t.list = append(t.list, history.Operation{Name: f.word(), Argument: value.tree()})
	return nil
}

func (t *treeReader) end(call int, how ending, d *datum) error {
	x := &t.list[call]
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
	return nil
}

func (t *treeReader) completes(call int, d *datum) bool {
	x := &t.list[call]
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
		x, s := t.list[i], &t.calls[i]
		x.Process, x.Line, x.Invoked = s.process, int(s.line), s.invoked
		x.Outcome, x.Returned = s.outcome()
		h.count(x.Outcome)
		h.List = append(h.List, x)
	}
	return h, nil
}

// tree is a datum as a tree.
func (d *datum) tree() history.Tree {
	switch d.kind {
	case listDatum, setDatum, mapDatum, objectDatum:
		t := history.Tree{Kind: history.Sequence, Items: []history.Tree{}}
		if d.isMap() {
			t.Kind = history.Mapping
		}
		for x := range d.all() {
			t.Items = append(t.Items, x.tree())
		}
		return t
	default:
		v, _ := d.value() // an atom is a value
		return history.Tree{Value: v}
	}
}
