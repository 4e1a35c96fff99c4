package command

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/models/history"
	"synchrony/models/recording"
)

// wholeBytes is how large the text of a history may be, unpacked, that is kept and judged as a whole. A larger one of independent objects, or of a
// workload, is judged while it is read.
const wholeBytes = 16 << 20

// beginning is the beginning of a text, and what comes after it.
type beginning struct {
	head []byte
	rest io.Reader // nil if there is none
	read bool      // something of it was read
}

// begun takes the beginning of a text. What is wrong with it, its reader will find.
func begun(content io.Reader, size int64) *beginning {
	head, err := io.ReadAll(io.LimitReader(content, size+1))
	switch {
	case err != nil:
		return &beginning{head: head, rest: failing{err}}
	case int64(len(head)) <= size:
		return &beginning{head: head}
	}
	return &beginning{head: head, rest: content}
}

// failing cannot be read.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// Read reads what comes after the beginning.
func (b *beginning) Read(to []byte) (int, error) {
	b.read = true
	return b.rest.Read(to)
}

// all is all of the text, as often as no more than its beginning was read.
func (b *beginning) all() io.Reader {
	if b.rest == nil {
		return bytes.NewReader(b.head)
	}
	return io.MultiReader(bytes.NewReader(b.head), b)
}

// whileRead has the content of a history judged while it is read, if it is large. The rest, unless it is nil, is what is to be judged as a whole.
func (o *checkOptions) whileRead(content io.Reader, judge func(io.Reader) (*checkReport, error)) (r *checkReport, rest io.Reader, err error) {
	text := begun(content, wholeBytes)
	if text.rest == nil {
		return nil, text.all(), nil
	}
	r, err = judge(text.all())
	switch {
	case !errors.Is(err, recording.ErrWholeCalls):
		return r, nil, err
	case !text.read:
		return nil, text.all(), nil
	case o.again == nil:
		return nil, nil, fmt.Errorf("%w, and so many bytes cannot be read again from a pipe: give a file", err)
	}
	rest, err = o.again()
	return nil, rest, err
}

// unshown says why a page shows no operations.
const unshown = "the history was judged while it was read, and nothing of it is kept for the page to show"

// callStream judges calls while they are read.
type callStream struct {
	*linearizability.Stream
	initial    recording.Initial
	open       map[int]bool // calls under way: whether they say nothing
	operations int
	failed     int
	pending    int
	silent     int  // of these, those that say nothing
	first      bool // it ends with the first failure
}

// errFails ends the reading of a history that is known to fail.
var errFails = errors.New("the history fails")

func newCallStream(m linearizability.Model, o *checkOptions, first bool) *callStream {
	s := &callStream{open: map[int]bool{}, first: first}
	s.Stream = linearizability.NewStream(m, s.initial.Of)
	s.Wording = o.notation(m).Wording()
	for _, pair := range o.initial {
		s.initial.AddWords(pair)
	}
	return s
}

// Initial implements [recording.Visitor].
func (s *callStream) Initial(entries []history.Entry) { s.initial.Add(entries) }

// Invoked implements [recording.Visitor].
func (s *callStream) Invoked(number int, c *history.Call, line int) error {
	if len(c.Actions) == 0 { // an empty transaction says nothing
		return nil
	}
	s.operations++
	s.open[number] = linearizability.SaysNothing(c)
	s.Stream.Invoked(number, c, line)
	return nil
}

// Ended implements [recording.Visitor].
func (s *callStream) Ended(number int, c *history.Call, outcome history.Outcome) error {
	silent, counted := s.open[number]
	if !counted {
		return nil
	}
	delete(s.open, number)
	switch outcome {
	case history.Aborted:
		s.operations--
		if len(c.Actions) > 0 {
			s.failed++
		}
	case 0:
		s.pending++
		if silent {
			s.silent++
		}
	}
	if err := s.Stream.Ended(number, c, outcome); err != nil {
		return err
	}
	if s.first && s.Failed() {
		return errFails
	}
	return nil
}

// report is what is known of the history by now.
func (s *callStream) report(r *checkReport, v checkers.Verdict, searched bool) *checkReport {
	r.Operations, r.Failed, r.Pending = s.operations, s.failed, s.pending+len(s.open)
	silent := s.silent
	for _, says := range s.open {
		if says {
			silent++
		}
	}
	if !r.saysNothing(silent) {
		r.searched(linearizability.Result{Verdict: v, Searched: searched, Prefix: -1}, nil, nil)
	}
	return r
}

// settled checks what is there at first, now that all keys are known.
func (s *callStream) settled(m linearizability.Model) error {
	entries, err := s.initial.Settle(s.Keys())
	if err != nil {
		return err
	}
	return m.Admit(&history.Calls{Initial: entries}, nil)
}

// limits are those of a judgement that began at a time.
func (o *checkOptions) limits(began time.Time) linearizability.Options {
	limit := o.time
	if o.fits && o.input != nil {
		limit += timeFor(o.input.bytes.Load())
	}
	return linearizability.Options{Timeout: max(limit-time.Since(began), time.Millisecond), Part: o.part, Parts: o.parts}
}

