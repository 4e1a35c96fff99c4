package sched

// Coverage is how far an exploration has come.
type Coverage struct {
	Schedules int // runs
	// Traces is how many of them were complete. Without a bound, no two are the same up to the order of steps that commute.
	Traces int
	// Blocked is how many turned out, on the way, to be like one explored before. They
	// were run to their end all the same.
	Blocked int
	// Cut is how many took more than half of the steps allowed, and were not followed from there on, or were ended though they could have
	// gone on.
	Cut int
	// Preemptions is the bound, or Unbounded.
	Preemptions int
	// Complete says that every schedule within the bound was covered.
	Complete bool
	// Done is the part of the tree explored, from 0 to 1, if all that is open beside a decision is as large as what is done. With reduction it is at
	// first far too high, and goes back, since new branches show as one goes (measured: 0.5 after one schedule of 20, and 0.4 after half of 204);
	// with a bound on preemptions it grows, and is far too low (0.04 after nine tenths of 610). So no verdict says it.
	Done float64

	parts int // that were added up; 0 is one
}

// Estimate is how many schedules there are in all, if Done is right.
func (c Coverage) Estimate() float64 {
	if c.Done <= 0 {
		return 0
	}
	return float64(c.Schedules) / c.Done
}

// Add adds what another part of a divided exploration covered. The zero Coverage is that of no part.
func (c Coverage) Add(o Coverage) Coverage {
	if c == (Coverage{}) {
		return o
	}
	parts := float64(max(c.parts, 1) + max(o.parts, 1))
	c.Done = (c.Done*float64(max(c.parts, 1)) + o.Done*float64(max(o.parts, 1))) / parts
	c.parts = int(parts)
	c.Schedules += o.Schedules
	c.Traces += o.Traces
	c.Blocked += o.Blocked
	c.Cut += o.Cut
	c.Complete = c.Complete && o.Complete
	return c
}

// Coverage tells how far the exploration has come.
func (e *Explorer) Coverage() Coverage {
	c := e.coverage
	c.Complete = e.over && c.Cut == 0
	c.Done = e.done()
	return c
}

// done is the part of the tree that is explored. Each alternative of a decision counts as
// an equal share of it (Knuth: Estimating the Efficiency of Backtrack Programs, Mathematics of
// Computation 1975, turned around).
func (e *Explorer) done() float64 {
	if e.over {
		return 1
	}
	sum, share := 0.0, 1.0
	for i := range e.nodes {
		n := &e.nodes[i]
		all := float64(len(n.done) + 1 + len(n.todo))
		sum += share * float64(len(n.done)) / all
		share /= all
	}
	return sum
}

func (c *Coverage) count(blocked, cut bool) {
	c.Schedules++
	switch {
	case cut:
		c.Cut++
	case blocked:
		c.Blocked++
	default:
		c.Traces++
	}
}
