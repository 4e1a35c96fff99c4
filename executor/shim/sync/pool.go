//go:build go1.26

package sync

import (
	"sync"
	"unsafe"

	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// Pool is [sync.Pool]. In a controlled run it forgets nothing that was put into it, and returns the latest first: so
// it is most likely to show who still uses what it gave back.
type Pool struct {
	noCopy noCopy

	// New makes a value when there is none.
	New func() any

	real sync.Pool
	ref  task.Ref
	free []*pooled // controlled runs only
}

type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// pooled is a value in a pool; its address orders Get after Put, for the race detector.
type pooled struct{ value any }

//go:norace
func (p *Pool) find() (*task.Current, schedule.Object) {
	c := task.Find(unsafe.Pointer(p))
	if c == nil {
		return nil, schedule.Object{}
	}
	o, left := p.ref.Enter(c, unsafe.Pointer(p), schedule.ClassPool)
	if left {
		p.free = nil
	}
	return c, o
}

// Get is [sync.Pool.Get].
func (p *Pool) Get() any {
	x := p.take()
	if x == nil && p.New != nil {
		x = p.New()
	}
	return x
}

//go:norace
func (p *Pool) take() any {
	c, o := p.find()
	if c == nil {
		return p.real.Get()
	}
	if !c.Step(schedule.OpRMW, o) || len(p.free) == 0 {
		return nil
	}
	last := len(p.free) - 1
	x := p.free[last]
	p.free[last], p.free = nil, p.free[:last]
	task.Acquire(unsafe.Pointer(x))
	return x.value
}

// Put is [sync.Pool.Put].
//
//go:norace
func (p *Pool) Put(x any) {
	if x == nil {
		return
	}
	c, o := p.find()
	if c == nil {
		p.real.Put(x)
		return
	}
	if c.Step(schedule.OpRMW, o) {
		k := &pooled{x}
		task.Release(unsafe.Pointer(k))
		p.free = append(p.free, k)
	}
}
