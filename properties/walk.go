package properties

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// Walk is the execution of a counterexample step by step, as a debugger of it shows it.
type Walk struct {
	Steps  []schedule.Step
	Tasks  []string
	Deeds  []string   // by step, what its task does: "locks mutex 0"
	Stacks [][]string // by step, "file.go:12 package.function", innermost first; empty where none is known
	// Left are the tasks that were left at the end, and Ended says how it ended, if not well.
	Left  []Waiting
	Ended string
	// Deviates says at which steps it left the default schedule.
	Deviates   map[int]bool
	Reproduced bool // it failed as the counterexample says
}

// Waiting is a task that was left at the end of an execution.
type Waiting struct {
	Task  int32
	Does  string // "waits to lock mutex 1"
	End   string // in a sentence, of a run that ended because of it: "worker 0 waits at a.go:5 to lock mutex 1, which worker 1 has locked"; else empty
	Stack []string
}

// Walker is a property whose executions can be walked through. Every [Property] is one.
type Walker interface {
	// Walk runs a counterexample once on its schedule, in this process. An error says why there are no steps of it.
	Walk(ctx context.Context, c *Counterexample) (*Walk, error)
}

// Name is the name of a task for a reader.
func (w *Walk) Name(task int32) string { return (&sched.Record{Tasks: w.Tasks}).Name(task) }

// Walk is that of [Walker].
func (p *Property[W, O]) Walk(ctx context.Context, c *Counterexample) (*Walk, error) {
	p, err := p.complete()
	if err != nil {
		return nil, err
	}
	w, err := p.Codec.Parse(c.Workload)
	if err != nil {
		return nil, err
	}
	if c.Schedule == nil || p.Unscheduled {
		return nil, errors.New("it has no schedule, and so no steps: it failed where goroutines are real")
	}
	e := &engine[W, O]{Property: p}
	a, err := e.run(ctx, w, sched.Replay(*c.Schedule))
	if err != nil {
		return nil, err
	}
	if s := a.ended(); s != nil && s.Kind == sched.Stale {
		return nil, fmt.Errorf("its schedule does not fit any more (%s); verify replay searches its case anew", s.Detail)
	}
	if a.record == nil {
		return nil, errors.New("it did not end in time, so that its steps are not known")
	}
	r, err := e.fresh().positioned(ctx, w, a.record)
	if err != nil {
		return nil, err
	}
	return walkOf(r, a.failed(c.Checker), e.objectNames(w, &a)), nil
}

// walkOf is what a record shows to a reader. object names what its steps touch.
func walkOf(r *sched.Record, reproduced bool, object func(schedule.Object) string) *Walk {
	walk := &Walk{Steps: r.Steps, Tasks: r.Tasks, Deviates: map[int]bool{}, Reproduced: reproduced}
	walk.Deeds = schedule.Deeds(r.Steps, r.Parked, object, r.Name)
	for i := range r.Steps {
		walk.Stacks = append(walk.Stacks, sched.Positions(r.Stack(i)))
	}
	for _, d := range r.Schedule.Deviations {
		walk.Deviates[d.Step] = true
	}
	waits := waitsOf(r, object)
	for i, s := range r.States {
		var names []string
		for _, o := range s.Objects {
			names = append(names, object(o))
		}
		does := Wait{Op: s.Op.String(), Object: strings.Join(names, ", "), Ready: s.Ready}
		left := Waiting{Task: s.Task, Does: strings.TrimSpace(does.String()), Stack: sched.Positions(s.Stack)}
		if waits != nil {
			left.End = waits[i].String()
		}
		walk.Left = append(walk.Left, left)
	}
	if r.Stuck != nil {
		walk.Ended = r.Stuck.Error()
	}
	return walk
}
