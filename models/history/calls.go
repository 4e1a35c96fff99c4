package history

import (
	"fmt"
	"time"

	"synchrony/models/text"
)

// Calls is what clients of a shared object saw: each call with when it was invoked
// and when it returned, whichever object it was. It is what a linearizability
// checker judges.
type Calls struct {
	Initial []Entry // the keys that are there at first
	Calls   []Call
	Untimed bool // the times of calls tell nothing but their order
	Wording Wording
}

// Entry is a key with its value.
type Entry struct {
	Key   string
	Value Value
}

// Call is one call of a client: actions that should take effect at one instant
// between its invocation and its return, in their order.
type Call struct {
	Process int32 // the client: it has one call at a time
	Invoked time.Duration
	// Returned is Forever if the call never returned: it may take effect at any
	// later time, or never, and what its actions say of results means nothing.
	Returned time.Duration
	Actions  []Action
}

// Pending reports whether the call never returned.
func (c *Call) Pending() bool { return c.Returned == Forever }

// ActionKind is what an action does.
type ActionKind uint8

// The actions.
const (
	ReadKey    ActionKind = iota // Value is what was read; absent if the key was not there
	WriteKey                     // Value is what was written
	DeleteKey                    //
	HasKey                       // OK says whether the key was there
	CompareSet                   // if the key has Old, it gets Value; OK says whether it did
	AddTo                        // the key's number grows by Delta; Value is the sum, or absent if the client was not told
	AppendTo                     // the key's text grows by Value
	Transfer                     // Delta moves from Key to To if it is there; OK says whether it was
	TakeAll                      // a snapshot: State is all keys that were there, in any order
	ClearAll                     //
	AwaitAll                     // waits at the barrier Key for Delta parties in all; OK says whether they came
	JoinAll                      // waits until the key's number is 0; OK says whether it was, or the wait was given up

	// Value is a list of one element, or absent where there was none to take.
	PutIn     // Value goes into a collection without an order
	AddMember // Value goes into a set, if it is not in it
	TakeFirst // Value is the element that was put there first
	TakeLast  // Value is the element that was put there last
	TakeAny   // Value is some element
	TakeLeast // Value is the least element

	Lock        // takes a lock that is free
	Unlock      // gives back a lock that somebody has
	LockOwned   // takes a lock for the process
	UnlockOwned // gives back a lock that the process has
	LockAgain   // takes a lock for the process, which may have it once already
	UnlockAgain // gives back a lock that the process has, once
	LockFenced  // takes a lock; Value is a token, greater than all before
	TakePermits // takes Delta permits of those that are there
	GivePermits // gives Delta permits back
)

// lastAction is the last of the kinds.
const lastAction = GivePermits

// Action is a part of a call.
type Action struct {
	Kind  ActionKind
	Key   string
	To    string
	Value Value
	Old   Value
	Delta int64
	OK    bool
	State []Entry
}

// Validate reports why h is not what any clients can have recorded; nil if it is.
// The error is a [*MalformedError].
func (h *Calls) Validate() error {
	open := map[int32]int{} // by process: its last call
	for i := range h.Calls {
		c := &h.Calls[i]
		bad := func(format string, args ...any) error {
			return &text.MalformedError{Where: fmt.Sprintf("call %d (%v)", i, c), Reason: fmt.Sprintf(format, args...)}
		}
		if c.Returned < c.Invoked {
			return bad("it returned before it was invoked")
		}
		if len(c.Actions) == 0 {
			return bad("it does nothing")
		}
		for k := range c.Actions {
			if c.Actions[k].Kind > lastAction {
				return bad("there is no action %d", c.Actions[k].Kind)
			}
		}
		last, ok := open[c.Process]
		if ok && h.Calls[last].Invoked > c.Invoked {
			return bad("calls of a process are in the order of their invocations, and call %d is later", last)
		}
		if ok && (h.Calls[last].Pending() || h.Calls[last].Returned > c.Invoked) {
			return bad("process %d has not returned from call %d: one process makes one call at a time", c.Process, last)
		}
		open[c.Process] = i
	}
	return nil
}
