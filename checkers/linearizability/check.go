package linearizability

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"synchrony/checkers"
	"synchrony/models/trace"
)

// NotLinearizable is the rule of this package's failures.
const NotLinearizable = "not linearizable"

// Options bounds a check. The zero value has the defaults.
type Options struct {
	// Timeout is how long the search may take in all; 0 is DefaultTimeout, negative no
	// limit.
	Timeout time.Duration
	// MaxCalls is how many calls one search may have, for its memory grows with their
	// square; 0 is DefaultMaxCalls.
	MaxCalls int
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
	// Longest is, if the verdict is Fail, a longest sequence of calls of the part at
	// fault, by their indices, that can be explained.
	Longest []int

	model porcupine.Model
	info  porcupine.LinearizationInfo
}

// Visualize writes an HTML page of the part of the history that is at fault, with
// what can be explained of it. The verdict must be Fail.
func (r Result) Visualize(w io.Writer) error {
	if r.Status != checkers.Fail {
		return fmt.Errorf("there is nothing to show of a history that is not at fault (verdict: %v)", r.Status)
	}
	return porcupine.Visualize(r.model, r.info, w)
}

// Check decides whether h is linearizable by the model. The verdict is Unknown for a
// malformed history or one of another model, and past the bounds.
func Check(m Model, h *trace.Calls, o Options) Result {
	if err := h.Validate(); err != nil {
		return Result{Verdict: checkers.Undecided("%v", err)}
	}
	if err := m.admit(h); err != nil {
		return Result{Verdict: checkers.Undecided("%v", err)}
	}
	o = o.withDefaults()
	initial := map[string][]trace.Entry{} // by key, for a model that is judged by key
	if m.single {
		for i, e := range h.Initial {
			initial[e.Key] = h.Initial[i : i+1]
		}
	}
	var spaces []*space
	for _, part := range partition(m, h) {
		entries := h.Initial
		if m.single {
			entries = initial[h.Calls[part[0]].Actions[0].Key]
		}
		spaces = append(spaces, compile(h, part, entries))
	}
	return checkAll(spaces, o)
}

// firstSlice is how much time a space gets at first.
const firstSlice = 100 * time.Millisecond

// checkAll judges spaces that are independent of each other. One may be at fault that
// is found out at once, and another take for ever: so each gets a little time, and
// those that are left then get more.
func checkAll(spaces []*space, o Options) Result {
	whole := newClock(o.Timeout)
	for slice := firstSlice; len(spaces) > 0; slice *= 8 {
		var left []*space
		var unknown Result
		for _, s := range spaces {
			limit := slice
			if whole.limit >= 0 {
				limit = min(slice, time.Until(whole.end))
			}
			r := s.check(newClock(max(limit, 0)), o.MaxCalls)
			switch {
			case r.Status == checkers.Fail:
				return r
			case r.Status == checkers.Unknown && !s.tooLarge:
				left = append(left, s)
				unknown = r
			case r.Status == checkers.Unknown:
				return r
			}
		}
		if len(left) > 0 && whole.over() {
			unknown.Reason = fmt.Sprintf("out of time after %v: %s", o.Timeout, unknown.Reason)
			return unknown
		}
		spaces = left
	}
	return Result{Verdict: checkers.Passed()}
}

// partition divides the calls among the objects that they are on, in order of first
// use. A pending call that only reads says nothing.
func partition(m Model, h *trace.Calls) [][]int {
	var parts [][]int
	number := map[string]int{}
	for i := range h.Calls {
		c := &h.Calls[i]
		if c.Pending() && !slices.ContainsFunc(c.Actions, func(a trace.Action) bool { return !reads(a.Kind) }) {
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

func reads(k trace.ActionKind) bool {
	return k == trace.ReadKey || k == trace.HasKey || k == trace.TakeAll
}

// check judges one partition, in epochs if it can be cut.
func (s *space) check(clock clock, maxCalls int) Result {
	states := [][]cell{s.initial}
	for _, e := range s.epochs(maxCalls) {
		if len(e.calls) > maxCalls {
			s.tooLarge = true
			return Result{Verdict: checkers.Undecided(
				"too large: %d calls, with no instant between them at which none was under way and few values can be left; the limit is %d", len(e.calls), maxCalls)}
		}
		next, result := s.checkEpoch(e, states, clock)
		if result.Status != checkers.Pass {
			return result
		}
		states = next
	}
	return Result{Verdict: checkers.Passed()}
}

// checkEpoch judges an epoch that begins in one of some states, and returns those in
// which it can end.
func (s *space) checkEpoch(e epoch, states [][]cell, clock clock) ([][]cell, Result) {
	var ends [][]cell
	undecided := false
	for _, state := range states {
		for _, end := range s.candidates(e, state) {
			if slices.ContainsFunc(ends, func(x []cell) bool { return slices.Equal(x, end) }) {
				continue
			}
			switch porcupine.CheckOperationsTimeout(s.model(state), s.operations(e, end), clock.left()) {
			case porcupine.Ok:
				ends = append(ends, end)
			case porcupine.Unknown:
				undecided = true
			}
			if clock.over() {
				return nil, Result{Verdict: checkers.Undecided("the search from call %d on took too long; fewer calls under way at one time, or more keys, would help", e.calls[0].index)}
			}
		}
	}
	switch {
	case len(ends) > 0:
		return ends, Result{Verdict: checkers.Passed()}
	case undecided:
		return nil, Result{Verdict: checkers.Undecided("the search from call %d on took too long", e.calls[0].index)}
	default:
		return nil, s.explain(e, states)
	}
}

// model is porcupine's model of the space, from a state. It numbers texts on its own:
// a search whose time is over may still run for a moment.
func (s *space) model(initial []cell) porcupine.Model {
	own := *s
	own.texts = s.texts.clone()
	return porcupine.Model{
		Init: func() any { return newArray(slices.Clone(initial)) },
		Step: func(state, input, _ any) (bool, any) {
			ok, next := own.run(state.(*array[cell]), input.(*compiled))
			return ok, next
		},
		Equal:             func(x, y any) bool { return x.(*array[cell]).equal(y.(*array[cell])) },
		Hash:              func(x any) uint64 { return x.(*array[cell]).sum },
		DescribeOperation: func(input, _ any) string { return input.(*compiled).String() },
		DescribeState:     func(state any) string { return own.describe(state.(*array[cell])) },
	}
}

// clock is what is left of a limit of time.
type clock struct {
	limit time.Duration
	end   time.Time
}

func newClock(limit time.Duration) clock { return clock{limit, time.Now().Add(limit)} }

// left is for porcupine, to which 0 means no limit.
func (c clock) left() time.Duration {
	if c.limit < 0 {
		return 0
	}
	return max(time.Until(c.end), time.Nanosecond)
}

func (c clock) over() bool { return c.limit >= 0 && !time.Now().Before(c.end) }
