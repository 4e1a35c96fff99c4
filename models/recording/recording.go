package recording

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"synchrony/models/history"
)

// Options say what a history's notation leaves open. The zero value has the defaults.
type Options struct {
	Format HistoryFormat // "" is AutoFormat
	// Pairs says what a value [a b] is that is read or written: "key", a key and its value, as jepsen.independent has
	// it; "value", one value; or "auto", which is "" too: a key and its value if all values of the first operations are.
	Pairs string
	// NilReads says what a read of nil tells: "absent", which is "" too, that nothing is there; or "unknown", nothing
	// at all, as in Knossos' models of registers.
	NilReads string
	// Words are operations that a model has beside those that all have, by their names, and Sets says that what is read
	// are sets, in no order.
	Words map[string]history.ActionKind
	Sets  bool
}

// The values of Options.Pairs and Options.NilReads.
const (
	PairsAuto  = "auto"
	PairsKey   = "key"
	PairsValue = "value"

	NilAbsent  = "absent"
	NilUnknown = "unknown"
)

// Wording is how actions are called in a history that has these words.
func (o Options) Wording() history.Wording {
	w := history.Wording{Names: map[history.ActionKind]string{}, Nameless: SingleKey}
	for name, kind := range o.Words {
		w.Names[kind] = name
	}
	return w
}

// Recording is a recorded history with what its file says of it.
type Recording struct {
	history.Calls
	File  string
	Lines []int // by call: the line of its invocation
	// Failed are operations that certainly had no effect.
	Failed      []history.Call
	FailedLines []int // by failed operation: the line of its invocation
	Clients     Clients
	Untold      int // reads of nil that tell nothing, and were left out
	Skipped     Skipped
	Notes       []string // what was found out or assumed of the notation, for a person
}

// ReadRecording reads a recorded history. An operation that never returned, or whose
// return says :info, is pending: it may take effect at any later time, or never. One
// that failed is none, and only kept apart. The error for a text that no recorder can
// have written, or that is not empty and has no record at all, is a [*text.Error], or in the text format
// a [*text.MalformedError]; it never means that a system is wrong. Memory is linear in the
// number of operations.
func ReadRecording(file string, in io.Reader, o Options) (*Recording, error) {
	r, err := begin(file, in, &o)
	if err != nil {
		return nil, err
	}
	if o.Format == TextFormat {
		return readText(file, r)
	}
	c := &callReader{recording: &Recording{File: file}, options: o}
	c.pairing = newPairing(c)
	if err := readRecords(file, r, o.Format, c.pairing, c.begin); err != nil {
		return nil, err
	}
	return c.finish()
}

// lookAhead is how many records are read before the first is understood.
const lookAhead = 1000

// readRecords hands the records of a text to a pairing, after begin has seen the first of them.
func readRecords(file string, in *bufio.Reader, format HistoryFormat, p *pairing, begin func(first []datum)) error {
	_, nothing := in.Peek(1)
	src, err := newSource(file, format, in, p.skipped.add)
	if err != nil {
		return err
	}
	src.setKeep(true)
	var first []datum
	for err == nil && len(first) < lookAhead {
		var d datum
		if d, err = src.next(); err == nil {
			first = append(first, d)
		}
	}
	begin(first)
	src.setKeep(false)
	for i := range first {
		if err := p.recordOf(file, &first[i]); err != nil {
			return err
		}
	}
	var d datum
	for err == nil {
		if d, err = src.next(); err == nil {
			if err := p.recordOf(file, &d); err != nil {
				return err
			}
		}
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	switch {
	case len(first) > 0 || errors.Is(nothing, io.EOF): // a recorder that had just begun
		return nil
	case p.skipped.Count == 0:
		return badRecord(file, 1, "there is no operation in this text: want maps with :process, :type (:invoke, :ok, :fail or :info), :f and :value")
	default:
		return badRecord(file, p.skipped.Line, fmt.Sprintf("there is no operation in this text: of %d lines, none has a process, a type (:invoke, :ok, :fail or :info) and an operation, and this is the first: %.80q",
			p.skipped.Count, p.skipped.First))
	}
}

// recordOf takes a record of a file.
func (p *pairing) recordOf(file string, d *datum) error {
	err := p.record(d)
	var other *passedError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &other):
		return other.error
	default:
		return badRecord(file, int(d.line), err.Error())
	}
}

