//go:build go1.26

package sync

import (
	"sync"
	"unsafe"

	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// Pool is [sync.Pool]. In a controlled run it returns the latest first that was put into it: so it is most likely to show who still uses what
// it gave back. Where the strategy makes data choices, it may also return another, or none.
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
	n := min(len(p.free)+1, mostPooled)
	k := c.ChooseData(schedule.ClassPool, n, n > len(p.free))
	switch k {
	case 1:
		return nil
	case 0:
		k = 1
	}
	return p.remove(len(p.free) - k)
}

// mostPooled is of how many values, the latest and none, Get chooses.
const mostPooled = 24

// remove takes the i-th value out of the pool.
//
//go:norace
func (p *Pool) remove(i int) any {
	x, last := p.free[i], len(p.free)-1
	for ; i < last; i++ {
		p.free[i] = p.free[i+1]
	}
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
