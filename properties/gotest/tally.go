package gotest

import (
	"math"
	"slices"
	"time"

	protocol "synchrony/executor/shim/testing"
	"synchrony/properties"
)

// What is run beside the schedules that were asked for.
const (
	toReplay  = "to replay counterexamples"
	forStale  = "to search what stale counterexamples are of"
	asFirst   = "as the first of a process"
	toConfirm = "to confirm what was found"
	inCommon  = "before each had a process of its own"
)

// allot gives the next of so many stages its share of the schedules and of the time that are left; false if there are no schedules left.
func (h *search) allot(stages int) bool {
	if !h.deadline.IsZero() {
		now := time.Now()
		h.until = now.Add(h.deadline.Sub(now) / time.Duration(stages))
	}
	if h.spec.Schedules == 0 {
		return true
	}
	left := h.spec.Schedules - h.res.Schedules
	h.most = (left + stages - 1) / stages
	return left > 0
}

// share is how many schedules a request may try, of those that are left for the stage.
func (h *search) share(most int) int {
	if h.most == 0 {
		return most
	}
	return max(min(most, h.most-h.tried), 0)
}

// exploration asks for every schedule, within half of what is left: of the schedules, or, if only the time is bounded, of that.
func (h *search) exploration() protocol.Search {
	if h.most == 0 {
		return protocol.Search{Schedules: math.MaxInt32, Explore: true, Within: max(time.Until(h.until)/2, 1)}
	}
	return protocol.Search{Schedules: h.share(max(h.most/2, probe)), Explore: true} // 0 if nothing is left
}

// aside runs a part of the search whose schedules are not among those that were asked for.
func (h *search) aside(as string, part func() error) error {
	before := h.as
	h.as = as
	defer func() { h.as = before }()
	return part()
}

// ran counts n schedules of the stage that a strategy chose.
func (h *search) ran(strategy string, n int) {
	h.tried += n
	if h.as != "" {
		h.res.RanBeside(h.as, n)
		return
	}
	h.res.Ran(strategy, n)
}

// besides is how many runs were counted so.
func (h *search) besides(as string) (n int) {
	for _, s := range h.res.Beside {
		if s.Name == as {
			n += s.Schedules
		}
	}
	return n
}

// mark is what was counted at some point of the search.
type mark struct {
	schedules  int
	strategies []properties.Strategy
}

func (h *search) mark() mark { return mark{h.res.Schedules, slices.Clone(h.res.Strategies)} }

// discount takes what was tried since then for no part of the search.
func (h *search) discount(m mark, as string) {
	if n := h.res.Schedules - m.schedules; n > 0 {
		h.res.Schedules, h.res.Strategies = m.schedules, m.strategies
		h.res.RanBeside(as, n)
	}
}

// sign tells how far the search is, if so many schedules were tried for the stage that are not counted yet.
func (h *search) sign(n int) {
	p := properties.Progress{Property: h.test.Info.ID, Schedules: h.res.Schedules, Phase: properties.PhaseTesting}
	if h.as == "" {
		p.Schedules += n
		if h.most > 0 {
			p.Done = min((float64(h.stage)+float64(h.tried+n)/float64(h.most))/float64(h.of), 1)
		}
	}
	h.progress(p)
}
