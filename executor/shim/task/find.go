//go:build go1.26

package task

import (
	"sync"
	"unsafe"
)

// Find returns the run in progress if the calling goroutine is its running task; else nil: do as the standard library does.
// It is told the address of the object about to be used, or nil.
//
//go:norace
func Find(object unsafe.Pointer) *Current {
	c := current
	if c == nil {
		return nil
	}
	if c.Here(goroutine()) {
		return c
	}
	if object != nil {
		c.foreign.note(object)
	}
	return nil
}

// foreign is what goroutines that are no tasks have touched during a run.
type foreign struct {
	mu      sync.Mutex
	objects []unsafe.Pointer
}

// mostForeign bounds how many objects are remembered.
const mostForeign = 1000

func (f *foreign) note(object unsafe.Pointer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, o := range f.objects {
		if o == object {
			return
		}
	}
	if len(f.objects) < mostForeign {
		f.objects = append(f.objects, object)
	}
}

// last is what uncontrolled was of the last run.
var last int

// Uncontrolled returns how many objects that the last run used were also touched, meanwhile, by goroutines that are
// no tasks of it.
func Uncontrolled() int {
	turn.Lock()
	defer turn.Unlock()
	return last
}

// lastDoubt is what doubt was of the last run.
var lastDoubt string

// Doubt says why a failure of the running test may come from being run as it is, and says nothing about the program. The first reason counts.
//
//go:norace
func (c *Current) Doubt(why string) {
	if c.doubt == "" {
		c.doubt = why
	}
}

// Measured is why a run is doubted that measures memory.
const Measured = "it measures memory, of which the scheduler uses some too"

// Inspected is why a run is doubted that looks at the stacks of all goroutines.
const Inspected = "it looks at the stacks of all goroutines, some of which are the scheduler's"

// RealTime is why a run is doubted that uses what goes by real time.
const RealTime = "it compares its own times with those of the real clock"

// Doubted returns why a failure in the last run may say nothing about the program; empty if it does.
func Doubted() string {
	turn.Lock()
	defer turn.Unlock()
	return lastDoubt
}

func (c *Current) uncontrolled() (n int) {
	c.foreign.mu.Lock()
	defer c.foreign.mu.Unlock()
	for _, o := range c.foreign.objects {
		if c.objects.find(o) != nil {
			n++
		}
	}
	return n
}

// Over reports whether the calling task's run is over, and the task is being ended: deferred functions should then do nothing
// more that others would see.
//
//go:norace
func Over() bool {
	c := Find(nil)
	return c != nil && c.Over()
}
