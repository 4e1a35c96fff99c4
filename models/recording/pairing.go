package recording

import (
	"fmt"
	"math"
	"time"

	"synchrony/models/history"
)

// sink takes what calls do, as the records of a history tell it. Calls are numbered in the order of their
// invocations.
type sink interface {
	// invoke notes a call.
	invoke(call int, d *datum) error
	// end notes what came of it, which is something.
	end(call int, how ending, d *datum) error
	// completes reports whether a return may be that of a call, where neither names a process.
	completes(call int, d *datum) bool
	// initial notes what is there at first.
	initial(state *datum) error
}

// span is when a call was under way, and how it ended.
type span struct {
	process           int32
	line              int32
	invoked, returned time.Duration
	ended             ending
}

// ending is what came of a call.
type ending uint8

const (
	notEnded  ending = iota
	endedOK          // a record of type ok
	endedFail        // fail
	endedInfo        // info: it may still be under way
)

// outcome is how a call ended, and when it certainly had.
func (s *span) outcome() (history.Outcome, time.Duration) {
	switch s.ended {
	case endedOK:
		return history.Committed, s.returned
	case endedFail:
		return history.Aborted, s.returned
	default:
		return 0, history.Forever
	}
}

// Summary is what a recorded history is of, and what was counted in it.
type Summary struct {
	File    string
	Failed  int // operations that certainly had no effect
	Pending int // of unknown outcome
	Skipped Skipped
	Clients Clients
	Timed   bool     // the record has times; else those of operations tell nothing but their order
	Notes   []string // what was found out or assumed of the notation, for a person
}

// count counts an operation of the history.
func (s *Summary) count(o history.Outcome) {
	switch o {
	case history.Aborted:
		s.Failed++
	case 0:
		s.Pending++
	}
}

// Skipped counts what of a text is no operation of a client, such as the nemesis, and other lines of a log.
type Skipped struct {
	Count int
	Line  int // of the first
	First string
}

func (s *Skipped) add(line int, what string) {
	if s.Count++; s.Count == 1 {
		s.Line, s.First = line, what
	}
}

// pairing makes calls of records, of which most are an invocation or a return. The
// order of the records is the order in real time.
type pairing struct {
	sink      sink
	calls     []span
	open      map[int32]int32  // by process: its call that has not returned
	ended     map[int32]int32  // by process: the line of its :info, after which it can do no more
	indices   lineNumbers      // of the records, by their field index
	ids       lineNumbers      // and by id
	words     map[string]int32 // processes that are words
	clients   Clients          // these, by their numbers
	anonymous []int            // calls without a process that have not returned
	skipped   Skipped
	records   int64 // of clients
	whole     bool  // records are whole calls, with times of their own

	made   int   // how many calls there were
	forget bool  // the number of a call that has ended is given to another
	free   []int // numbers of calls that have ended, if so
}

func newPairing(s sink) *pairing {
	return &pairing{
		sink: s, open: map[int32]int32{}, ended: map[int32]int32{}, words: map[string]int32{},
	}
}

// firstWord is the number of the first process that is a word, which are numbered after those that are numbers.
const firstWord = 1 << 30

// Clients are the names of processes that are words, by their numbers.
type Clients []string

// Name is what a process is called: its word, or p and its number. One that is of a single operation has no name.
func (c Clients) Name(process int32) string {
	switch {
	case process < 0:
		return "no name"
	case process >= firstWord && int(process-firstWord) < len(c):
		return c[process-firstWord]
	default:
		return fmt.Sprintf("p%d", process)
	}
}

func (p *pairing) record(d *datum) error {
	if !d.isMap() {
		return fmt.Errorf("%v is no operation: want a map", *d)
	}
	if err := p.unique(d); err != nil {
		return err
	}
	if state, ok := d.lookup("initial"); ok {
		if p.made > 0 {
			return fmt.Errorf("what is there at first must come before all operations")
		}
		initial := state
		return p.sink.initial(&initial)
	}
	name := d.get("process")
	if name.means("nemesis") {
		p.skipped.add(int(d.line), d.String())
		return nil // which is no client
	}
	process, err := p.process(&name)
	if err != nil {
		return err
	}
	p.records++
	kind := d.get("type")
	if kind.kind == nilDatum {
		return p.wholeCall(process, d)
	}
	if p.whole {
		return fmt.Errorf("an event among whole calls: a history has one or the other")
	}
	switch {
	case kind.means("invoke"):
		return p.invoke(process, d)
	case kind.means("ok"):
		return p.end(process, endedOK, d)
	case kind.means("fail"):
		return p.end(process, endedFail, d)
	case kind.means("info"):
		return p.end(process, endedInfo, d)
	default:
		return fmt.Errorf("the type is %v: want invoke, ok, fail or info", kind)
	}
}

