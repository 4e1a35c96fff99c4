//go:build go1.26

package testing

import (
	"cmp"

	"synchrony/executor/sched"
)

// input is what a test says of the input that it draws for itself.
type input struct {
	text   string
	drawn  bool
	reduce func(text string, fails func(text string) bool) // nil if the test has none
}

// Input returns the input of the run, as a text: what draw returns, which is called in the first run and depends on nothing that changes; or what the search or a replay
// tries in its place. When the test has failed, reduce is called outside of any run with the input's text, to look for smaller ones: it calls fails with one after the other, each
// smaller than the last one that failed, until it knows none. fails says whether the test fails with it in the same way. Of a test that has several inputs, that is so for the
// first it asks for; the others are drawn in every run.
//
// The text has no line that begins a file of a txtar archive. A test finds the method by asserting that its T has it; the standard library's has not.
func (t *T) Input(draw func() string, reduce func(text string, fails func(text string) bool)) string {
	if t.run.asked {
		return draw()
	}
	t.run.asked = true
	in := t.run.input
	in.reduce = reduce
	if t.run.workload != "" {
		return t.run.workload
	}
	if !in.drawn {
		in.text, in.drawn = draw(), true
	}
	return in.text
}

// Undecided ends the test, as SkipNow does, and says that it cannot tell whether the run was right: which is neither a pass nor a failure, and is told with the reason.
// A test finds the method as it finds [T.Input].
func (t *T) Undecided(reason string) {
	t.record(reason, false)
	t.run.mu.Lock()
	t.run.undecided = cmp.Or(t.run.undecided, reason, "the test does not say why")
	t.run.mu.Unlock()
	t.SkipNow()
}

// What looking for a smaller input may cost: so many runs, and steps of these.
const (
	mostReduceRuns  = 30_000
	mostReduceSteps = 40_000_000
)

// How many schedules of a smaller input are searched: some times as many as the failure took to be found the last time, within these bounds.
const (
	effortFactor = 4
	leastEffort  = 100
	mostEffort   = 2000
)

// reduction is the search for a smaller input under way.
type reduction struct {
	*search
	best   *found
	record sched.Record // of the best
	rarity int          // how many schedules the last search took that found the failure
	runs   int
	limit  int64 // steps of all runs of the test
}

// reduce looks for a smaller input with which the test fails as in f, and returns the smallest one's run; f if there is none, or the test has no input.
func (s *search) reduce(f *found) *found {
	if s.input.reduce == nil || f.outcome.settings.Workload != "" || !f.outcome.conclusive() || f.outcome.kind == Race {
		return f
	}
	r := &reduction{search: s, rarity: f.number, limit: s.steps + mostReduceSteps}
	out := s.once(sched.Deviate(f.schedule.Deviations), s.brief(f), false)
	if !out.same(&f.outcome) {
		return f // whoever minimises the schedule will tell
	}
	r.keep(f, &out)
	s.input.reduce(s.input.text, r.fails)
	if r.best == f || f.outcome.kind != Livelock {
		return r.best
	}
	r.best.outcome.settings.MaxSteps = f.outcome.settings.MaxSteps
	if g := s.watched(r.best); g.outcome.same(&f.outcome) {
		return g
	}
	return f
}

func (r *reduction) keep(f *found, out *outcome) {
	r.best, r.record = f, out.Record.Clone()
	r.best.outcome.Record = sched.Record{}
}

// fails tries an input: what is left of the best one's schedule first, then schedules as in any search.
func (r *reduction) fails(text string) bool {
	o := r.brief(r.best)
	o.Workload = text
	for _, strategy := range append([]sched.Strategy{sched.Deviate(r.best.schedule.Deviations)}, sched.Projections(&r.record)...) {
		if r.try(strategy, r.best.strategy, o) {
			return true
		}
	}
	if r.over() {
		return false
	}
	r.runs++
	base := r.once(sched.Default(), o, false)
	if base.same(&r.best.outcome) {
		r.keep(&found{r.best.number, "default", base.schedule(), base}, &base)
		return true
	}
	mix, err := newMixture(r.Seed, r.Strategies, base.Record)
	if err != nil {
		return false // the search has made one of the same names
	}
	for n := 1; n <= min(max(effortFactor*r.rarity, leastEffort), mostEffort); n++ {
		strategy, name, choose := mix.strategy(n)
		o.DataChoices = choose
		if r.try(strategy, name, o) {
			r.rarity = n
			return true
		}
	}
	return false
}

// over reports that the reduction has cost what it may.
func (r *reduction) over() bool { return r.runs >= mostReduceRuns || r.steps >= r.limit }

// try makes a run, and keeps it if it fails in the same way.
func (r *reduction) try(strategy sched.Strategy, name string, o Settings) bool {
	if r.over() {
		return false
	}
	r.runs++
	out := r.once(strategy, o, false)
	if !out.same(&r.best.outcome) {
		return false
	}
	r.keep(&found{r.best.number, name, out.schedule(), out}, &out)
	return true
}
