package sched

import (
	"fmt"
	"slices"

	"synchrony/models/schedule"
)

// A program that has a deterministic scheduler of its own, in whatever language, can be searched as one that is written on a [Runtime]: it is
// given schedules, whole ones, and says of each what it did at every decision. From that a strategy's choices are read off as if it had been
// asked at every step; only where it chooses otherwise, the program is run once more, with that choice.

// Turn is a decision that does not go the default way: Task takes the step.
type Turn struct {
	Step int
	Task int32
}

// Priorities let a program draw a schedule as [POS] and [PCT] do, without being asked at each step. At a decision, each task that could go on
// and has no priority takes the next of Draws, in the order of [Point]; the first of those with the highest goes on.
type Priorities struct {
	Draws []uint64 // below 2^53, so that they are exact wherever numbers are floating-point
	// Fresh says that the task that went on, and those whose announced steps conflict with the one it took, lose their priorities then: POS.
	Fresh bool
	// Changes are decisions, ascending, before which the task about to go on falls below all others: PCT.
	Changes []int
}

// Plan is what a program is asked to do: the default, but for these turns, and where there is no turn by priorities if there are any.
type Plan struct {
	Turns      []Turn // ascending by step
	Priorities *Priorities
}

// Announced is a task's next step.
type Announced struct {
	Choice
	// Blocked says that it cannot be taken yet; but a Lock of a [schedule.ClassMutex] may wait for the mutex only.
	Blocked bool
	// May says that it is of a kind that can have to wait for more than a mutex. It then depends on every other step.
	May bool
	// Does is what is done, and On the name of the object, in a person's words.
	Does, On string
}

// Decision is one that a program made.
type Decision struct {
	Announced []Announced // by all tasks that are not over, ascending
	Task      int32       // that took its step
}

// Trace is what a program did.
type Trace struct {
	Decisions []Decision
	Left      []Announced // by the tasks that are not over at the end
	Tasks     []string    // names, by number
}

// UnfaithfulError says that a program did not do as it was told.
type UnfaithfulError struct {
	Step int
	What string
}

func (e *UnfaithfulError) Error() string { return fmt.Sprintf("at decision %d %s", e.Step, e.What) }

// fewDraws is for how many steps priorities are drawn at least.
const fewDraws = 256

// Follow is as [Runner.Run] for a program that runs elsewhere: run has it do what a plan says, and returns what it did. What it once did by default,
// if that is known, spares a run where the strategy does not say beforehand what it wants. The last run is the one that the record is of. The error is that of run, or an
// [*UnfaithfulError].
func (r *Runner) Follow(s Strategy, o Options, known *Trace, run func(*Plan) (*Trace, error)) (Record, error) {
	steps := o.MaxSteps
	if steps <= 0 {
		steps = DefaultMaxSteps
	}
	c := &r.c
	c.reset(s, steps)
	c.taken = o.Taken
	plan := &Plan{}
	if w, ok := s.(interface{ ahead() []Turn }); ok {
		plan.Turns = w.ahead()
	}
	if f, ok := s.(interface{ foretell(n int) *Priorities }); ok {
		plan.Priorities = f.foretell(fewDraws)
	}
	t, err := known, error(nil)
	if known == nil || plan.Turns != nil || plan.Priorities != nil {
		known = nil
		if t, err = run(plan); err != nil {
			return Record{}, err
		}
	}
	if t, err = c.follow(t, run); err != nil {
		return Record{}, err
	}
	if t == known { // it was by default, and has yet to be run
		if t, err = run(&Plan{}); err == nil {
			err = known.sameUntil(t, len(known.Decisions), 0)
		}
		if err != nil {
			return Record{}, err
		}
	}
	if c.stuck == nil {
		c.stuck = t.ending(len(c.steps) >= steps)
	}
	c.list(t.Left)
	rec := Record{
		Schedule: schedule.Schedule{Deviations: c.deviations, Hash: max(c.hash, 1), Steps: len(c.steps)},
		Steps:    c.steps, Choices: c.choices, Tasks: t.names(int(c.spawned)), Stuck: c.stuck, States: t.states(), waiting: c.pending(),
	}
	held(s, &rec)
	return rec, nil
}

