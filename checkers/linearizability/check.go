package linearizability

import (
	"fmt"
	"slices"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// NotLinearizable is the rule of this package's failures.
const NotLinearizable = "not linearizable"

// Options bounds a check. The zero value has the defaults.
type Options struct {
	// Timeout is how long the search may take in all; 0 is DefaultTimeout, negative no
	// limit: then nothing in the result depends on the clock.
	Timeout time.Duration
	// MaxCalls is how many calls one search may have, for its memory grows with their
	// square; 0 is DefaultMaxCalls.
	MaxCalls int
	// Part, from 0, of Parts: of the objects, in order of first use, only this part is judged, which has about as many calls as
	// each other. 0 or 1 Parts is all of them. A history is what the first is of its parts' results that is a Fail and not Searched; else that is a
	// Fail; else that is Unknown; else any.
	Part, Parts int
}

// The defaults of Options.
const (
	DefaultTimeout  = time.Minute
	DefaultMaxCalls = 50_000
)

func (o Options) withDefaults() Options {
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.MaxCalls == 0 {
		o.MaxCalls = DefaultMaxCalls
	}
	return o
}

// Result is what a check found out.
type Result struct {
	checkers.Verdict
	// Searched says that it took the search of an order to know. Without one, monitors have decided: all objects are asked for that
	// before any is searched.
	Searched bool
	// What follows is set if the verdict is Fail, and has calls by their indices.

	// Prefix is how far the part at fault can be explained: up to, but not with, the
	// return of this call. No call that was invoked later is needed to show the fault. It
	// is -1 if finding that out took too long.
	Prefix int
	// Longest is a longest sequence of calls up to there that can be explained, in order.
	Longest []int
	// Core is calls that cannot be explained together, whatever the others did after
	// they were invoked; Minimal says that it is so of none of its proper subsets.
	Core    []int
	Minimal bool
}

// Check decides whether h is linearizable by the model. The verdict is Unknown for a
// malformed history or one of another model, and past the bounds.
func Check(m Model, h *history.Calls, o Options) Result {
	if err := h.Validate(); err != nil {
		return Result{Verdict: checkers.Undecided("%v", err)}
	}
	if err := m.admit(h); err != nil {
		return Result{Verdict: checkers.Undecided("%v", err)}
	}
	o = o.withDefaults()
	initial := map[string][]history.Entry{} // by key, for a model that is judged by key
	if m.single {
		for i, e := range h.Initial {
			initial[e.Key] = h.Initial[i : i+1]
		}
	}
	var objects []objectCalls
	for _, part := range o.own(partition(m, h)) {
		entries := h.Initial
		if m.single {
			entries = initial[h.Calls[part[0]].Actions[0].Key]
		}
		objects = append(objects, objectCalls{h: h, part: part, initial: entries})
	}
	r, _ := checkObjects(m, objects, o)
	return r
}

// objectCalls is the calls on one object, or on all that are judged together.
type objectCalls struct {
	h       *history.Calls
	part    []int           // the calls, in h
	initial []history.Entry // what is there at first
	begins  []state         // the states in which it may begin, if it is not that one
}

// checkObjects judges objects that are independent of each other. It returns also which of them the result is of; -1 if it is of them all.
func checkObjects(m Model, objects []objectCalls, o Options) (Result, int) {
	var spaces []*space
	var of []int // by space: its object
	for i := range objects {
		x := &objects[i]
		status, refuted := x.monitored(m)
		if status == checkers.Fail {
			return compile(m, x.h, x.part, x.initial).refuted(x.h, refuted), i
		}
		if status == checkers.Unknown {
			spaces, of = append(spaces, x.space(m)), append(of, i)
		}
	}
	r, at := checkAll(spaces, o)
	r.Searched = len(spaces) > 0
	if at >= 0 {
		at = of[at]
	}
	return r, at
}

// monitored decides the calls on the object without a search, if that can be. A monitor knows of one state to begin in.
func (x *objectCalls) monitored(m Model) (checkers.Status, *refutation) {
	if x.begins != nil {
		return checkers.Unknown, nil
	}
	return monitored(m, x.h, x.part, x.initial)
}

// space is the object's calls for a search.
func (x *objectCalls) space(m Model) *space {
	s := compile(m, x.h, x.part, x.initial)
	s.begins = x.begins
	if takesUnknown(x.h, x.part) {
		s.doubt = "no order was found, but a call of unknown outcome may have taken any element: it would help to know which"
	}
	return s
}

// The bounds of a search that only shows what is known already.
const (
	knownCalls = 500    // at once
	knownSteps = 10_000 // of the model, besides some for each call
)

// refuted is the result of calls of which it is known that they cannot be explained: what a short search finds, which tells more, or else the
// refutation.
func (s *space) refuted(h *history.Calls, r *refutation) Result {
	s.steps, s.suspects = knownSteps+4*int64(len(s.calls)), r.calls
	if found := s.check(newClock(-1), knownCalls); found.Status == checkers.Fail {
		return found
	}
	return r.result(h)
}

// takesUnknown reports whether one of some calls is of unknown outcome and may have taken any of some elements, which the search, that
// takes none for it, cannot judge.
func takesUnknown(h *history.Calls, part []int) bool {
	return slices.ContainsFunc(part, func(i int) bool {
		c := &h.Calls[i]
		return c.Pending() && c.Actions[0].Kind == history.TakeAny
	})
}

// firstSlice is how much time a space gets at first.
const firstSlice = 100 * time.Millisecond

// checkAll judges spaces that are independent of each other. One may be at fault that
// is found out at once, and another take for ever: so each gets a little time, and
// those that are left then get more. If none is at fault that can be judged, the
// result is that of the first that could not be. It returns also which of them the result is of; -1 if it is of them all.
func checkAll(spaces []*space, o Options) (Result, int) {
	whole := newClock(o.Timeout)
	results, left := make([]Result, len(spaces)), make([]int, len(spaces))
	for i := range left {
		left[i] = i
	}
	for slice := firstSlice; len(left) > 0; slice *= 8 {
		var more []int
		for _, i := range left {
			results[i] = spaces[i].check(whole.slice(slice), o.MaxCalls)
			switch doubt := spaces[i].doubt; {
			case results[i].Status == checkers.Fail && doubt != "": // another one may be at fault without a doubt
				results[i] = Result{Verdict: checkers.Undecided("%s", doubt)}
			case results[i].Status == checkers.Fail:
				return results[i], i
			case results[i].Status == checkers.Unknown && !spaces[i].tooLarge:
				more = append(more, i)
			}
		}
		left = more
		if whole.over() {
			for _, i := range left {
				results[i].Reason = fmt.Sprintf("out of time after %v: %s", o.Timeout, results[i].Reason)
			}
			break
		}
	}
	if i := slices.IndexFunc(results, func(r Result) bool { return r.Status == checkers.Unknown }); i >= 0 {
		return results[i], i
	}
	return Result{Verdict: checkers.Passed()}, -1
}

// own are those of the parts of a history that are to be judged.
func (o Options) own(parts [][]int) [][]int {
	if o.Parts < 2 {
		return parts
	}
	calls := 0
	for _, part := range parts {
		calls += len(part)
	}
	var own [][]int
	before := 0
	for _, part := range parts {
		if before*o.Parts/calls == o.Part {
			own = append(own, part)
		}
		before += len(part)
	}
	return own
}

// partition divides the calls among the objects that they are on, in order of first
// use. A pending call that only reads says nothing.
func partition(m Model, h *history.Calls) [][]int {
	var parts [][]int
	number := map[string]int{}
	for i := range h.Calls {
		c := &h.Calls[i]
		if SaysNothing(c) {
			continue
		}
		key := ""
		if m.single {
			key = c.Actions[0].Key
		}
		n, ok := number[key]
		if !ok {
			n = len(parts)
			number[key] = n
			parts = append(parts, nil)
		}
		parts[n] = append(parts[n], i)
	}
	return parts
}

// SaysNothing reports whether a call cannot constrain anything: it only reads, and its outcome is not known.
func SaysNothing(c *history.Call) bool {
	return c.Pending() && !slices.ContainsFunc(c.Actions, func(a history.Action) bool { return !reads(a.Kind) })
}

func reads(k history.ActionKind) bool {
	return k == history.ReadKey || k == history.HasKey || k == history.TakeAll || k == history.JoinAll
}

// check judges one partition, in epochs if it can be cut. If time is over it can go on
// from where it was.
func (s *space) check(clock clock, maxCalls int) Result {
	if s.list == nil {
		s.list = s.epochs()
	}
	for ; s.done < len(s.list); s.done++ {
		e := s.list[s.done]
		if len(e.calls) > maxCalls {
			s.tooLarge = true
			return Result{Verdict: checkers.Undecided(
				"too large: %d calls from call %d on, with no instant between them at which none was under way; the limit is %d: %s", len(e.calls), e.calls[0].index, maxCalls, help)}
		}
		switch s.advance(e, clock) {
		case checkers.Fail:
			return s.explain(e)
		case checkers.Unknown:
			return Result{Verdict: checkers.Undecided("the search among the %d calls from call %d on was not over: %s", len(e.calls), e.calls[0].index, help)}
		}
	}
	return Result{Verdict: checkers.Passed()}
}

// help says what makes a history easier to judge.
const help = "fewer calls under way at one time, an instant now and then at which none is, and fewer calls of unknown outcome would help"

// clock is what is left of a limit of time.
type clock struct {
	limit time.Duration
	end   time.Time
}

func newClock(limit time.Duration) clock { return clock{limit, time.Now().Add(limit)} }

// slice is a clock for d of what is left.
func (c clock) slice(d time.Duration) clock {
	if c.limit < 0 {
		return c
	}
	return newClock(max(min(d, time.Until(c.end)), 0))
}

// left is for porcupine, to which 0 means no limit.
func (c clock) left() time.Duration {
	if c.limit < 0 {
		return 0
	}
	return max(time.Until(c.end), time.Nanosecond)
}

func (c clock) over() bool { return c.limit >= 0 && !time.Now().Before(c.end) }
