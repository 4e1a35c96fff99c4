package recording

import (
	"errors"
	"io"

	"synchrony/models/history"
)

// Visitor is told of the calls of a history while it is read, in the order of the records.
type Visitor interface {
	// Initial is told what is there at first, before all calls: see [Initial.Add].
	Initial(entries []history.Entry)
	// Invoked is told that a call was invoked, on a line. Its number is that of no other call under way.
	Invoked(number int, c *history.Call, line int) error
	// Ended is told what came of it: [history.Committed], with the results; [history.Aborted], if it had no effect or tells nothing, and so counts
	// for nothing; or 0, if that is not known, and then no more.
	Ended(number int, c *history.Call, outcome history.Outcome) error
}

// ErrWholeCalls says that a history can only be read as a whole: its records are calls, which come in any order.
var ErrWholeCalls = errors.New("the records are whole calls, in any order")

// Visit reads a recorded history, as [ReadRecording] does, but keeps no call of it: the visitor is told of each. What it returns has
// what was counted and noted. Memory is that of the calls that are under way.
//
// The errors are those of [ReadRecording], those of the visitor, which may end the reading, and [ErrWholeCalls].
func Visit(file string, in io.Reader, o Options, v Visitor) (*Recording, error) {
	r, err := begin(file, in, &o)
	if err != nil {
		return nil, err
	}
	if o.Format == TextFormat {
		return nil, ErrWholeCalls
	}
	c := &callReader{recording: &Recording{File: file}, options: o, visitor: v}
	c.pairing = newPairing(c)
	c.forget = true
	err = readRecords(file, r, o.Format, c.pairing, c.begin)
	h := c.recording
	h.Skipped, h.Clients, h.Untimed, h.Calls.Wording = c.skipped, c.clients, true, o.Wording()
	return h, err
}

// call is the call of a number, as it is known so far.
func (c *callReader) call(number int) *history.Call {
	s := &c.calls[number]
	return &history.Call{Process: s.process, Invoked: s.invoked, Returned: s.returned, Actions: c.actions[number]}
}

// tellInvoked tells the visitor of a call.
func (c *callReader) tellInvoked(number int) error {
	if c.visitor == nil {
		return nil
	}
	return passed(c.visitor.Invoked(number, c.call(number), int(c.calls[number].line)))
}

// tellEnded tells the visitor what came of a call, and forgets it.
func (c *callReader) tellEnded(number int, how ending) error {
	if c.visitor == nil {
		return nil
	}
	outcome, _ := (&span{ended: how}).outcome()
	if how == endedOK {
		c.actions[number] = c.told(c.actions[number])
	}
	if len(c.actions[number]) == 0 {
		outcome = history.Aborted
	}
	err := c.visitor.Ended(number, c.call(number), outcome)
	if how != endedInfo {
		c.actions[number] = nil
	}
	return passed(err)
}

// passedError is an error that is none of the record at hand.
type passedError struct{ error }

func passed(err error) error {
	if err == nil {
		return nil
	}
	return &passedError{err}
}
