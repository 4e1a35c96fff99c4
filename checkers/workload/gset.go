package workload

import (
	"math"
	"slices"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// checkGSet judges a set that only grows and whose replicas may lag behind (Shapiro et al., "Conflict-free Replicated Data Types", SSS
// 2011): what a client has seen it goes on seeing; and the last read of each client, if it began when the last addition had been
// acknowledged, has all that were. If there is no such read, nothing is known of the end.
func checkGSet(list []history.Operation, f *findings) checkers.Verdict {
	added := map[string]*history.Operation{}     // by element: its first addition that may have taken effect
	acknowledged := time.Duration(math.MinInt64) // when the last of the additions that returned did
	for i := range list {
		if x := &list[i]; may(x, "add") {
			if e := x.Argument.Text(); added[e] == nil {
				added[e] = x
			}
			if did(x, "add") {
				acknowledged = max(acknowledged, x.Returned)
			}
		}
	}
	before := map[int32]*history.Operation{} // by process: its read before
	var final []*history.Operation
	for i := range list {
		x := &list[i]
		if !did(x, "read") || x.Result.IsNil() {
			continue
		}
		seen := members(&x.Result)
		for k := range x.Result.Items {
			e := x.Result.Items[k].Text()
			switch by := added[e]; {
			case by == nil:
				f.add("unexpected element", "%s is in the read of line %d, and nobody added it", e, at(x))
			case by.Invoked > x.Returned:
				f.add("unexpected element", "%s is in the read of line %d, and was added (line %d) only after that", e, at(x), at(by))
			}
		}
		if y := before[x.Process]; y != nil {
			for k := range y.Result.Items {
				if e := y.Result.Items[k].Text(); seen[e] == 0 {
					f.add("element gone", "%s is in the read of line %d, and not in the next one of its process (line %d)", e, at(y), at(x))
				}
			}
		}
		before[x.Process] = x
		if x.Invoked > acknowledged {
			final = append(final, x)
		}
	}
	lostInTheEnd(list, final, f)
	if len(f.rules) == 0 && len(final) == 0 {
		return checkers.Undecided("no read began when the last addition had been acknowledged, so it is not known whether any was lost")
	}
	return f.verdict()
}

// lostInTheEnd looks for elements whose addition was acknowledged and that the last read of some process has not.
func lostInTheEnd(list []history.Operation, final []*history.Operation, f *findings) {
	last := map[int32]*history.Operation{}
	for _, x := range final {
		last[x.Process] = x
	}
	final = slices.DeleteFunc(slices.Clone(final), func(x *history.Operation) bool { return last[x.Process] != x })
	for _, r := range final {
		seen := members(&r.Result)
		for i := range list {
			if x := &list[i]; did(x, "add") && seen[x.Argument.Text()] == 0 {
				f.add("lost element", "%s, whose addition (line %d) was acknowledged, is not in the last read of a client (line %d)", x.Argument.Text(), at(x), at(r))
			}
		}
	}
}
