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
		c.touched.note(object)
	}
	return nil
}

// touched is what uncontrolled goroutines have touched during a run.
type touched struct {
	mu      sync.Mutex
	objects []unsafe.Pointer
}

// mostTouched bounds how many objects are remembered.
const mostTouched = 1000

func (f *touched) note(object unsafe.Pointer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, o := range f.objects {
		if o == object {
			return
		}
	}
	if len(f.objects) < mostTouched {
		f.objects = append(f.objects, object)
	}
}

// lastTouched is how many of its objects were so in the last run.
var lastTouched int

// Touched returns how many objects that the last run used were also touched, meanwhile, by uncontrolled goroutines.
func Touched() int {
	turn.Lock()
	defer turn.Unlock()
	return lastTouched
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

func (c *Current) touchedByOthers() (n int) {
	c.touched.mu.Lock()
	defer c.touched.mu.Unlock()
	for _, o := range c.touched.objects {
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
