package sched

import (
	"runtime"
	"slices"
	"sync/atomic"

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
	// task that is about to spin or to yield comes after the other tasks; and
	// if all tasks only do so, and nothing changes, the clock comes first.
	Enabled []Choice

	// Pick says that this is no choice among tasks, but of what the running task does next: see
	// [Runtime.Pick]. Any of Enabled may be taken, and none is a likelier default than another.
	Pick bool

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
	// States are those of the tasks that were left at the end, in ascending order; in a hosted run, one elsewhere, or with Options.Positions.
	States []State
	// Uncontrolled is how many goroutines were started during the run that are no tasks of it, and were left when it got stuck: they may be
	// who its tasks wait for. In a hosted run; 0 in a race build, where it is not known.
	Uncontrolled int
	Begun        int // goroutines made for the run: one for each task that took a step, and one more for each of them that had to be ended
	// Hasty says that time passed while a task could run, though not for ever to no avail: see Options.PatientClock and Runtime.Outside.
	Hasty bool
	// Pressed says that time passed while a task could run for no reason but that half of the steps were used up: the run took long, which
	// need not be so on a machine.
	Pressed bool

	// Raced is when the race detector reported the first race of the run, with Options.Positions in a race build; the zero value is never, or unknown.
	Raced Raced

	sites []uintptr // see Stack
	ends  []int32

	selected []selected
	parked   []int // see Parked

	waiting []pending // the steps that tasks had announced and not taken
	tail    effects   // of the last step
	touched []schedule.Object
}

// Name is the name of a task for a reader; the clock has no number of its own.
func (r *Record) Name(task int32) string {
	if task < 0 || int(task) >= len(r.Tasks) {
		return "the clock"
	}
	return r.Tasks[task]
}

// Clone returns a copy of r that shares no memory with it.
func (r Record) Clone() Record {
	r.Schedule.Deviations = slices.Clone(r.Schedule.Deviations)
	r.Steps = slices.Clone(r.Steps)
	r.Choices = slices.Clone(r.Choices)
	r.Tasks = slices.Clone(r.Tasks)
	r.waiting = slices.Clone(r.waiting)
	r.sites, r.ends = slices.Clone(r.sites), slices.Clone(r.ends)
	r.selected, r.parked = slices.Clone(r.selected), slices.Clone(r.parked)
	return r
}

// Options bounds a controlled run.
type Options struct {
	// MaxSteps is how many steps a run may take before it is a livelock; 0 is
	// [DefaultMaxSteps]. From half of them on, the tasks and the clock take turns, whatever the
	// strategy says.
	MaxSteps int
	// PatientClock keeps time from passing while any task can run, as if the machine
	// were infinitely fast. Else a timer may fire at any point: the tasks were slow.
	PatientClock bool
	// Goroutine identifies the goroutine that calls it by a number that no other live one has, and not 0. With it the running task
	// can be found by [Runtime.Here]: the run is hosted. Then everything that orders tasks may also order plain memory
	// that they share, alarms are rung one by one, and a patient clock lets timers fire that are set for no more than a microsecond, and
	// loses its patience once no task has changed anything for a while, or half of the steps are used up.
	Goroutine func() uintptr
	// LateRings is how often, in a hosted run, the clock may advance once the main function has returned, before tasks that go on from time to
	// time are a leak; 0 is 20.
	LateRings int
	// Watch is for how many more steps a hosted run is watched that has used up MaxSteps and shows no end, to see whether it ends after all. They are not
	// recorded. See Stuck.Endless.
	Watch int
	// Positions notes where each step was announced: see Record.Stack. It makes a run some times slower.
	Positions bool
	// Taken, if it is not nil, tells others while the run is under way how many steps it has taken, rounded.
	Taken *Counter
}

// Counter is a number of steps that one goroutine tells and others read.
type Counter struct{ n atomic.Int64 }

// Load is the number last told.
func (c *Counter) Load() int64 { return c.n.Load() }

// takenEvery is how often Options.Taken is told.
const takenEvery = 256

// DefaultMaxSteps is how many steps a run may take of which nothing else is known.
const DefaultMaxSteps = 100_000

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
		steps = DefaultMaxSteps
	}
	c := &r.c
	c.reset(s, steps)
	c.patient, c.goroutine, c.positions, c.taken, c.watch = o.PatientClock, o.Goroutine, o.Positions, o.Taken, o.Watch
	if c.late = o.LateRings; c.late <= 0 {
		c.late = lateRings
	}
	c.races = raceErrors()
	rt := &Runtime{ctl: c}
	goroutines := runtime.NumGoroutine()
	c.start("main", -1, func() { main(rt) }, taskObject(0), nil)
	c.run()
	if c.stuck == nil && len(c.left()) > 0 {
		c.stuck = &Stuck{Kind: Deadlock, Tasks: c.waiting()}
		switch {
		case c.tasks[0].over:
			c.stuck.Kind, c.stuck.Early = Leak, c.ended || c.ticked
		case c.ticked:
			c.stuck.Kind = Ticking
		}
	}
	uncontrolled := 0
	if c.hosted() && c.stuck != nil && !raceBuild {
		_, left := c.begun()
		uncontrolled = max(0, runtime.NumGoroutine()-goroutines-left)
	}
	begun, left := c.begun()
	waiting := c.pending()
	var states []State
	if c.hosted() || c.positions {
		states = c.states()
	}
	c.unwind()
	c.done.Load()
	rt.close()

	rec := Record{
		Schedule: schedule.Schedule{Deviations: c.deviations, Hash: max(c.hash, 1), Steps: len(c.steps)},
		Steps:    c.steps, Choices: c.choices, Tasks: r.title(), Stuck: c.stuck,
		States: states, Uncontrolled: uncontrolled, Begun: begun + left, Hasty: c.hasty, Pressed: c.pressed, sites: c.sites, ends: c.ends, selected: c.selected, parked: c.parked, Raced: c.raced,
		waiting: waiting, tail: c.tail, touched: c.touched,
	}
	held(s, &rec)
	return rec
}

// held notes that a run is not the one that its strategy was to repeat, if there is such a one.
func held(s Strategy, rec *Record) {
	if v, ok := s.(interface{ verify(*Record) *Stuck }); ok {
		if stale := v.verify(rec); stale != nil {
			rec.Stuck = stale
		}
	}
}

// begun is for how many tasks a goroutine was made, and how many of these are left.
func (c *controlled) begun() (all, left int) {
	for _, t := range c.tasks[:c.spawned] {
		if t.begun {
			all++
			if !t.ended {
				left++
			}
		}
	}
	return all, left
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
