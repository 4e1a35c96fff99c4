package properties

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// A case is under control if every run on one schedule takes the same steps, and if
// nothing of it runs outside of the scheduler. What is not under control has no schedules
// to be searched: it is run a number of times, as it comes, and what fails is told as
// "k of n". To call such runs schedules, or the case covered, would be a lie.

// control is what one run of a case on the default schedule shows of that.
type control struct {
	none         bool // it did not end, or could not be run: nothing else is known
	steps        []schedule.Step
	tasks        int
	uncontrolled int    // goroutines started beside the tasks; 0 if one of several runs started none
	hash         uint64 // of the trace
	said         string // why the system says itself that it is not under control; nothing else is known then
}

// uncontrolledRuns is how many runs must each have started goroutines of their own before the
// system is said to: others of the process may start some, too.
const uncontrolledRuns = 4

// probe runs w without judging it.
func (p *engine[W, O]) probe(ctx context.Context, w W) (control, error) {
	var c control
	for i := range uncontrolledRuns {
		runs.Lock()
		before := sched.Started()
		a, err := p.executeAlone(ctx, w, sched.Default(), p.options())
		after := sched.Started()
		runs.Unlock()
		if err != nil {
			return c, err
		}
		if a.unavailable != "" {
			p.judge(w, &a)
			p.last = a
		}
		if a.final() {
			return control{none: true}, nil
		}
		uncontrolled := after - before - max(len(a.record.Tasks), a.record.Begun) // tasks that called runtime.Goexit are ended on a goroutine more
		if p.watched() > 0 {
			uncontrolled-- // the watchdog's
		}
		if i == 0 {
			c = control{steps: slices.Clone(a.record.Steps), tasks: len(a.record.Tasks), uncontrolled: uncontrolled, hash: a.record.Schedule.Hash}
		}
		c.uncontrolled = min(c.uncontrolled, uncontrolled)
		if a.record.Stuck != nil { // its tasks were ended on goroutines of the scheduler's
			c.uncontrolled = 0
			if p.Hosted { // what it waits for may be up to goroutines that are no tasks
				c.uncontrolled = a.record.Uncontrolled
			}
		}
		if c.uncontrolled <= 0 {
			break
		}
	}
	return c, nil
}

// idle reports whether the run took no step on the runtime, but for those in which its
// main function begins and ends.
func (c *control) idle() bool { return c.said == "" && untouched(c.tasks, len(c.steps)) }

// idle reports whether a run took no such step.
func idle(r *sched.Record) bool { return untouched(len(r.Tasks), len(r.Steps)) }

func untouched(tasks, steps int) bool { return tasks == 1 && steps <= 2 }

// nothingChosen ends what is said of cases that took no step on the runtime.
const nothingChosen = ", so no schedule was chosen: is the system written on it?"

// lost says why the case is not under control, given another run on the same schedule;
// empty if it is.
func (c *control) lost(repeat *sched.Record) string {
	switch {
	case c.said != "":
		return c.said
	case c.uncontrolled > 0:
		return fmt.Sprintf("the system starts goroutines of its own (%d or more in each of %d runs), which the scheduler does not control (in a Go test, verify test does)", c.uncontrolled, uncontrolledRuns)
	case repeat.Schedule.Hash != c.hash:
		return "the system does not do the same on the same schedule: " + firstDifference(c.steps, repeat.Steps)
	}
	return ""
}

// firstDifference says where two runs part.
func firstDifference(a, b []schedule.Step) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("step %d was %v, and in a repeat %v", i, a[i], b[i])
		}
	}
	if len(a) != len(b) {
		return fmt.Sprintf("it took %d steps, and in a repeat %d", len(a), len(b))
	}
	return "other tasks could run"
}

// stress runs a case that is not under control as often as the budget has schedules, under
// schedules as far as there are any, and on plain goroutines if the runtime is not used at all, or only by some goroutines of the system.
func (p *engine[W, O]) stress(ctx context.Context, w W, steps int, b Budget, rng *rand.Rand, note noteFunc[O]) (*finding[O], error) {
	runs := b.Single + b.Random
	if p.idle && !p.Hosted {
		runs = b.Random // most such cases end before anything runs
	}
	for i := range runs {
		a, err := p.stressed(ctx, w, i, steps, rng.Uint64())
		if err != nil {
			return nil, err
		}
		if f := note(byStress, &a); f != nil || a.final() {
			return f, nil
		}
	}
	return nil, nil
}

// stressed is one such run. It has no schedule that could be kept.
func (p *engine[W, O]) stressed(ctx context.Context, w W, i, steps int, seed uint64) (attempt[O], error) {
	if p.idle || p.Hosted {
		return p.runReal(ctx, w, seed)
	}
	a, err := p.run(ctx, w, sampled(mixed(i), seed, steps))
	a = a.detach()
	a.record = nil
	return a, err
}
