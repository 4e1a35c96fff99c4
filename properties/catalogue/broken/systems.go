package broken

import (
	"context"
	"sync/atomic"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// workload is how many workers add one to the counter.
type workload int

// observation is what the counter ended with.
type observation int

// Counter is shared by the workers of a run.
type Counter struct {
	locks [2]sched.Mutex
	value atomic.Int64
}

// value is how accesses to Counter.value are announced.
var value = schedule.Object{Class: schedule.ClassUser}

// system is a counter with its own wrong way to add.
type system struct {
	name string
	add  func(rt *sched.Runtime, c *Counter, worker int)
}

func (s system) Name() string { return s.name }

// Run starts the workers and waits for them.
func (s system) Run(_ context.Context, rt *sched.Runtime, n workload) (observation, error) {
	var c Counter
	var group sched.WaitGroup
	group.Add(rt, int(n))
	for i := range int(n) {
		rt.Go("worker", i, func() {
			defer group.Done(rt)
			s.add(rt, &c, i)
		})
	}
	group.Wait(rt)
	return observation(c.value.Load()), nil
}

// systems are the broken ones, in order of name.
var systems = []system{
	{"deadlock", func(rt *sched.Runtime, c *Counter, worker int) {
		// Lock order: every other worker takes the locks the other way round.
		a, b := &c.locks[worker%2], &c.locks[1-worker%2]
		a.Lock(rt)
		b.Lock(rt)
		c.value.Add(1)
		b.Unlock(rt)
		a.Unlock(rt)
	}},
	{"lost-update", func(rt *sched.Runtime, c *Counter, _ int) { c.AddInTwoSteps(rt) }},
	{"panic", func(rt *sched.Runtime, c *Counter, worker int) {
		// On a goroutine that the runtime does not know, where nobody recovers.
		done := make(chan struct{})
		go func() {
			defer close(done)
			if worker == 2 {
				panic("worker 2 has no share")
			}
		}()
		<-done
		c.Add(rt)
	}},
	{"spin", func(rt *sched.Runtime, c *Counter, worker int) {
		for turn := 0; worker == 2; turn++ { // waits for a turn that never comes, and tells nobody
			_ = turn
		}
		c.Add(rt)
	}},
}

// Add adds one, as one step.
func (c *Counter) Add(rt *sched.Runtime) {
	rt.Yield(schedule.OpRMW, value)
	c.value.Add(1)
}

// AddInTwoSteps adds one to what it read before, so that what others added meanwhile is lost.
func (c *Counter) AddInTwoSteps(rt *sched.Runtime) {
	rt.Yield(schedule.OpLoad, value)
	v := c.value.Load()
	rt.Yield(schedule.OpStore, value)
	c.value.Store(v + 1)
}
