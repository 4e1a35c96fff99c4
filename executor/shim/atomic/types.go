//go:build go1.26

package atomic

import (
	"sync/atomic"
	"unsafe"

	"synchrony/models/schedule"
)

// Int32 is [sync/atomic.Int32].
type Int32 struct {
	number[int32, atomic.Int32, *atomic.Int32]
}

// Int64 is [sync/atomic.Int64].
type Int64 struct {
	number[int64, atomic.Int64, *atomic.Int64]
}

// Uint32 is [sync/atomic.Uint32].
type Uint32 struct {
	number[uint32, atomic.Uint32, *atomic.Uint32]
}

// Uint64 is [sync/atomic.Uint64].
type Uint64 struct {
	number[uint64, atomic.Uint64, *atomic.Uint64]
}

// Uintptr is [sync/atomic.Uintptr].
type Uintptr struct {
	number[uintptr, atomic.Uintptr, *atomic.Uintptr]
}

// Bool is [sync/atomic.Bool].
type Bool struct {
	cell[bool, atomic.Bool, *atomic.Bool]
}

// Value is [sync/atomic.Value].
type Value struct {
	cell[any, atomic.Value, *atomic.Value]
}

// Pointer is [sync/atomic.Pointer].
type Pointer[T any] struct{ v atomic.Pointer[T] }

// Load returns the value.
func (x *Pointer[T]) Load() *T {
	step(unsafe.Pointer(x), schedule.OpLoad)
	return x.v.Load()
}

// Store sets the value.
func (x *Pointer[T]) Store(v *T) {
	step(unsafe.Pointer(x), schedule.OpStore)
	x.v.Store(v)
}

// Swap sets the value and returns the one before.
func (x *Pointer[T]) Swap(v *T) *T {
	step(unsafe.Pointer(x), schedule.OpRMW)
	return x.v.Swap(v)
}

// CompareAndSwap sets the value to new if it is old, and reports whether it was.
func (x *Pointer[T]) CompareAndSwap(old, new *T) bool {
	c := step(unsafe.Pointer(x), schedule.OpRMW)
	return swapped(c, x.v.CompareAndSwap(old, new))
}
