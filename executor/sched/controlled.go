package sched

import (
	"fmt"
	"sync/atomic"
	"time"

	"synchrony/models/schedule"
)

// Clock is the number of the pseudo-task whose steps advance virtual time.
const Clock int32 = -1

var clockObject = schedule.Object{Class: schedule.ClassClock}

// controlled is the state of a controlled run. One task runs at a time, and
// only it, or the root loop while no task runs, touches the state.
type controlled struct {
	strategy Strategy
	max      int
	patient  bool  // see Options.PatientClock
	watch    int   // see Options.Watch
	point    Point // handed to the strategy; its Enabled is built anew for each decision
	picks    Point // as point, for a Pick
	picked   int

	// Of how many things of which class the running task asks the root loop to pick one; race builds only.
	picking   int
	pickingOf schedule.Class

	positions bool      // see Options.Positions
	sites     []uintptr // stacks of the steps, one after the other
	ends      []int32   // of each step's in sites
	selected  []selected
	parked    []int // see Record.Parked
	races     int   // that the detector had reported before the run
	raced     Raced // see Record.Raced

	// taken is Options.Taken. It is stored to and never loaded from here: a load would order tasks for the race detector.
	taken *Counter

	goroutine func() uintptr // see Options.Goroutine
	at        uintptr        // what it returns on the goroutine of the running task

	enabled     enabled
	conditional []*task // whose ability to run depends on a lock, a count or a function
	toggled     bool    // and may have changed

	tasks   []*task // by number; those from spawned on are left from earlier runs, for reuse
	spawned int
	live    []*task // begun or to begin, and not over; ascending
	running *task   // that took the last step; nil outside the root loop
	next    *task   // to be resumed by the root loop

	now     time.Duration
	moves   int      // of now
	reads   int      // of it, in a hosted run
	timers  []*Timer // armed, in the order in which they were, but for those that ring never
	due     bool     // the next of them may fire though tasks can run: see lookForDue
	rings   []*Alarm // buffer
	hasty   bool     // see Record.Hasty
	pressed bool     // see Record.Pressed
	ticking ticking
	late    int   // see Options.LateRings
	fires   int   // how often it advanced since the main task last took a step
	ended   bool  // time was stopped, for main is over and there was no end to it: see lateRings
	ticked  bool  // time was stopped, for nothing but tickers has gone on
	woken   int32 // the first task that the clock's step has woken
	counts  [schedule.Classes]int32
	cancels []*cancelNode

	tail     effects           // of the last step, so far
	touched  []schedule.Object // by the last step, so far: see Runtime.Touch
	draws    int               // random numbers that tasks have drawn
	writes   int               // steps that may end somebody's busy-waiting
	wroteBy  int               // writes when mayPass last found it changed
	wroteAt  int               // the step at which it did
	idleAt   int               // the step at which idle looks whether tasks poll
	polled   bool              // they do: see idle
	loop     loop              // see watching
	fairLast int32             // the last task scheduled by the fair scheduler

	steps      []schedule.Step
	choices    []uint16
	deviations []schedule.Deviation
	hash       uint64

	stuck     *Stuck
	unwinding bool
	done      atomic.Int32 // orders the tasks before Run's return, for the race detector
}

// reset prepares for a run, keeping the buffers.
func (c *controlled) reset(s Strategy, max int) {
	picks, set := c.picks.Enabled[:0], c.enabled
	set.reset()
	*c = controlled{
		strategy: s, max: max, point: Point{run: c}, enabled: set, conditional: c.conditional[:0], picks: Point{Enabled: picks}, tasks: c.tasks, live: c.live[:0],
		timers: c.timers[:0], touched: c.touched[:0], cancels: c.cancels[:0], fairLast: Clock - 1, idleAt: idleSteps,
		steps: c.steps[:0], choices: c.choices[:0], deviations: c.deviations[:0], hash: fnvOffset,
	}
}

