package linearizability

import (
	"cmp"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"synchrony/models/trace"
)

// epoch is calls with none under way before the first or after the last of them. The
// state between two epochs is what the later one starts from: a search for each
// epoch, with each state it can start from and end in, decides as much as one for
// them all.
type epoch struct {
	calls []*compiled
	last  bool // no epoch follows, so that any state will do at the end
}

// epochCalls is how many calls an epoch has before a cut is worth it.
const epochCalls = 200

// epochs cuts the space's calls where none is under way. A space is cut if it has
// one key and calls that write values known beforehand, for then the states at a cut
// are few: those of the last writes.
func (s *space) epochs(maxCalls int) []epoch {
	calls := slices.Clone(s.calls)
	slices.SortStableFunc(calls, func(x, y *compiled) int { return cmp.Compare(x.call.Invoked, y.call.Invoked) })
	if len(s.initial) != 1 || !s.foreseeable() {
		return []epoch{{calls, true}}
	}
	var list []epoch
	first, returned := 0, time.Duration(-1<<63)
	for i, c := range calls {
		if i-first >= epochCalls && returned < c.call.Invoked {
			list = append(list, epoch{calls: calls[first:i]})
			first = i
		}
		returned = max(returned, c.call.Returned)
	}
	return append(list, epoch{calls[first:], true})
}

// foreseeable reports whether every value that a call leaves is one that it names.
func (s *space) foreseeable() bool {
	for _, c := range s.calls {
		for k := range c.actions {
			switch c.actions[k].kind {
			case trace.AddTo, trace.AppendTo, trace.Transfer:
				return false
			}
		}
	}
	return true
}

// candidates lists the states in which an epoch may end: nil, for any, at the last.
// A write that another one follows in real time cannot be the last.
func (s *space) candidates(e epoch, state []cell) [][]cell {
	if e.last {
		return [][]cell{nil}
	}
	lastInvoked := time.Duration(-1 << 63) // of a call that certainly changes the key
	for _, c := range e.calls {
		if k := c.actions[0].kind; !c.call.Pending() && (k == trace.WriteKey || k == trace.DeleteKey || k == trace.CompareSet && c.actions[0].ok) {
			lastInvoked = max(lastInvoked, c.call.Invoked)
		}
	}
	var ends [][]cell
	add := func(v cell) {
		if !slices.ContainsFunc(ends, func(x []cell) bool { return x[0] == v }) {
			ends = append(ends, []cell{v})
		}
	}
	if lastInvoked == -1<<63 {
		add(state[0])
	}
	for _, c := range e.calls {
		x := &c.actions[0]
		if c.call.Returned < lastInvoked || x.kind == trace.CompareSet && !x.ok && !c.call.Pending() {
			continue
		}
		switch x.kind {
		case trace.WriteKey, trace.CompareSet:
			add(x.value)
		case trace.DeleteKey:
			add(absent)
		}
	}
	return ends
}

// operations is an epoch's calls for porcupine, and one that reads the state after
// all the others, if it has to be end.
func (s *space) operations(e epoch, end []cell) []porcupine.Operation {
	ops := make([]porcupine.Operation, 0, len(e.calls)+1)
	latest := int64(0)
	for _, c := range e.calls {
		ops = append(ops, porcupine.Operation{
			ClientId: int(c.call.Process), Input: c, Call: int64(c.call.Invoked), Return: int64(c.call.Returned),
		})
		latest = max(latest, int64(c.call.Returned))
	}
	if end != nil {
		final := &compiled{index: -1, call: &trace.Call{}, actions: []step{{kind: trace.ReadKey, value: end[0]}}}
		ops = append(ops, porcupine.Operation{Input: final, Call: latest + 1, Return: latest + 1})
	}
	return ops
}
