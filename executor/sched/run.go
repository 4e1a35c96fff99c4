package sched

import (
	"slices"

	"synchrony/models/schedule"
)

// Strategy decides a controlled run's schedule. A strategy serves one run.
type Strategy interface {
	// Choose returns the index in p.Enabled of the task that takes the next
	// step. It is called at every decision, also when there is one choice only. It must
	// neither keep p nor change it.
	Choose(p *Point) int
}

// Point is a scheduling decision.
type Point struct {
	Step    int   // the decision's number, from 0
	Current int32 // the task that took the last step; after the clock, the first that it woke

	// Enabled is who may run: the current task first if it is enabled, then
	// round-robin by number, the [Clock] last. So index 0 is the default. A current
	// task that is about to spin comes after the other tasks; and
	// if all tasks only spin, a whole turn without a change, the clock comes first.
	Enabled []Choice

	run *controlled
}

// Choice is a task that may run, and the step it would take.
type Choice struct {
	Task   int32
	Op     schedule.Op
	Object schedule.Object
}

// Record is what a controlled run did.
type Record struct {
	// Schedule replays the run, under the same Options.
	Schedule schedule.Schedule
	// Steps are all steps, one for each decision. They tell the whole order between
	// tasks: see the package documentation.
	Steps []schedule.Step
	// Choices is how many choices each decision had, up to 65,535.
	Choices []uint16
	Tasks   []string // names, by task number
	// Stuck is nil if every task ended.
	Stuck *Stuck

	waiting []pending // the steps that tasks had announced and not taken
	tail    effects   // of the last step
}

// Clone returns a copy of r that shares no memory with it.
func (r Record) Clone() Record {
	r.Schedule.Deviations = slices.Clone(r.Schedule.Deviations)
	r.Steps = slices.Clone(r.Steps)
	r.Choices = slices.Clone(r.Choices)
	r.Tasks = slices.Clone(r.Tasks)
	r.waiting = slices.Clone(r.waiting)
	return r
}

// Options bounds a controlled run.
type Options struct {
	// MaxSteps is how many steps a run may take before it is a livelock; 0 is the
	// default, 100,000. From half of them on, the tasks and the clock take turns, whatever the
	// strategy says.
	MaxSteps int
	// PatientClock keeps time from passing while any task can run, as if the machine
	// were infinitely fast. Else a timer may fire at any point: the tasks were slow.
	PatientClock bool
}

const defaultMaxSteps = 100_000

// Run runs main, and all tasks it starts, under strategy s, until every task has
// ended or none can go on. It returns when no task is left; tasks that cannot end
// are ended by runtime.Goexit in the hook they are in. Panics of tasks
// are reported in the record. Runs are independent: several may go on at once.
//
// Run must not be called by a goroutine that is locked to its thread.
func Run(s Strategy, o Options, main func(*Runtime)) Record {
	return new(Runner).Run(s, o, main)
}

// Runner runs one program after another, reusing its buffers. The zero value is
// ready to use, by one goroutine at a time.
type Runner struct {
	c     controlled
	names []string
	tasks []taskName
}

// taskName remembers what a name in names was made from.
type taskName struct {
	name  string
	index int
}

// Run is as the function [Run], but the Record's slices are good only until the
// runner's next run; Clone keeps them.
func (r *Runner) Run(s Strategy, o Options, main func(*Runtime)) Record {
	steps := o.MaxSteps
	if steps <= 0 {
		steps = defaultMaxSteps
	}
	c := &r.c
	c.reset(s, steps)
	c.patient = o.PatientClock
	rt := &Runtime{ctl: c}
	c.start("main", -1, func() { main(rt) }, taskObject(0), nil)
	c.run()
	if c.stuck == nil && len(c.live) > 0 {
		kind := Deadlock
		if c.tasks[0].over {
			kind = Leak
		}
		c.stuck = &Stuck{Kind: kind, Tasks: c.waiting()}
	}
	waiting := c.pending()
	c.unwind()
	c.done.Load()
	rt.close()

	rec := Record{
		Schedule: schedule.Schedule{Deviations: c.deviations, Hash: max(c.hash, 1), Steps: len(c.steps)},
		Steps:    c.steps, Choices: c.choices, Tasks: r.title(), Stuck: c.stuck,
		waiting: waiting, tail: c.tail,
	}
	if v, ok := s.(interface{ verify(*Record) *Stuck }); ok {
		if stale := v.verify(&rec); stale != nil {
			rec.Stuck = stale
		}
	}
	return rec
}

// close makes rt one of plain goroutines: to use it after the run is harmless.
//
//go:norace
func (rt *Runtime) close() { rt.ctl = nil }

// title names the tasks. The names rarely change from run to run.
func (r *Runner) title() []string {
	for i := range r.c.spawned {
		t := r.c.tasks[i]
		n := taskName{t.name, t.index}
		switch {
		case i == len(r.names):
			r.names, r.tasks = append(r.names, t.title()), append(r.tasks, n)
		case r.tasks[i] != n:
			r.names[i], r.tasks[i] = t.title(), n
		}
	}
	return r.names[:r.c.spawned]
}