// decide chooses who takes the next step, and records it. The clock's steps it
// takes itself. It returns nil at the end of the run.
//
//go:norace
func (c *controlled) decide() *task {
	for {
		c.enable()
		p := &c.point
		p.Step = len(c.steps)
		if len(p.Enabled) == 0 {
			return nil
		}
		if p.Step >= c.max && !c.watching(p.Enabled) {
			c.fail(&Stuck{Kind: Livelock, Tasks: c.waiting(), Endless: c.loop.endless})
			return nil
		}
		if !c.loop.begun && p.Step >= c.max-lastSteps(c.max) {
			c.loop.begun, c.loop.writes, c.loop.draws = true, c.writes, c.draws
		}
		if c.taken != nil && p.Step%takenEvery == 0 {
			c.taken.n.Store(int64(p.Step))
		}
		k := c.choose(p)
		if k < 0 || k >= len(p.Enabled) {
			c.misled(k, len(p.Enabled))
			return nil
		}
		e := p.Enabled[k]
		if p.Step < c.max {
			c.record(p, k)
		} else if !c.loop.steps[schedule.Step(e)] { // it is something new
			c.fail(&Stuck{Kind: Livelock, Tasks: c.waiting()})
			return nil
		}
		c.enabled.takeBack()
		if e.Task != Clock {
			t := c.tasks[e.Task]
			if t.conditional {
				t.conditional = false
				c.unconditional(t)
			}
			t.wait = ready
			p.Current = e.Task
			c.note(t)
			if e.Task == 0 {
				c.fires = 0
				c.ticking.restart(len(c.steps))
			}
			return t
		}
		c.fires++
		if c.hosted() && c.early(p) {
			half := len(c.steps) >= c.max/2
			c.hasty, c.pressed = c.hasty || !half, c.pressed || half
		}
		p.Current = c.fire()
	}
}

// misled says that the strategy chose what there is not.
//
//go:norace
func (c *controlled) misled(k, n int) {
	c.fail(&Stuck{
		Kind: Panic, Tasks: c.waiting(),
		Panic: fmt.Sprintf("sched: strategy %T chose %d of %d enabled tasks", c.strategy, k, n),
	})
}

// enable lists who may take the next step, in the order that Point promises.
//
//go:norace
func (c *controlled) enable() {
	if len(c.conditional) > 0 && c.toggled {
		c.recheck()
	}
	list := c.enabled.round(c.point.Current)
	if len(c.timers) > 0 && (!c.patient || c.quiescent(list) || c.hosted() && c.mayPass(list)) && !c.inVain(list) {
		list = c.enabled.withClock(list, len(list) > 0 && (c.quiescent(list) || c.hosted() && c.idle(list)))
	}
	c.point.Enabled = list
}

// idleYields is how often a task must yield in a row, and nothing change, before it is taken to wait in a loop for others: one that
// yields now and then does not wait.
const idleYields = 100

// quiescent reports that all who could run spin, and have done so for a whole
// turn in which nothing changed, or have yielded again and again: only time can help.
//
//go:norace
func (c *controlled) quiescent(list []Choice) bool {
	for _, e := range list {
		t := c.tasks[e.Task]
		enough := 1
		if t.op == schedule.OpYield {
			enough = idleYields
		}
		if !givesWay(t.op) || t.idle < enough || t.spunAt != c.writes+1 {
			return false
		}
	}
	return true
}

// givesWay reports whether others go before such a step by default.
func givesWay(op schedule.Op) bool { return op == schedule.OpSpin || op == schedule.OpYield }

// note keeps track of busy-waiting after t was chosen.
//
//go:norace
func (c *controlled) note(t *task) {
	t.taken++
	switch {
	case givesWay(t.op):
		if t.idle++; t.spunAt != c.writes+1 {
			t.idle = 0
		}
		t.spunAt = c.writes + 1
	case endsSpinning(t.op) || c.hosted() && orders(t.op):
		if t.spunAt == c.writes+1 { // what it does itself does not tell it anything
			t.spunAt++
		}
		c.writes++
	}
}

// swapFailed takes back that the running task's step counted as a write.
//
//go:norace
func (c *controlled) swapFailed() {
	if c.isOver() {
		return
	}
	if t := c.running; t.spunAt == c.writes+1 {
		t.spunAt--
	}
	c.writes--
	c.tail |= failed
}

// endsSpinning reports whether who spins may find something new after such a step.
func endsSpinning(op schedule.Op) bool {
	switch op {
	case schedule.OpWrite, schedule.OpStore, schedule.OpRMW, schedule.OpSpawn, schedule.OpSignal, schedule.OpBroadcast,
		schedule.OpAdd, schedule.OpDone, schedule.OpStop, schedule.OpArm, schedule.OpSleep:
		return true
	}
	return false
}

// orders reports whether such a step may make known to others what its task wrote to plain memory before: in a
// hosted run, those who spin may look for that.
func orders(op schedule.Op) bool {
	switch op {
	case schedule.OpUnlock, schedule.OpRUnlock, schedule.OpSend, schedule.OpRecv, schedule.OpClose:
		return true
	}
	return false
}

