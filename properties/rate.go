package properties

import (
	"context"
	"math"
)

// rate is how often a failure came that does not come each time: in so many of so many runs.
type rate struct{ hits, runs int }

// How many runs tell a rate, of what was found and of each smaller workload; and in how many hundredths of cases all runs may pass that are to show a failure
// again.
const (
	mostForRate = 200
	fewForRate  = 40
	missPercent = 1
)

// The fewest and the most runs that are to show a failure again.
const (
	fewestRuns = 10
	mostRuns   = 1000
)

// needed is how many runs it takes for a failure of this rate to come again in all but one of a hundred tries. A rate of which nothing is known takes
// the most.
func (r rate) needed() int {
	switch {
	case r.hits <= 0 || r.runs <= 0:
		return mostRuns
	case r.hits >= r.runs:
		return fewestRuns
	}
	n := math.Log(missPercent/100.0) / math.Log(1-float64(r.hits)/float64(r.runs))
	return min(max(int(math.Ceil(n)), fewestRuns), mostRuns)
}

// rateOf runs w on real goroutines, up to so many times, and counts in how many of them it fails as told.
func (p *engine[W, O]) rateOf(ctx context.Context, w W, checker string, most int) (r rate, err error) {
	for i := 0; i < most && ctx.Err() == nil && !p.hung; i++ {
		a, err := p.runReal(ctx, w, uint64(i))
		switch {
		case err != nil:
			return r, err
		case a.unavailable != "":
			continue
		}
		r.runs++
		if a.failed(checker) {
			r.hits++
		}
	}
	return r, nil
}

// refindReal runs w on real goroutines, until it fails as the best did, or so often that it would have failed if it did as often.
func (s *shrinking[W, O]) refindReal(ctx context.Context, w W) (*finding[O], error) {
	last := &s.best.finding
	for i := range s.rate.needed() {
		if s.over(ctx) {
			return nil, nil
		}
		s.alive()
		a, err := s.runReal(ctx, w, s.seed+uint64(i))
		if err != nil || !s.count(&a) {
			return nil, err
		}
		if !a.failed(last.checker) {
			continue
		}
		r, err := s.rateOf(ctx, w, last.checker, fewForRate)
		s.best.runs += r.runs
		s.rate = rate{r.hits + 1, r.runs + i + 1}
		return &finding[O]{a, last.strategy}, err
	}
	return nil, nil
}

// tellRate notes in c, which states a violation on real goroutines, how often it comes.
func (p *engine[W, O]) tellRate(ctx context.Context, small *shrunk[W, O], c *Counterexample) error {
	a := &small.finding.attempt
	if !a.real || a.hung || !p.Hosted {
		return nil
	}
	r, err := p.rateOf(ctx, small.workload, a.checker, mostForRate)
	c.Hits, c.Runs = r.hits, r.runs
	return err
}
