package clients

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

func judgeCalls(c called, b blamed) checkers.Verdict {
	if at := misfit(c); at >= 0 {
		where := "initial"
		if at < len(c.Calls.Calls) {
			where = fmt.Sprintf("call %d ", at)
		}
		if b.Status != checkers.Unknown || !strings.Contains(b.Reason, where) {
			return checkers.Failed("malformed", fmt.Sprintf("what is wrong with the form of the history (%s) is not told, and the verdict is %v", where, b.Status), b.Reason)
		}
		return checkers.Passed()
	}
	right := c.right()
	d := declarationOf(c.Model)
	switch {
	case d != nil && b.Status == checkers.Unknown && d.unsure(c.Calls):
		return checkers.Passed()
	case b.Status == checkers.Unknown:
		return checkers.Failed("undecided", "of a history that can be decided nothing was decided", b.Reason)
	case right && b.Status == checkers.Fail:
		return checkers.Failed("refused", "an order of the calls explains all of them, and the history was refused", b.Reason)
	case !right && b.Status == checkers.Pass:
		return checkers.Failed("accepted", "no order of the calls explains all of them, and the history was accepted")
	}
	if b.Streamed == nil && streams(c) {
		return checkers.Failed("not judged while read", "the calls are each on one object, and done at once, and the history was not judged while it was read")
	}
	if b.Streamed != nil {
		if v := judgeStreamed(right, *b.Streamed); v.Status != checkers.Pass {
			return v
		}
	}
	switch {
	case b.Status == checkers.Fail && c.Known != nil:
		return checkKnownBlame(c, b)
	case b.Status == checkers.Fail && !overflows(c):
		return checkBlame(c, b)
	}
	return checkers.Passed()
}

// overflows reports whether one of several actions of a call may add up to no number of 64 bits. Whoever is to blame is found among calls that may have
// happened or not, and of those the checker takes such an action for none, where the definition takes the whole call for impossible.
func overflows(c called) bool {
	return slices.ContainsFunc(c.Calls.Calls, func(x history.Call) bool {
		return len(x.Actions) > 1 && slices.ContainsFunc(x.Actions, func(a history.Action) bool {
			return a.Kind == history.AddTo && (a.Delta > math.MaxInt64/4 || a.Delta < math.MinInt64/4)
		})
	})
}

// checkKnownBlame holds the call that is impossible by itself to be blamed, alone if the calls to blame are said to be minimal.
func checkKnownBlame(c called, b blamed) checkers.Verdict {
	at, rule := c.Known.impossible, ""
	switch {
	case len(b.Core) == 0:
		rule = "nobody blamed"
	case at < 0:
	case !slices.Contains(b.Core, at):
		if reliedOn(c.Calls, at, b.Prefix) {
			return checkers.Passed()
		}
		rule = "wrong blame"
	case b.Minimal && len(b.Core) > 1:
		rule = "too much blame"
	case b.Prefix >= 0 && c.Calls.Calls[b.Prefix].Returned != c.Calls.Calls[at].Returned: // of calls that return together it may be any
		rule = "wrong place"
	}
	if rule == "" {
		return checkers.Passed()
	}
	return checkers.Failed(rule, fmt.Sprintf("call %d is impossible by itself, and the calls to blame are %v (minimal: %v), up to call %d", at, b.Core, b.Minimal, b.Prefix))
}

// reliedOn reports whether a call that returned while an impossible one was under way may have relied on what that one did, such as an unlock on a lock with an
// impossible token: as there is no such effect, nothing explains the one that returned first.
func reliedOn(h *history.Calls, impossible, first int) bool {
	if first < 0 {
		return false
	}
	x, y := &h.Calls[impossible], &h.Calls[first]
	changes := slices.ContainsFunc(x.Actions, func(a history.Action) bool { return a.Kind != history.ReadKey })
	shared := slices.ContainsFunc(x.Actions, func(a history.Action) bool {
		return slices.ContainsFunc(y.Actions, func(b history.Action) bool { return a.Key == b.Key })
	})
	return changes && shared && x.Invoked < y.Returned && y.Returned < x.Returned
}

// fewCalls is of how many calls those to blame are found in any case.
const fewCalls = 6

// checkBlame holds the calls to blame to be so: with the effects of the others free to happen or not, they cannot be explained, and without any
// one of them they can.
func checkBlame(c called, b blamed) checkers.Verdict {
	if len(b.Core) == 0 || b.Prefix < 0 || b.Prefix >= len(c.Calls.Calls) {
		return checkers.Failed("nobody blamed", fmt.Sprintf("the calls to blame are %v, up to call %d", b.Core, b.Prefix))
	}
	d := declarationOf(c.Model)
	before := upTo(c, b.Prefix, false)
	vague := func(weaker *history.Calls) bool { // what is not told any more lets the model explain more than the definition does
		return d != nil && d.unsure(weaker)
	}
	if !vague(before) && (!c.explained(before) || c.explained(upTo(c, b.Prefix, true))) {
		return checkers.Failed("wrong place", fmt.Sprintf("it is said that all can be explained up to the return of call %d, and not with it", b.Prefix))
	}
	if c.explained(without(c, b, -1)) {
		return checkers.Failed("wrong blame", fmt.Sprintf("the calls to blame, %v, can be explained together", b.Core))
	}
	if !b.Minimal && len(c.Calls.Calls) > fewCalls { // it did not try for long enough
		return checkers.Passed()
	}
	for _, spared := range b.Core {
		if weaker := without(c, b, spared); !vague(weaker) && !c.explained(weaker) {
			return checkers.Failed("too much blame", fmt.Sprintf("of the calls to blame, %v, call %d is not needed", b.Core, spared))
		}
	}
	return checkers.Passed()
}

// upTo is the history up to the return of a call, with it or without: what was under way then may have happened or not. Objects are judged each on
// its own, so it is that of the call's.
func upTo(c called, last int, with bool) *history.Calls {
	at := &c.Calls.Calls[last]
	h := relaxed(c, at.Returned, func(_ int, call *history.Call) bool {
		return call.Returned > at.Returned || call.Returned == at.Returned && !with
	})
	h.Calls = slices.DeleteFunc(h.Calls, func(call history.Call) bool { return !several(c.Model) && call.Actions[0].Key != at.Actions[0].Key })
	return h
}

// without is the history up to where it is at fault, in which all calls but those to blame, and the spared one, may have happened or not.
func without(c called, b blamed, spared int) *history.Calls {
	return relaxed(c, c.Calls.Calls[b.Prefix].Returned, func(i int, _ *history.Call) bool { return !slices.Contains(b.Core, i) || i == spared })
}

// relaxed is the calls that were invoked by some time, of which those that are unsure may have happened or not.
func relaxed(c called, end time.Duration, unsure func(i int, call *history.Call) bool) *history.Calls {
	weaker := &history.Calls{Initial: c.Initial}
	for i, call := range c.Calls.Calls {
		switch a := call.Actions[0]; {
		case call.Invoked > end:
			continue
		case !unsure(i, &call) || call.Pending():
		case a.Kind == history.TakeAny && a.Value.Kind == history.Absent:
			continue // it took nothing
		default:
			call.Returned = history.Forever
		}
		weaker.Calls = append(weaker.Calls, call)
	}
	return weaker
}