// choose asks the strategy, and in the second half of the steps allowed schedules
// round-robin instead: a run that still does not end is a livelock, and not
// the strategy's unfairness.
//
//go:norace
func (c *controlled) choose(p *Point) int {
	if p.Step < c.max/2 {
		return c.strategy.Choose(p)
	}
	if p.Pick {
		return p.Step % len(p.Enabled)
	}
	first, after := 0, -1 // the lowest task, and the lowest above the last one
	for i, e := range p.Enabled {
		if e.Task < p.Enabled[first].Task {
			first = i
		}
		if e.Task > c.fairLast && (after < 0 || e.Task < p.Enabled[after].Task) {
			after = i
		}
	}
	if after < 0 {
		after = first
	}
	c.fairLast = p.Enabled[after].Task
	return after
}

// FNV-1a's constants; it is applied to 64-bit words instead of bytes.
const (
	fnvOffset = 0xcbf29ce484222325
	fnvPrime  = 0x100000001b3
)

//go:norace
func (c *controlled) record(p *Point, k int) {
	e := p.Enabled[k]
	c.steps = append(c.steps, schedule.Step{Task: e.Task, Op: e.Op, Object: e.Object})
	c.choices = append(c.choices, uint16(min(len(p.Enabled), 1<<16-1)))
	if k > 0 && p.Step < c.max/2 {
		c.deviations = append(c.deviations, schedule.Deviation{Step: p.Step, Skip: k})
	}
	if c.positions {
		c.recordPosition(e)
	}
	c.tail, c.touched = 0, c.touched[:0]
	h := c.hash
	if c.hosted() { // there may be many
		h = (h ^ c.enabled.sum ^ uint64(len(p.Enabled))) * fnvPrime
	} else {
		for i := range p.Enabled {
			h = (h ^ uint64(uint32(p.Enabled[i].Task))) * fnvPrime
		}
	}
	h = (h ^ (uint64(uint32(e.Task))<<32 | uint64(e.Op)<<8 | uint64(e.Object.Class))) * fnvPrime
	c.hash = (h ^ uint64(uint32(e.Object.Index))) * fnvPrime
}

// fail ends the run. The first failure is the verdict.
//
//go:norace
func (c *controlled) fail(s *Stuck) {
	if c.stuck == nil {
		c.stuck = s
	}
	c.next = nil
}

// start makes a task that begins with the given step; origin is what started it.
//
//go:norace
func (c *controlled) start(name string, index int, f func(), begin schedule.Object, origin *atomic.Int32) *task {
	t := c.reserve(name, index, f)
	t.op, t.object = schedule.OpBegin, begin
	if origin != nil {
		t.origin = origin
	}
	c.admit(t)
	return t
}

// reserve gives a task its number.
//
//go:norace
func (c *controlled) reserve(name string, index int, f func()) *task {
	if c.spawned == len(c.tasks) {
		t := new(task)
		t.body = func() { c.body(t) }
		c.tasks = append(c.tasks, t)
	}
	t := c.tasks[c.spawned]
	*t = task{number: int32(c.spawned), name: name, index: index, f: f, body: t.body, co: t.co, stack: t.stack[:0]}
	t.origin, t.parent = &t.born, Clock
	if c.running != nil {
		t.parent, t.scope = c.running.number, c.running.scope
	}
	c.spawned++
	return t
}

// admit puts a task among the live ones, which ascend.
//
//go:norace
func (c *controlled) admit(t *task) {
	t.cause = int32(len(c.steps)) - 1
	c.live = append(c.live, t)
	for i := len(c.live) - 1; i > 0 && c.live[i-1].number > t.number; i-- {
		c.live[i], c.live[i-1] = c.live[i-1], t
	}
	c.refresh(t)
}

//go:norace
func (c *controlled) retire(t *task) {
	i := 0
	for c.live[i] != t {
		i++
	}
	for ; i < len(c.live)-1; i++ {
		c.live[i] = c.live[i+1]
	}
	c.live = c.live[:len(c.live)-1]
	c.refresh(t)
}

// number is the number of a lock or atomic in this run, given at its first use.
//
//go:norace
func (c *controlled) number(r *ref, rt *Runtime, class schedule.Class) int32 {
	if r.rt != rt {
		if r.rt != nil && r.rt.ctl != nil {
			panic(fmt.Sprintf("sched: a %v is shared by two controlled runs", class))
		}
		r.rt, r.index = rt, c.counts[class]
		c.counts[class]++
	}
	return r.index
}
