package clients

import (
	"slices"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/models/history"
)

// TestTheCheckerOfCallsHolds: X9 holds of the checker of this module.
func TestTheCheckerOfCallsHolds(t *testing.T) {
	holds(t, ordered(theOrdering))
}

// TestWrongOrderingIsFound: a checker of calls that is wrong in one way is found by 200 histories, under the name of what is wrong.
func TestWrongOrderingIsFound(t *testing.T) {
	spoiled := func(spoil func(*linearizability.Result)) ordering {
		return ordering{func(m linearizability.Model, h *history.Calls, o linearizability.Options) linearizability.Result {
			r := linearizability.Check(m, h, o)
			spoil(&r)
			return r
		}, linearizability.CheckDeclared, streamed}
	}
	for rule, v := range map[string]checkers.Verdict{
		"accepted": checkers.Passed(), "refused": checkers.Failed(linearizability.NotLinearizable, "as always"), "undecided": checkers.Undecided("as always"),
	} {
		t.Run(rule+" while it is read", func(t *testing.T) {
			wrong := theOrdering
			wrong.streamed = func(linearizability.Model, *history.Calls, linearizability.Options) (checkers.Verdict, error) {
				return v, nil
			}
			isFound(t, ordered(wrong), rule)
		})
	}
	for rule, spoil := range map[string]func(*linearizability.Result){
		"accepted": func(r *linearizability.Result) { r.Verdict = checkers.Passed() },
		"refused": func(r *linearizability.Result) {
			r.Verdict = checkers.Failed(linearizability.NotLinearizable, "as always")
		},
		"undecided":     func(r *linearizability.Result) { r.Verdict = checkers.Undecided("as always") },
		"nobody blamed": func(r *linearizability.Result) { r.Core = nil },
		"wrong blame":   func(r *linearizability.Result) { r.Core = r.Core[:min(1, len(r.Core))] },
		"too much blame": func(r *linearizability.Result) {
			r.Core = slices.Compact(slices.Sorted(slices.Values(append(r.Core, 0, 1))))
		},
	} {
		t.Run(rule, func(t *testing.T) {
			isFound(t, ordered(spoiled(spoil)), rule)
		})
	}
}

// TestReliedOn: a call that returns while an impossible one is under way is blamed in its place if it may have relied on it, and not otherwise.
func TestReliedOn(t *testing.T) {
	h := func(kind history.ActionKind, unlocked string, returned time.Duration) *history.Calls {
		return &history.Calls{Calls: []history.Call{
			{Process: 4, Invoked: 3, Returned: 25, Actions: []history.Action{{Kind: kind, Key: "x"}}},
			{Process: 5, Invoked: 5, Returned: returned, Actions: []history.Action{{Kind: history.Unlock, Key: unlocked}}},
		}}
	}
	for _, c := range []struct {
		what string
		h    *history.Calls
		want bool
	}{
		{"an unlock on the lock", h(history.LockFenced, "x", 24), true},
		{"an unlock of another lock", h(history.LockFenced, "y", 24), false},
		{"an unlock that returned later", h(history.LockFenced, "x", 26), false},
		{"an unlock that returned before", h(history.LockFenced, "x", 2), false},
		{"a read has no effect", h(history.ReadKey, "x", 24), false},
	} {
		if got := reliedOn(c.h, 0, 1); got != c.want {
			t.Errorf("%s: %v", c.what, got)
		}
	}
	if reliedOn(h(history.LockFenced, "x", 24), 0, -1) {
		t.Error("no call relied on it")
	}
}
