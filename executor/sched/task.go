package sched

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"

	"synchrony/models/schedule"
)

// task is a coroutine of a controlled run. It runs only while the root loop has
// resumed it, and gives control back only in a hook, having announced its
// next step.
//
// Everything a run knows is written by functions marked norace: tasks hand the
// run's state to each other through hand-overs that the race detector must not
// see (see coroutine_race.go).
type task struct {
	number int32
	name   string
	index  int   // name and index make the title; index < 0 is none
	parent int32 // the task that started it, or ran when it was started
	taken  int   // steps taken
	f      func()
	origin *atomic.Int32 // stored to by what started the task, for the race detector

	// The announced step, and what must hold before it can be taken.
	op          schedule.Op
	object      schedule.Object
	wait        condition
	mutex       *Mutex            // for untilUnlocked and untilSignalled
	group       *WaitGroup        // for untilZero, and of an Add or Done
	cond        schedule.Object   // for untilSignalled
	amount      int               // of an Add or Done
	more        []schedule.Object // what the step touches beside its object
	holds       func() bool       // for untilHolds
	listed      bool              // in controlled.enabled
	outside     bool              // about to wait for the world: see Runtime.Outside
	resting     bool              // may be left: see Runtime.Rest
	conditional bool              // in controlled.conditional
	cause       int32             // the step of another task that made this one possible; -1 if none did

	spunAt  int // the run's count of writes when the task last spun or yielded, plus 1
	idle    int // how often it has since done so again: see controlled.quiescent
	unwound int // hooks called while it is being unwound

	goroutine uintptr    // that it runs on: see Options.Goroutine
	scope     *Scope     // see Task.Scope
	site      [6]uintptr // where it was started, or zeros
	stack     []uintptr  // where it announced its step: see Options.Positions

	body  func() // what the coroutine runs; kept from run to run, as co is
	co    coroutine
	begun bool // the coroutine was started
	over  bool // its last step was taken, or it panicked
	ended bool // its coroutine has ended, too
	born  atomic.Int32
}

// condition says when an announced step can be taken.
type condition uint8

const (
	ready          condition = iota
	untilUnlocked            // mutex is free
	untilZero                // group's count is zero
	untilSignalled           // signal makes it untilUnlocked
	untilFired               // the clock makes it ready
	untilWoken               // Wake makes it ready
	untilHolds               // holds returns true
)

//go:norace
func (t *task) enabled() bool {
	switch t.wait {
	case ready:
		return true
	case untilUnlocked:
		return !t.mutex.held
	case untilZero:
		return t.group.count == 0
	case untilHolds:
		return t.holds()
	default:
		return false
	}
}

func (t *task) title() string {
	if t.index < 0 {
		return t.name
	}
	return title(t.name, t.index)
}

// run is the root loop: it resumes whoever was chosen, until nobody is.
//
//go:norace
func (c *controlled) run() {
	c.next = c.decide()
	for c.next != nil {
		t := c.next
		c.running, c.at = t, t.goroutine
		if !t.begun {
			t.begun = true
			// Started on the root's stack, so that to the race detector a task
			// begins after nothing but its origin.
			t.co.start(t.body)
		}
		t.co.resume()
		for raceBuild && c.picking > 0 {
			n := c.picking
			c.picking = 0
			if c.picked = c.pick(t.number, c.pickingOf, n); c.stuck == nil {
				t.co.resume()
			}
		}
		if raceBuild && c.stuck == nil {
			c.next = c.decide()
		}
	}
	c.running, c.at = nil, 0
}

// announce says what t will do next, and returns once it was chosen to do it.
//
//go:norace
func (c *controlled) announce(t *task, op schedule.Op, o schedule.Object) {
	t.op, t.object, t.cause = op, o, -1
	if c.positions {
		c.locate(t)
	}
	c.refresh(t)
	if !raceBuild {
		c.next = c.decide()
		if c.next == t {
			return
		}
	}
	t.co.leave()
	if c.unwinding {
		runtime.Goexit()
	}
}

// body is the coroutine of t.
func (c *controlled) body(t *task) {
	defer c.exit(t)
	c.enter(t)
	t.origin.Load()
	t.f()
	c.finish(t)
}

// finish takes t's last step, and lets another task run.
//
//go:norace
func (c *controlled) finish(t *task) {
	t.pause()
	c.announce(t, schedule.OpEnd, taskObject(t.number))
	t.over, t.ended, t.goroutine = true, true, 0
	c.retire(t)
	c.writes++
	c.done.Add(1)
	if !raceBuild {
		c.next = c.decide()
	}
}

// exit ends a coroutine that did not end by returning from its function: it
// panicked, called runtime.Goexit, or is being unwound.
//
//go:norace
func (c *controlled) exit(t *task) {
	if t.ended {
		return
	}
	p := recover()
	switch {
	case c.unwinding:
		t.over, t.ended = true, true
		c.done.Add(1)
		return
	case p != nil:
		t.over = true
		c.fail(&Stuck{Kind: Panic, Tasks: []string{t.title()}, Panic: panicText(p), Stack: string(debug.Stack())})
		c.done.Add(1)
	default: // Goexit by the code under test ends a task as it ends a goroutine
		c.finish(t)
	}
	// A Goexit under way would go on in the root loop. Stay here until release.
	t.ended = false
	t.co.leave()
	t.ended = true
}

// maxPanic is how many bytes are kept of what a task panicked with: it is copied for each run.
const maxPanic = 4 << 10

// panicText is what a task panicked with.
func panicText(p any) string {
	s, ok := p.(string)
	if !ok {
		s = fmt.Sprint(p)
	}
	if len(s) > maxPanic {
		s = strings.ToValidUTF8(s[:maxPanic], "") // a character may be cut
	}
	return strings.Clone(s)
}

// unwind ends the tasks that are left, and releases their coroutines. Each ends
// by runtime.Goexit in the hook that it is in: its deferred functions run, and
// it cannot recover.
//
//go:norace
func (c *controlled) unwind() {
	c.unwinding = true
	for i := range c.spawned {
		t := c.tasks[i]
		if t.begun && !t.ended {
			c.running, c.at = t, t.goroutine
			release(&t.co)
		}
	}
	c.running, c.at = nil, 0
}

// release resumes a coroutine for the last time, on a goroutine that may end
// with it, for iter.Pull passes a Goexit on to whoever resumed.
func release(co *coroutine) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		co.resume()
	}()
	<-done
}

// unwindingHooks is how many hooks an unwinding task may call, in deferred
// functions, before each ends the function that calls it: one that loops until
// another task acts would never end.
const unwindingHooks = 1000

// isOver reports that the run is over and that the calling hook must do nothing.
//
//go:norace
func (c *controlled) isOver() bool {
	if !c.unwinding {
		return false
	}
	if t := c.running; t != nil {
		if t.unwound++; t.unwound > unwindingHooks {
			runtime.Goexit()
		}
	}
	return true
}

// abort ends the run as a panic of t that nothing recovers.
//
//go:norace
func (c *controlled) abort(t *task, message string) {
	c.fail(&Stuck{Kind: Panic, Tasks: []string{t.title()}, Panic: message, Stack: string(debug.Stack())})
	t.co.leave()
	runtime.Goexit()
}

func taskObject(number int32) schedule.Object {
	return schedule.Object{Class: schedule.ClassTask, Index: number}
}
