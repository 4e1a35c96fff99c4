package farm

import (
	"sync"

	"synchrony/properties"
)

// tally adds up how far the tasks of a property are, and tells it as if they were one run.
type tally struct {
	id    string
	first int // number of the first case

	mu    sync.Mutex
	tell  func(properties.Progress)
	cases int // of tasks that are done
	ran   int // schedules of those
	under map[span]properties.Progress
	ended bool // nothing is told any more
}

func newTally(id string, first int, tell func(properties.Progress)) *tally {
	return &tally{id: id, first: first, tell: tell, under: map[span]properties.Progress{}}
}

// replaying tells how far replaying the corpus is.
func (t *tally) replaying(p properties.Progress) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tell(p)
}

// at notes how far a task is.
func (t *tally) at(s span, p properties.Progress) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.under[s] = p
	t.show()
}

// done notes what a task has shown.
func (t *tally) done(s span, r properties.Result) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.under, s)
	t.cases, t.ran = t.cases+r.Cases, t.ran+r.Schedules
	t.show()
}

// end ends the telling: a worker may still be heard of.
func (t *tally) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
}

// show tells how far all are. The lock is held.
func (t *tally) show() {
	if t.ended {
		return
	}
	p := properties.Progress{Property: t.id, Case: t.first + t.cases, Schedules: t.ran, Phase: properties.PhaseTesting}
	for s, at := range t.under {
		p.Case += max(at.Case-s.first, 0)
		p.Schedules += at.Schedules
		if at.Phase == properties.PhaseShrinking {
			p.Phase = at.Phase
		}
	}
	t.tell(p)
}
