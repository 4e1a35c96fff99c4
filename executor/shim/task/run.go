//go:build go1.26

package task

import (
	"sync"
	"sync/atomic"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// Current is a run in progress, as its tasks see it.
type Current struct {
	*sched.Runtime
	objects  objects
	numbered objects // see Number
	values   []value
	touched  touched
	seed     uint64
	doubt    string // see Doubt
	moments  moments
	released atomic.Bool // the turn was given back: the run is over, or abandoned

	// Of data choices: whether the strategy picks, how many there were, and what is to be known of them, which may be nil.
	choose  bool
	chosen  int
	choices *DataChoices
}

// Options are those of a run.
type Options struct {
	// These are as in [sched.Options].
	MaxSteps     int
	PatientClock bool
	LateRings    int
	Positions    bool
	Taken        *sched.Counter
	Watch        int

	// Seed is what the run's random numbers are made from: see package rand.
	Seed uint64
	// DataChoices has the strategy pick where Go leaves open what comes, such as the order of a range over a map. Else that is the same in
	// every run.
	DataChoices bool
	// Choices, if it is not nil, notes what there is to choose.
	Choices *DataChoices
}

// hosted are the options that the scheduler is given.
func (o Options) hosted() sched.Options {
	return sched.Options{MaxSteps: o.MaxSteps, PatientClock: o.PatientClock, LateRings: o.LateRings, Positions: o.Positions, Taken: o.Taken, Watch: o.Watch, Goroutine: goroutine}
}

// value is what a package keeps for a run.
type value struct{ key, of any }

var (
	// turn is held during a run: tasks are found by their goroutines, so that a process has one hosted run at a time.
	turn sync.Mutex
	// current is the run in progress, or nil. It is written by Run, and read by any goroutine. The race detector does not see that: an edge
	// between tasks would hide races of theirs.
	current *Current
	// running is the same for who is no task, and for the race detector.
	running atomic.Pointer[Current]
)

// Abandon gives up the run in progress, which will not end, as a task of it waits for what no scheduler knows of: others can run from then on. What is left of it
// is no task any more. It does nothing if there is no run.
func Abandon() {
	if c := running.Load(); c != nil && c.released.CompareAndSwap(false, true) {
		none()
		turn.Unlock()
	}
}

// none says that no run is in progress.
func none() {
	running.Store(nil)
	set(nil)
}

// initialised says that the program's packages are initialised, as far as anybody has said so.
var initialised atomic.Bool

// Initialised says that the program's packages are initialised: what reads the time from here on, outside of a run, is not read again in every run.
func Initialised() { initialised.Store(true) }

// Initialising reports whether nobody has called [Initialised], and no run has begun.
func Initialising() bool { return !initialised.Load() }

// Run runs main as the first task of a run, as [sched.Runner.Run] does. It waits until no other run is in progress in this process;
// a task must not call it.
func Run(r *sched.Runner, s sched.Strategy, o Options, main func()) sched.Record {
	if Find(nil) != nil {
		panic("task: Run was called by a task of a run in progress")
	}
	turn.Lock()
	Initialised()
	c := &Current{seed: o.Seed, choose: o.DataChoices, choices: o.Choices}
	if o.Choices != nil {
		o.Choices.looks = 0
	}
	running.Store(c)
	rec := r.Run(s, o.hosted(), func(rt *sched.Runtime) {
		if c.released.Load() { // abandoned before it began
			return
		}
		c.Runtime = rt
		set(c)
		main()
	})
	if !c.released.CompareAndSwap(false, true) { // abandoned: another run may be in progress
		return rec
	}
	none()
	lastTouched, lastDoubt, lastExpired = c.touchedByOthers(), c.doubt, c.moments.expired()
	turn.Unlock()
	return rec
}

//go:norace
func set(c *Current) { current = c }

// uncontrolled is how many goroutines that Go has started outside of runs are not over.
var uncontrolled atomic.Int64

// Uncontrolled is how many goroutines are not over that were started with [Go] outside of any run, as functions init and TestMain do. Tasks may
// wait for them.
func Uncontrolled() int { return int(uncontrolled.Load()) }

// Go starts f as a task: it stands in for a go statement.
//
//go:norace
func Go(f func()) {
	c := Find(nil)
	if c == nil {
		uncontrolled.Add(1)
		go func() {
			defer uncontrolled.Add(-1)
			f()
		}()
		return
	}
	if c.Spawn(f, 1) {
		// What the task does next may race with what the new one does first.
		c.Step(schedule.OpNone, schedule.Object{})
	}
}

// Local returns what a package keeps for the run under a key, made at the first call.
//
//go:norace
func Local[T any](c *Current, key any, start func() *T) *T {
	for i := range c.values {
		if c.values[i].key == key {
			return c.values[i].of.(*T)
		}
	}
	v := start()
	c.values = append(c.values, value{key, v})
	return v
}