func readText(file string, r *bufio.Reader) (*Recording, error) {
	src, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	h, err := history.ParseCalls(file, string(src))
	if err != nil {
		return nil, err
	}
	rec := &Recording{Calls: *h, File: file}
	line := 0
	for text := range strings.SplitSeq(string(src), "\n") {
		if line++; strings.HasPrefix(strings.TrimSpace(text), "call") {
			rec.Lines = append(rec.Lines, line)
		}
	}
	if len(src) > 0 && len(rec.Lines)+len(rec.Initial) == 0 {
		return nil, badRecord(file, 1, "there is no operation in this text: want lines that begin with call")
	}
	return rec, nil
}

// callReader makes calls of actions.
type callReader struct {
	*pairing
	recording *Recording
	options   Options
	pairs     bool // a value [a b] is a key and its value
	actions   [][]history.Action
	visitor   Visitor // nil if the calls are kept
}

// begin decides what pairs are.
func (c *callReader) begin(first []datum) {
	keys, found := c.pairsAreKeys(first)
	c.pairs = c.options.Pairs == PairsKey || c.options.Pairs != PairsValue && keys
	switch {
	case !found || c.options.Pairs != PairsAuto && c.options.Pairs != "":
	case keys:
		c.note("values [a b] are taken as a key and its value; --pairs value takes them as values")
	default:
		c.note("values [a b] are taken as values; --pairs key takes them as a key and its value")
	}
}

func (c *callReader) note(format string, args ...any) {
	c.recording.Notes = append(c.recording.Notes, fmt.Sprintf(format, args...))
}

func (c *callReader) initial(state *datum) error {
	entries, err := stateOf(state)
	if c.visitor != nil {
		c.visitor.Initial(entries)
		return err
	}
	c.recording.Initial = append(c.recording.Initial, entries...)
	return err
}

func (c *callReader) invoke(call int, d *datum) error {
	actions, err := c.actionsOf(d)
	if err != nil {
		return err
	}
	if call < len(c.actions) {
		c.actions[call] = actions
	} else {
		c.actions = append(c.actions, actions)
	}
	return c.tellInvoked(call)
}

func (c *callReader) end(call int, how ending, d *datum) error {
	if how == endedOK {
		if err := c.returned(call, d); err != nil {
			return err
		}
	}
	return c.tellEnded(call, how)
}

// returned notes the results of a call.
func (c *callReader) returned(call int, d *datum) error {
	invoked := c.actions[call]
	if err := c.untold(invoked, d); err != nil || c.whole {
		return err
	}
	if value, f := d.get("value"), d.get("f"); value.kind == nilDatum && !slices.ContainsFunc(invoked, func(a history.Action) bool { return answers(a.Kind) }) && (f.kind == nilDatum || f.word() != "txn") {
		return c.refused(call, d) // nothing is told but that it is done
	}
	returned, err := c.actionsOf(d)
	if err != nil {
		return err
	}
	if !completes(invoked, returned) {
		s := &c.calls[call]
		return fmt.Errorf("process %d returns from %v, and what it invoked on line %d is %v", s.process, c.describe(returned), s.line, c.describe(invoked))
	}
	c.actions[call] = returned
	return nil
}

func (c *callReader) completes(call int, d *datum) bool {
	returned, err := c.actionsOf(d)
	return err == nil && completes(c.actions[call], returned)
}

// refused notes a result that comes without a value.
func (c *callReader) refused(call int, d *datum) error {
	actions := c.actions[call]
	if f := d.get("f").word(); f != "" {
		if kind, err := c.kind(f); err != nil || len(actions) != 1 || kind != actions[0].Kind {
			return fmt.Errorf("process %d returns from a %s, and what it invoked is %v", c.calls[call].process, f, c.describe(actions))
		}
	}
	if result := d.get("result"); result.kind == boolDatum {
		actions[0].OK = result.number != 0
	}
	return nil
}

// answers reports whether the value of a return has something that its invocation has
// not.
func answers(k history.ActionKind) bool {
	return k == history.ReadKey || k == history.HasKey || k == history.TakeAll || k >= history.TakeFirst && k <= history.TakeLeast || k == history.LockFenced
}

