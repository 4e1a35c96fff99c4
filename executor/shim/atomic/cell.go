//go:build go1.26

package atomic

import (
	"unsafe"

	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// step announces an access to what lies at p.
//
//go:norace
func step(p unsafe.Pointer, op schedule.Op) *task.Current {
	if p == nil {
		return nil // the access is to panic
	}
	c := task.Find(p)
	if c != nil {
		k, _ := c.Object(p, schedule.ClassAtomic)
		c.Step(op, k.Object)
	}
	return c
}

// swapped tells of a compare-and-swap that failed: it was but a load.
//
//go:norace
func swapped(c *task.Current, ok bool) bool {
	if c != nil && !ok {
		c.SwapFailed()
	}
	return ok
}

// real is a type of sync/atomic that holds a T.
type real[T any] interface {
	Load() T
	Store(T)
	Swap(T) T
	CompareAndSwap(old, new T) bool
}

// cell holds a T in a variable of type R, to which a P points.
type cell[T, R any, P interface {
	*R
	real[T]
}] struct{ v R }

// Load returns the value.
func (x *cell[T, R, P]) Load() T {
	step(unsafe.Pointer(x), schedule.OpLoad)
	return P(&x.v).Load()
}

// Store sets the value.
func (x *cell[T, R, P]) Store(v T) {
	step(unsafe.Pointer(x), schedule.OpStore)
	P(&x.v).Store(v)
}

// Swap sets the value and returns the one before.
func (x *cell[T, R, P]) Swap(v T) T {
	step(unsafe.Pointer(x), schedule.OpRMW)
	return P(&x.v).Swap(v)
}

// CompareAndSwap sets the value to new if it is old, and reports whether it was.
func (x *cell[T, R, P]) CompareAndSwap(old, new T) bool {
	c := step(unsafe.Pointer(x), schedule.OpRMW)
	return swapped(c, P(&x.v).CompareAndSwap(old, new))
}

// number is a cell of a whole number.
type number[T, R any, P interface {
	*R
	real[T]
	Add(T) T
	And(T) T
	Or(T) T
}] struct{ cell[T, R, P] }

// Add adds v and returns the sum.
func (x *number[T, R, P]) Add(v T) T {
	step(unsafe.Pointer(x), schedule.OpRMW)
	return P(&x.v).Add(v)
}

// And keeps the bits that are set in v, and returns the value before.
func (x *number[T, R, P]) And(v T) T {
	step(unsafe.Pointer(x), schedule.OpRMW)
	return P(&x.v).And(v)
}

// Or sets the bits that are set in v, and returns the value before.
func (x *number[T, R, P]) Or(v T) T {
	step(unsafe.Pointer(x), schedule.OpRMW)
	return P(&x.v).Or(v)
}
