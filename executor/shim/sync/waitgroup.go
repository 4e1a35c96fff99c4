//go:build go1.26

package sync

import (
	"sync"
	"unsafe"

	"synchrony/executor/sched"
	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// WaitGroup is [sync.WaitGroup].
type WaitGroup struct {
	real sync.WaitGroup // counts in controlled runs, too: the race detector sees it
	ref  task.Ref

	// Controlled runs only.
	count   int
	waiting []sched.Task
	misuse  int64 // read by an Add from zero and written by a Wait that waits, for the race detector
	// As misuse, for a Wait that finds zero: each writes a byte of its own, for it may race with an Add, and not with another Wait. Those
	// that find no byte left show nothing.
	vain  [8]byte
	vains int
}

//go:norace
func (g *WaitGroup) find() (*task.Current, schedule.Object) {
	c := task.Find(unsafe.Pointer(g))
	if c == nil {
		return nil, schedule.Object{}
	}
	o, left := g.ref.Enter(c, unsafe.Pointer(g), schedule.ClassWaitGroup)
	if left {
		*g = WaitGroup{ref: g.ref}
	}
	return c, o
}

// Add is [sync.WaitGroup.Add].
//
//go:norace
func (g *WaitGroup) Add(delta int) {
	c, o := g.find()
	if c == nil {
		g.real.Add(delta)
		return
	}
	op := schedule.OpAdd
	if delta < 0 {
		op = schedule.OpDone
	}
	if !c.Step(op, o) {
		return
	}
	if g.count == 0 && delta > 0 {
		task.Reads(unsafe.Pointer(&g.misuse))
		task.ReadsAll(unsafe.Pointer(&g.vain), len(g.vain))
	}
	g.count += delta
	if g.count < 0 {
		panic("sync: negative WaitGroup counter")
	}
	if delta != 0 {
		g.real.Add(delta)
	}
	if g.count == 0 {
		for _, t := range g.waiting {
			c.Wake(t, schedule.OpJoin)
		}
		g.waiting = nil
	}
}

// Done is [sync.WaitGroup.Done].
func (g *WaitGroup) Done() { g.Add(-1) }

// Wait is [sync.WaitGroup.Wait].
//
//go:norace
func (g *WaitGroup) Wait() {
	c, o := g.find()
	if c == nil {
		g.real.Wait()
		return
	}
	if !c.Step(schedule.OpJoin, o) {
		return
	}
	if g.count == 0 {
		g.foundZero()
	} else {
		if len(g.waiting) == 0 {
			task.Writes(unsafe.Pointer(&g.misuse))
		}
		g.waiting = append(g.waiting, c.Self())
		if !c.Park(schedule.OpJoin, o) {
			return
		}
		if g.count > 0 || len(g.waiting) > 0 {
			panic("sync: WaitGroup is reused before previous Wait has returned")
		}
	}
	g.real.Wait()
}

// foundZero tells the race detector of a Wait that has nothing to wait for. In another order it may have: that an Add from zero which
// did not happen before has been made and done already is luck.
//
//go:norace
func (g *WaitGroup) foundZero() {
	if g.vains < len(g.vain) {
		task.Writes(unsafe.Pointer(&g.vain[g.vains]))
		g.vains++
	}
}

// Go is [sync.WaitGroup.Go].
func (g *WaitGroup) Go(f func()) {
	g.Add(1)
	task.Go(func() {
		defer func() {
			if x := recover(); x != nil {
				// As in the standard library: a panic ends the process before anything waits on.
				panic(x)
			}
			g.Done()
		}()
		f()
	})
}