// untold refuses a return that leaves out what was read: it would mean that there was nothing.
func (c *callReader) untold(invoked []history.Action, d *datum) error {
	ops, many, _ := transactionOf(d) // a return that is none is refused when it is read
	if !many {
		if len(invoked) == 1 {
			return c.untoldBy(d, invoked[0].Kind)
		}
		return nil
	}
	for op := range ops.all() {
		if op.kind == listDatum {
			kind, _, _, told, err := microParts(&op)
			if err == nil && kind == history.ReadKey && !told && c.options.NilReads != NilUnknown {
				return errors.New("a read that has returned has no value: want what was read, or null (nil) if there was nothing")
			}
			continue // what is none is refused when it is read
		}
		if err := c.untoldBy(&op, history.WriteKey); err != nil {
			return err
		}
	}
	return nil
}

// untoldBy is untold of one operation, of that kind unless it says another.
func (c *callReader) untoldBy(op *datum, kind history.ActionKind) error {
	if !op.isMap() {
		return nil
	}
	if f := op.get("f").word(); f != "" {
		said, err := c.kind(f)
		if err != nil {
			return nil // refused elsewhere
		}
		kind = said
	}
	if !answers(kind) {
		return nil
	}
	value, there := op.lookup("value")
	if result, told := op.lookup("result"); told {
		value, there = result, told
	}
	if kind == history.HasKey && c.pairs && value.isPair() {
		_, value = value.pair()
	}
	switch {
	case kind == history.HasKey && value.kind == nilDatum:
		return errors.New("it has returned, and does not say whether the key was there: want the value true or false")
	case !there && c.options.NilReads != NilUnknown:
		return errors.New("it has returned, and has no value: want what it returned, or null (nil) if there was nothing")
	}
	return nil
}

// finish takes out what failed and what tells nothing, and puts whole calls, which are recorded when they
// return, in the order of their invocations.
func (c *callReader) finish() (*Recording, error) {
	h := c.recording
	h.Skipped, h.Clients, h.Untimed, h.Calls.Wording = c.skipped, c.clients, !c.whole, c.options.Wording()
	c.settleNames()
	order, err := c.order(h.File)
	if err != nil {
		return nil, err
	}
	for _, i := range order {
		s := &c.calls[i]
		call := history.Call{Process: s.process, Invoked: s.invoked, Returned: s.returned, Actions: c.actions[i]}
		if s.ended != endedFail && s.returned != history.Forever {
			call.Actions = c.told(call.Actions)
		}
		switch {
		case len(call.Actions) == 0: // an empty transaction says nothing
		case s.ended == endedFail:
			h.Failed, h.FailedLines = append(h.Failed, call), append(h.FailedLines, int(s.line))
		default:
			h.Calls.Calls, h.Lines = append(h.Calls.Calls, call), append(h.Lines, int(s.line))
		}
	}
	return h, h.Calls.Validate()
}

// told leaves out the reads that tell nothing.
func (c *callReader) told(actions []history.Action) []history.Action {
	if c.options.NilReads != NilUnknown {
		return actions
	}
	before := len(actions)
	actions = slices.DeleteFunc(actions, func(a history.Action) bool {
		return a.Kind == history.ReadKey && a.Value.Kind == history.Absent
	})
	c.recording.Untold += before - len(actions)
	return actions
}

// order is the calls in the order of their invocations; those of one process one after another, also where the times
// touch.
func (p *pairing) order(file string) ([]int, error) {
	order := make([]int, len(p.calls))
	for i := range order {
		order[i] = i
	}
	if !p.whole {
		return order, nil
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(p.calls[i].invoked, p.calls[j].invoked), cmp.Compare(p.calls[i].returned, p.calls[j].returned))
	})
	last := map[int32]int{} // by process: its call before
	for _, i := range order {
		s := &p.calls[i]
		if j, ok := last[s.process]; ok && p.calls[j].returned > s.invoked {
			return nil, badRecord(file, int(s.line), fmt.Sprintf("process %d is invoked before its call of line %d has returned: one process makes one call at a time", s.process, p.calls[j].line))
		}
		last[s.process] = i
	}
	return order, nil
}
