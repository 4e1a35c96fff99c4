package linearizability

import (
	"cmp"
	"slices"

	"github.com/anishathalye/porcupine"

	"synchrony/models/history"
)

// fault finds the few calls of an epoch that are to blame. Each of its steps leaves a
// history that is weaker than the one before, which linearizable calls would satisfy,
// too; so that what is left in the end refutes the whole.
type fault struct {
	*space
	starts []state
	unsure bool  // a trial was not over
	trial  int64 // steps that a trial may take
	budget int64 // steps left: a bound that, unlike one of time, gives the same answer each time
}

// explainSteps bounds in steps of the model how long it may take to find out what is to
// blame, and trialSteps how long one trial may.
const (
	explainSteps = 60_000
	trialSteps   = 5_000
	prefixSteps  = 20_000 // of one trial of a prefix
)

// bounded is a model of which no call succeeds after a number of steps; and how many it has taken, which porcupine, that searches one partition
// on one goroutine, has counted when it returns.
func bounded(model porcupine.Model, steps int64) (porcupine.Model, *int64) {
	used := new(int64)
	step := model.Step
	model.Step = func(state, input, output any) (bool, any) {
		if *used++; *used > steps {
			return false, nil
		}
		return step(state, input, output)
	}
	return model, used
}

// fails reports whether calls certainly cannot be explained.
func (f *fault) fails(calls []*compiled) bool {
	for _, start := range f.starts {
		limit := min(f.trial, f.budget)
		model, used := bounded(f.machine().model(f.withMarks(start, calls)), limit)
		ok := porcupine.CheckOperations(model, operations(calls))
		f.budget -= *used
		if ok || *used > limit {
			f.unsure = f.unsure || !ok
			return false
		}
	}
	return true
}

// prefix cuts what comes after the first return that cannot be explained:
// linearizability is closed under prefixes.
func (f *fault) prefix(calls []*compiled) []*compiled {
	returns := slices.Clone(calls)
	returns = slices.DeleteFunc(returns, func(c *compiled) bool { return c.call.Pending() })
	slices.SortStableFunc(returns, func(x, y *compiled) int { return cmp.Compare(x.call.Returned, y.call.Returned) })
	if len(returns) == 0 {
		return calls
	}
	upTo := func(last *compiled) []*compiled {
		var list []*compiled
		for _, c := range calls {
			switch {
			case c.call.Invoked > last.call.Returned:
			case c.call.Returned > last.call.Returned:
				list = append(list, c.relaxed())
			default:
				list = append(list, c)
			}
		}
		return list
	}
	low, high := 0, len(returns)-1
	for low < high {
		if mid := (low + high) / 2; f.fails(upTo(returns[mid])) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return upTo(returns[low])
}

// relaxed is a call as if it had never returned: it may have any result, and take effect
// at any time after its invocation, or never.
func (c *compiled) relaxed() *compiled {
	if c.call.Pending() {
		return c
	}
	r := *c
	r.call, r.loose = pending(c.call), true
	r.actions = slices.Clone(c.actions)
	for k := range r.actions {
		x := &r.actions[k]
		if x.kind == history.AwaitAll {
			x.to = nobody
		}
		if x.declared != nil {
			untold := *x.declared
			untold.told = false
			x.declared = &untold
		}
	}
	return &r
}

// core reduces calls that cannot be explained to those that matter: the others are
// relaxed, or left out if they have no effect. It reports whether each of those left
// was tried and is needed.
func (f *fault) core(calls []*compiled) ([]*compiled, bool) {
	now := slices.DeleteFunc(slices.Clone(calls), func(c *compiled) bool { return c.readOnly && c.call.Pending() })
	without := func(drop []*compiled) []*compiled {
		var list []*compiled
		for _, c := range now {
			switch {
			case !slices.ContainsFunc(drop, func(x *compiled) bool { return x.index == c.index }): // both halves of a wait, or none
				list = append(list, c)
			case !c.readOnly:
				list = append(list, c.relaxed())
			}
		}
		return list
	}
	candidates := func() []*compiled {
		return slices.DeleteFunc(slices.Clone(now), func(c *compiled) bool { return c.call.Pending() })
	}
	if s := f.suspects; len(s) > 0 {
		others := slices.DeleteFunc(candidates(), func(c *compiled) bool { return slices.Contains(s, c.index) })
		if next := without(others); f.fails(next) {
			now = next
		}
	}
	// Reads first, for it makes the search easier to be without them, and many at once.
	for size := len(now); size >= 1; size /= 2 {
		list := candidates()
		slices.SortStableFunc(list, func(x, y *compiled) int { return cmp.Compare(rank(x), rank(y)) })
		for part := range slices.Chunk(list, size) {
			if next := without(part); f.fails(next) {
				now = next
			}
		}
	}
	core := slices.DeleteFunc(now, func(c *compiled) bool { return c.call.Pending() })
	return core, !f.unsure
}

func rank(c *compiled) int {
	if c.readOnly {
		return 0
	}
	return 1
}