// unique refuses a second record of an index or an id.
func (p *pairing) unique(d *datum) error {
	for _, field := range [...]struct {
		name  string
		lines *lineNumbers
	}{{"index", &p.indices}, {"id", &p.ids}} {
		index := d.get(field.name)
		if index.kind != integerDatum {
			continue
		}
		if line, ok := field.lines.add(index.number, d.line); ok {
			return fmt.Errorf("a second record %s %d: line %d has the first", field.name, index.number, line)
		}
	}
	return nil
}

// nobody stands for a record that names no process.
const nobody = math.MinInt32

func (p *pairing) process(name *datum) (int32, error) {
	switch name.kind {
	case integerDatum:
		if name.number > math.MinInt32 && name.number < firstWord {
			return int32(name.number), nil
		}
	case nilDatum:
		return nobody, nil
	case stringDatum, keywordDatum, symbolDatum:
		word := name.text()
		number, ok := p.words[word]
		if !ok {
			number = firstWord + int32(len(p.words))
			p.words[word] = number
			p.clients = append(p.clients, word)
		}
		return number, nil
	}
	return 0, fmt.Errorf("the process is %v: want a number of 30 bits, or a word", *name)
}

func (p *pairing) invoke(process int32, d *datum) error {
	call := len(p.calls)
	if n := len(p.free); n > 0 {
		call, p.free = p.free[n-1], p.free[:n-1]
	}
	if process == nobody { // each call is a process of its own
		process = -1 - int32(p.made)
		p.anonymous = append(p.anonymous, call)
	} else if i, ok := p.open[process]; ok {
		return fmt.Errorf("process %d invokes an operation before that of line %d has returned; one whose outcome is unknown (:info) may still be under way, and ends its process",
			process, p.calls[i].line)
	}
	p.note(call, span{process: process, line: d.line, invoked: time.Duration(p.records), returned: history.Forever})
	p.open[process] = int32(call)
	return p.sink.invoke(call, d)
}

// note notes a call under its number.
func (p *pairing) note(call int, s span) {
	if p.made++; call < len(p.calls) {
		p.calls[call] = s
	} else {
		p.calls = appended(p.calls, s)
	}
}

func (p *pairing) end(process int32, how ending, d *datum) error {
	if process == nobody {
		call, err := p.ofNobody(d)
		if err != nil {
			return err
		}
		process = p.calls[call].process
	}
	i, ok := p.open[process]
	if !ok {
		return fmt.Errorf("process %d returns, and has invoked nothing", process)
	}
	if line, ok := p.ended[process]; ok {
		return fmt.Errorf("process %d returns a second time: line %d says that its outcome is unknown", process, line)
	}
	c := &p.calls[i]
	c.ended = how
	if how == endedInfo {
		p.ended[process] = d.line // and it stays open
	} else {
		delete(p.open, process)
		c.returned = time.Duration(p.records)
		if p.forget {
			p.free = append(p.free, int(i))
		}
	}
	return p.sink.end(int(i), how, d)
}

// ofNobody finds the first open call without a process of which a return may be.
func (p *pairing) ofNobody(d *datum) (int, error) {
	for at, call := range p.anonymous {
		if p.sink.completes(call, d) {
			p.anonymous = append(p.anonymous[:at], p.anonymous[at+1:]...)
			return call, nil
		}
	}
	return 0, fmt.Errorf("a return without a process, and no open invocation without one is of the same operation")
}

// wholeCall reads a record that is a call with its times, in nanoseconds.
func (p *pairing) wholeCall(process int32, d *datum) error {
	at, timed := d.lookup("call")
	if !timed {
		return fmt.Errorf("a record has a type (invoke, ok, fail, info), or the times call and return")
	}
	if p.made > 0 && !p.whole {
		return fmt.Errorf("a whole call among events: a history has one or the other")
	}
	if process == nobody {
		process = -1 - int32(len(p.calls))
	}
	p.whole = true
	c := span{process: process, line: d.line, invoked: time.Duration(at.number), returned: history.Forever, ended: endedOK}
	ret := d.get("return")
	if at.kind != integerDatum || ret.kind != integerDatum && ret.kind != nilDatum {
		return fmt.Errorf("the times of a call are whole numbers of nanoseconds, not %v and %v", at, ret)
	}
	if c.returned = time.Duration(ret.number); ret.kind == nilDatum {
		c.returned, c.ended = history.Forever, notEnded
	}
	if c.returned < c.invoked {
		return fmt.Errorf("it returned at %v, before it was invoked at %v", ret, at)
	}
	if d.get("failed").number != 0 {
		c.ended = endedFail
	}
	if p.forget {
		return passed(ErrWholeCalls)
	}
	call := len(p.calls)
	p.note(call, c)
	if err := p.sink.invoke(call, d); err != nil {
		return err
	}
	if c.ended == notEnded {
		return nil
	}
	return p.sink.end(call, c.ended, d)
}
