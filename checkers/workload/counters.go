package workload

import (
	"cmp"
	"slices"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// change is that bounds change at a time.
type change struct {
	at           time.Duration
	lower, upper int64
}

// reading is a read of a number.
type reading struct {
	span
	number int64
}

func readingOf(x *history.Operation) reading { return reading{spanOf(x), x.Result.Value.Number} }

// counter bounds each read (jepsen.checker/counter): from below by the additions that had been acknowledged when it
// was invoked, and from above by those that had been invoked when it returned. Of a negative one it is the other way round.
type counter struct {
	invoked, returned []change
	reads             []reading
	adds, odd         unjudgeable // for an addition, and for a read
}

func newCounter(Options) judge { return &counter{} }

func (c *counter) add(x *history.Operation) {
	switch {
	case may(x, "add"):
		if x.Argument.Value.Kind != history.Number {
			c.adds.note(x, "line %d adds %s, which is no whole number", x.Line, x.Argument.Text())
			return
		}
		n := x.Argument.Value.Number
		c.invoked = append(c.invoked, change{x.Invoked, min(n, 0), max(n, 0)})
		if x.Outcome == history.Committed {
			c.returned = append(c.returned, change{x.Returned, max(n, 0), min(n, 0)})
		}
	case did(x, "read") && !x.Result.IsNil():
		if x.Result.Value.Kind != history.Number {
			c.odd.note(x, "line %d reads %s, which is no whole number", x.Line, x.Result.Text())
			return
		}
		c.reads = append(c.reads, readingOf(x))
	}
}

func (c *counter) verdict(f *findings) checkers.Verdict {
	if c.adds.reason != "" {
		return c.adds.verdict()
	}
	low, fits := newSums(c.invoked)
	high, also := newSums(c.returned)
	if !fits || !also {
		return checkers.Undecided("the additions add up to more than 64 bits hold")
	}
	inOrder(c.reads)
	for _, r := range c.reads {
		// What was invoked by its return may have been added; what had returned by its invocation certainly was.
		may, sure := low.upTo(r.returned, true), high.upTo(r.invoked, false)
		lower, upper := sure.lower+may.lower, may.upper+sure.upper
		if n := r.number; n < lower || n > upper {
			f.add("read out of bounds", "the read of line %d is %d, and must be between %d and %d", r.line, n, lower, upper)
		}
	}
	return f.unless(&c.odd, len(c.reads), "read")
}

// sums are changes in the order of time, each with all before it.
type sums []change

// mostSum bounds sums, so that two of them can be added.
const mostSum = 1 << 61

// newSums reports also whether all sums are small enough to be added.
func newSums(list []change) (sums, bool) {
	slices.SortStableFunc(list, func(x, y change) int { return cmp.Compare(x.at, y.at) })
	var lower, upper int64
	for i := range list {
		c := &list[i]
		if min(c.lower, c.upper) < -mostSum || max(c.lower, c.upper) > mostSum {
			return nil, false
		}
		lower += c.lower
		upper += c.upper
		if min(lower, upper) < -mostSum || max(lower, upper) > mostSum {
			return nil, false
		}
		c.lower, c.upper = lower, upper
	}
	return list, true
}

// upTo is the sum of the changes before a time, or also at it.
func (s sums) upTo(at time.Duration, including bool) change {
	i, _ := slices.BinarySearchFunc(s, at, func(c change, at time.Duration) int {
		if c.at < at || including && c.at == at {
			return -1
		}
		return 1
	})
	if i == 0 {
		return change{}
	}
	return s[i-1]
}

// monotonic looks for a read that is less than one that had returned before it was invoked.
// What an inc or an add that is given nothing returns counts as a read.
type monotonic struct {
	reads []reading
	odd   unjudgeable
}

func newMonotonic(Options) judge { return &monotonic{} }

func (m *monotonic) add(x *history.Operation) {
	switch {
	case x.Outcome != history.Committed || x.Name == "write" || x.Result.IsNil() || x.Name != "read" && !x.Argument.IsNil():
	case x.Result.Value.Kind != history.Number:
		m.odd.note(x, "line %d reads %s, which is no whole number", x.Line, x.Result.Text())
	default:
		m.reads = append(m.reads, readingOf(x))
	}
}

func (m *monotonic) verdict(f *findings) checkers.Verdict {
	inOrder(m.reads)
	ended := slices.Clone(m.reads)
	slices.SortStableFunc(ended, func(x, y reading) int { return cmp.Compare(x.returned, y.returned) })
	next, greatest := 0, 0 // of those that have ended before
	for _, x := range m.reads {
		for ; next < len(ended) && ended[next].returned < x.invoked; next++ {
			if ended[next].number > ended[greatest].number {
				greatest = next
			}
		}
		if y := ended[greatest]; next > 0 && x.number < y.number {
			f.add("went back", "line %d reads %d, after line %d had read %d", x.line, x.number, y.line, y.number)
		}
	}
	return f.unless(&m.odd, len(m.reads), "read")
}
