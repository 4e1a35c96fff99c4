package linearizability

import (
	"fmt"

	"synchrony/models/history"
)

// A wait at a barrier is no atomic action: nobody may leave before all have come, so
// that the calls of one round overlap, and none can come before another. It is two: a
// party arrives, and leaves, both between its invocation and its return (set
// linearizability; Neiger, PODC 1994). The state counts the arrivals; and for each
// process that is inside it has the round in which it arrived.

// Barrier is barriers, each for a number of parties, reusable. A wait that failed says
// nothing, and may have been counted.
func Barrier() Model {
	return Model{
		name: "barrier", about: "barriers at which a number of parties wait for each other", single: true,
		actions: []history.ActionKind{history.AwaitAll},
	}
}

// Join is groups of workers: add 1 when one starts, add -1 when it ends, and join, which
// waits until none is left.
func Join() Model {
	return Model{
		name: "join", about: "groups of workers that are counted with add, and waited for with join", single: true,
		actions: []history.ActionKind{history.AddTo, history.JoinAll, history.ReadKey},
	}
}

// split adds the second half of a wait, if it is certain that it has one.
func (s *space) split(c *compiled) {
	x := &c.actions[0]
	if !x.ok {
		c.call = pending(c.call)
	}
	if x.to = nobody; c.call.Pending() {
		return
	}
	x.to = s.key(fmt.Sprintf("the round of p%d", c.call.Process))
	second := *c
	second.actions = []step{*x}
	second.actions[0].leaves = true
	second.readOnly = true // it lets nobody else leave
	s.calls = append(s.calls, &second)
}

// await executes half of a wait.
func (m *machine) await(state *array[cell], x *step) (bool, *array[cell]) {
	count := state.at(x.key).number
	if !x.leaves {
		state = state.with(x.key, cell{history.Number, count + 1})
		if x.to != nobody {
			state = state.with(x.to, cell{history.Number, count / x.delta})
		}
		return true, state
	}
	if x.to == nobody {
		return true, state
	}
	inside := state.at(x.to)
	if inside == absent || count < (inside.number+1)*x.delta {
		return false, state
	}
	return true, state.with(x.to, absent)
}

// nobody is the key of a process that may have arrived and will not leave.
const nobody int32 = -1

// pending is a call as if it had never returned.
func pending(c *history.Call) *history.Call {
	p := *c
	p.Returned = history.Forever
	return &p
}