// judgeStream judges a history of calls on independent objects while it is read.
func (a *app) judgeStream(o *checkOptions, path string, m linearizability.Model, content io.Reader, began time.Time) (*checkReport, error) {
	s := newCallStream(m, o, false)
	h, err := recording.Visit(path, content, o.notation(m), s)
	if err != nil {
		return nil, err
	}
	if err := s.settled(m); err != nil {
		return nil, err
	}
	v, searched, err := s.Check(o.limits(began))
	if err != nil {
		return nil, err
	}
	r := &checkReport{File: path, Model: o.model}
	r.notes(h)
	if s.report(r, v, searched); r.Verdict == checkers.Fail.String() {
		return r, a.explainStream(r, o, m, h, s, began)
	}
	if o.html != "" {
		r.Notes = append(r.Notes, unshown)
	}
	return r, a.writePage(r, o, callsPage(h, nil, nil, true), nil)
}

// mostFailures bounds of how many objects that fail the calls are read again.
const mostFailures = 64

// explainStream tells of a history that fails what is told of one that is judged as a whole, if it can be read again: by the calls on the objects that
// fail. Else it tells what the calls show that were kept.
func (a *app) explainStream(r *checkReport, o *checkOptions, m linearizability.Model, h *recording.Recording, s *callStream, began time.Time) error {
	failures := s.Failures()
	f := failures[0]
	for _, x := range failures {
		if !x.Result.Searched {
			f = x
			break
		}
	}
	kept := &recording.Recording{Calls: *f.Calls, File: h.File, Lines: f.Lines, Clients: h.Clients}
	told := *r
	told.searched(f.Result, func(i int) int { return f.Lines[i] }, func(i int) string { return showCall(kept, i) })
	told.Notes = append(told.Notes, fmt.Sprintf(
		"the history was judged while it was read, and this is told by the calls on %s from line %d on, where it began with %s: what came before is not kept",
		f.Key, f.Lines[0], beginsText(f.Begins)))
	if o.again == nil {
		*r = told
		return a.writePage(r, o, callsPage(kept, f.Result.Core, f.Result.Longest, true), nil)
	}
	if o.news != nil {
		o.news(&told) // in case that the rest takes too much
	}
	content, err := o.again()
	if err != nil {
		return err
	}
	g := &gatherer{keys: map[string]bool{}, rec: &recording.Recording{File: h.File}, open: map[int]int{}}
	for _, x := range failures[:min(len(failures), mostFailures)] {
		g.keys[x.Key] = true
	}
	again, err := recording.Visit(r.File, content, o.notation(m), g)
	if err != nil {
		return err
	}
	entries, err := s.initial.Settle(s.Keys())
	if err != nil {
		return err
	}
	g.rec.Calls.Initial, g.rec.Calls.Wording, g.rec.Clients, g.rec.Untimed = entries, again.Calls.Wording, again.Clients, true
	g.settle()
	result := linearizability.Check(m, &g.rec.Calls, o.limits(began))
	if result.Status != checkers.Fail {
		*r = told
		return a.writePage(r, o, callsPage(kept, f.Result.Core, f.Result.Longest, true), nil)
	}
	r.searched(result, func(i int) int { return g.rec.Lines[i] }, func(i int) string { return showCall(g.rec, i) })
	return a.writePage(r, o, callsPage(g.rec, result.Core, result.Longest, true), nil)
}

// beginsText is the values that an object may have had: "5", or "5 or 6".
func beginsText(values []history.Value) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = v.String()
	}
	return strings.Join(words, " or ")
}

// gatherer keeps the calls on some objects.
type gatherer struct {
	keys  map[string]bool
	rec   *recording.Recording
	open  map[int]int // by number: the call in rec
	ended []history.Outcome
}

// Initial implements [recording.Visitor].
func (g *gatherer) Initial([]history.Entry) {}

// Invoked implements [recording.Visitor].
func (g *gatherer) Invoked(number int, c *history.Call, line int) error {
	if len(c.Actions) > 0 && g.keys[c.Actions[0].Key] {
		g.open[number] = len(g.rec.Calls.Calls)
		g.rec.Calls.Calls = append(g.rec.Calls.Calls, *c)
		g.rec.Lines = append(g.rec.Lines, line)
		g.ended = append(g.ended, 0)
	}
	return nil
}

// Ended implements [recording.Visitor].
func (g *gatherer) Ended(number int, c *history.Call, outcome history.Outcome) error {
	i, ok := g.open[number]
	if !ok {
		return nil
	}
	delete(g.open, number)
	if g.ended[i] = outcome; outcome != 0 {
		g.rec.Calls.Calls[i] = *c
	}
	return nil
}

// settle puts the calls that had no effect beside the others.
func (g *gatherer) settle() {
	r := g.rec
	calls, lines := r.Calls.Calls, r.Lines
	r.Calls.Calls, r.Lines = nil, nil
	for i, c := range calls {
		switch {
		case g.ended[i] != history.Aborted:
			r.Calls.Calls, r.Lines = append(r.Calls.Calls, c), append(r.Lines, lines[i])
		case len(c.Actions) > 0:
			r.Failed, r.FailedLines = append(r.Failed, c), append(r.FailedLines, lines[i])
		}
	}
}