// follow asks the strategy at every decision of a trace, and has the program run again where that chooses otherwise. It returns the last trace.
func (c *controlled) follow(t *Trace, run func(*Plan) (*Trace, error)) (*Trace, error) {
	var turns []Turn
	for i := 0; i < len(t.Decisions) && i < c.max; i++ {
		p := &c.point
		p.Step = i
		c.list(t.Decisions[i].Announced)
		if len(p.Enabled) == 0 {
			return t, &UnfaithfulError{i, "no task could go on, and one did"}
		}
		if c.taken != nil && i%takenEvery == 0 {
			c.taken.n.Store(int64(i))
		}
		k := c.choose(p)
		if k < 0 || k >= len(p.Enabled) {
			c.misled(k, len(p.Enabled))
			return t, nil
		}
		c.record(p, k)
		task := p.Enabled[k].Task
		if k > 0 {
			turns = append(turns, Turn{i, task})
		}
		if task != t.Decisions[i].Task {
			again, err := run(&Plan{Turns: turns})
			if err != nil {
				return t, err
			}
			if err := t.sameUntil(again, i, task); err != nil {
				return t, err
			}
			t = again
		}
		p.Current = task
	}
	return t, nil
}

// sameUntil reports whether another trace is the same up to decision i, where task goes on.
func (t *Trace) sameUntil(other *Trace, i int, task int32) error {
	for k := range i {
		if k >= len(other.Decisions) || other.Decisions[k].Task != t.Decisions[k].Task || !slices.Equal(other.Decisions[k].Announced, t.Decisions[k].Announced) {
			return &UnfaithfulError{k, "it did something else than before on the same schedule: it is not deterministic"}
		}
	}
	if i == len(t.Decisions) && i == len(other.Decisions) {
		return nil
	}
	if i >= len(other.Decisions) || i >= len(t.Decisions) || !slices.Equal(other.Decisions[i].Announced, t.Decisions[i].Announced) {
		return &UnfaithfulError{i, "other tasks could go on than before on the same schedule: it is not deterministic"}
	}
	if got := other.Decisions[i].Task; got != task {
		return &UnfaithfulError{i, fmt.Sprintf("task %d went on, though it was task %d that was told to", got, task)}
	}
	return nil
}

// list makes the announced steps those of the run's tasks, and lists who can go on.
func (c *controlled) list(all []Announced) {
	c.enabled.changes++
	c.live, c.enabled.scratch = c.live[:0], c.enabled.scratch[:0]
	for i := range all {
		a := &all[i]
		t := c.elsewhere(a.Task)
		t.op, t.object, t.wait = a.Op, a.Object, ready
		if a.May {
			t.wait = untilHolds
		}
		c.live = append(c.live, t)
		if !a.Blocked {
			c.enabled.scratch = append(c.enabled.scratch, a.Choice)
		}
	}
	// Round-robin from the current task, as Point promises.
	round := c.enabled.scratch
	first, _ := slices.BinarySearchFunc(round, c.point.Current, func(a Choice, task int32) int { return int(a.Task - task) })
	c.point.Enabled = append(append(c.point.Enabled[:0], round[first:]...), round[:first]...)
}

// elsewhere is the task of that number, which begins with the last step taken if it is new.
func (c *controlled) elsewhere(number int32) *task {
	for int(number) >= len(c.tasks) {
		t := new(task)
		t.body = func() { c.body(t) }
		c.tasks = append(c.tasks, t)
	}
	for ; int(number) >= c.spawned; c.spawned++ {
		t := c.tasks[c.spawned]
		*t = task{number: int32(c.spawned), index: -1, body: t.body, co: t.co, stack: t.stack[:0], cause: int32(len(c.steps)) - 1}
	}
	t := c.tasks[number]
	if n := len(c.steps); n > 0 && c.steps[n-1].Task == number {
		t.cause = -1
	}
	return t
}

// ending is why a program that has come to the end of its trace has not come to its own; nil if it has.
func (t *Trace) ending(cut bool) *Stuck {
	if len(t.Left) == 0 {
		return nil
	}
	s := &Stuck{Kind: Deadlock}
	if cut {
		s.Kind = Livelock
	}
	names := t.names(0)
	for _, a := range t.Left {
		name := fmt.Sprintf("task %d", a.Task)
		if int(a.Task) < len(names) {
			name = names[a.Task]
		}
		if !a.Blocked {
			s.Tasks = append(s.Tasks, name+" goes on ("+a.Does+" "+a.On+")")
			continue
		}
		s.Tasks = append(s.Tasks, name+" waits "+a.Op.Waits(a.On))
	}
	return s
}

// states tells of the tasks that are not over at the end. Where they are nobody says.
func (t *Trace) states() (list []State) {
	for _, a := range t.Left {
		list = append(list, State{Task: a.Task, Op: a.Op, Objects: []schedule.Object{a.Object}, Ready: !a.Blocked})
	}
	return list
}

// names are those of at least n tasks.
func (t *Trace) names(n int) []string {
	names := slices.Clone(t.Tasks)
	for i := len(names); i < n; i++ {
		names = append(names, fmt.Sprintf("task %d", i))
	}
	return names
}
