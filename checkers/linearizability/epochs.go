package linearizability

import (
	"cmp"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"synchrony/checkers"
	"synchrony/models/history"
)

// epoch is calls with none under way before the first or after the last of them. The
// state between two epochs is what the later one starts from, so that a search for
// each epoch decides as much as one for them all, if it tries all the states that
// those before it can end in. Most end in one, whatever the order was, or the one that
// is found first will do: the others are looked for only when the next epoch cannot be
// explained from those that are known.
type epoch struct {
	calls  []*compiled
	prev   *epoch
	cursor int     // how many of the states that prev can end in have nothing more to give
	ends   []state // those known in which this one can end
	last   bool    // no epoch follows, so that any state will do at the end
}

// state is a space's, by key, and behind the keys its marks. It belongs to no search, whose cells mean nothing to another one.
type state []history.Value

// epochCalls is how many calls an epoch has before a cut is worth it.
const epochCalls = 64

// epochs cuts the space's calls where none is under way. A call that never returned is
// under way for ever.
func (s *space) epochs() []*epoch {
	calls := s.calls
	slices.SortStableFunc(calls, func(x, y *compiled) int { return cmp.Compare(x.call.Invoked, y.call.Invoked) })
	var list []*epoch
	var prev *epoch
	add := func(calls []*compiled) {
		prev = &epoch{calls: calls, prev: prev}
		list = append(list, prev)
	}
	first, returned := 0, time.Duration(-1<<63)
	for i, c := range calls {
		if i-first >= epochCalls && returned < c.call.Invoked {
			add(calls[first:i])
			first = i
		}
		returned = max(returned, c.call.Returned)
	}
	add(calls[first:])
	prev.last = true
	return list
}

// starts are the states known in which an epoch can begin.
func (s *space) starts(e *epoch) []state {
	switch {
	case e.prev != nil:
		return e.prev.ends
	case s.begins != nil:
		return s.begins
	default:
		return []state{s.machine().state(s.initial)}
	}
}

// advance finds another state in which an epoch can end. Fail means that there is none:
// then no order of the calls up to here explains them, if none was known.
func (s *space) advance(e *epoch, clock clock) checkers.Status {
	for {
		for starts := s.starts(e); e.cursor < len(starts); e.cursor++ {
			end, status := s.search(e, starts[e.cursor], clock)
			if status == checkers.Pass {
				e.ends = append(e.ends, end)
			}
			if status != checkers.Fail {
				return status
			}
		}
		if e.prev == nil {
			return checkers.Fail
		}
		if status := s.advance(e.prev, clock); status != checkers.Pass {
			return status
		}
	}
}

// search looks for an order of an epoch's calls from a state that ends in another
// state than those known, and returns it.
func (s *space) search(e *epoch, start state, clock clock) (state, checkers.Status) {
	m := s.machine()
	model, used := m.model(start), new(int64)
	if s.steps > 0 {
		model, used = bounded(model, s.steps)
	}
	ops := operations(e.calls)
	var end state
	if !e.last {
		// A last call, after all the others, that sees the state.
		final, latest := &compiled{index: -1}, int64(0)
		for _, o := range ops {
			latest = max(latest, o.Return)
		}
		ops = append(ops, porcupine.Operation{Input: final, Call: latest + 1, Return: latest + 1})
		step := model.Step
		model.Step = func(now, input, output any) (bool, any) {
			if input != any(final) {
				return step(now, input, output)
			}
			a := now.(*array[cell])
			a.reroot()
			end = m.state(a.real)
			return !slices.ContainsFunc(e.ends, func(known state) bool { return slices.Equal(known, end) }), now
		}
	}
	result := porcupine.CheckOperationsTimeout(model, ops, clock.left())
	if s.steps > 0 {
		if s.steps = max(1, s.steps-*used); s.steps == 1 { // there are none left
			return nil, checkers.Unknown
		}
	}
	switch result {
	case porcupine.Ok:
		return end, checkers.Pass
	case porcupine.Illegal:
		return nil, checkers.Fail
	default:
		return nil, checkers.Unknown
	}
}

// operations is calls for porcupine.
func operations(calls []*compiled) []porcupine.Operation {
	ops := make([]porcupine.Operation, len(calls), len(calls)+1)
	for i, c := range calls {
		ops[i] = porcupine.Operation{
			ClientId: int(c.call.Process), Input: c, Call: int64(c.call.Invoked), Return: int64(c.call.Returned),
		}
	}
	return ops
}
