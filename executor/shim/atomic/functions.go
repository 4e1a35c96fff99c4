//go:build go1.26

package atomic

import (
	"sync/atomic"
	"unsafe"

	"synchrony/models/schedule"
)

// LoadInt32 is [sync/atomic.LoadInt32].
func LoadInt32(addr *int32) int32 {
	step(unsafe.Pointer(addr), schedule.OpLoad)
	return atomic.LoadInt32(addr)
}

// StoreInt32 is [sync/atomic.StoreInt32].
func StoreInt32(addr *int32, val int32) {
	step(unsafe.Pointer(addr), schedule.OpStore)
	atomic.StoreInt32(addr, val)
}

// SwapInt32 is [sync/atomic.SwapInt32].
func SwapInt32(addr *int32, new int32) int32 {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.SwapInt32(addr, new)
}

// CompareAndSwapInt32 is [sync/atomic.CompareAndSwapInt32].
func CompareAndSwapInt32(addr *int32, old, new int32) bool {
	c := step(unsafe.Pointer(addr), schedule.OpRMW)
	return swapped(c, atomic.CompareAndSwapInt32(addr, old, new))
}

// AddInt32 is [sync/atomic.AddInt32].
func AddInt32(addr *int32, delta int32) int32 {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.AddInt32(addr, delta)
}

// AndInt32 is [sync/atomic.AndInt32].
func AndInt32(addr *int32, mask int32) int32 {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.AndInt32(addr, mask)
}

// OrInt32 is [sync/atomic.OrInt32].
func OrInt32(addr *int32, mask int32) int32 {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.OrInt32(addr, mask)
}

// LoadInt64 is [sync/atomic.LoadInt64].
func LoadInt64(addr *int64) int64 {
	step(unsafe.Pointer(addr), schedule.OpLoad)
	return atomic.LoadInt64(addr)
}

// StoreInt64 is [sync/atomic.StoreInt64].
func StoreInt64(addr *int64, val int64) {
	step(unsafe.Pointer(addr), schedule.OpStore)
	atomic.StoreInt64(addr, val)
}

// SwapInt64 is [sync/atomic.SwapInt64].
func SwapInt64(addr *int64, new int64) int64 {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.SwapInt64(addr, new)
}

// CompareAndSwapInt64 is [sync/atomic.CompareAndSwapInt64].
func CompareAndSwapInt64(addr *int64, old, new int64) bool {
	c := step(unsafe.Pointer(addr), schedule.OpRMW)
	return swapped(c, atomic.CompareAndSwapInt64(addr, old, new))
}

// AddInt64 is [sync/atomic.AddInt64].
func AddInt64(addr *int64, delta int64) int64 {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.AddInt64(addr, delta)
}

// AndInt64 is [sync/atomic.AndInt64].
func AndInt64(addr *int64, mask int64) int64 {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.AndInt64(addr, mask)
}

// OrInt64 is [sync/atomic.OrInt64].
func OrInt64(addr *int64, mask int64) int64 {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.OrInt64(addr, mask)
}

// LoadUint32 is [sync/atomic.LoadUint32].
func LoadUint32(addr *uint32) uint32 {
	step(unsafe.Pointer(addr), schedule.OpLoad)
	return atomic.LoadUint32(addr)
}

// StoreUint32 is [sync/atomic.StoreUint32].
func StoreUint32(addr *uint32, val uint32) {
	step(unsafe.Pointer(addr), schedule.OpStore)
	atomic.StoreUint32(addr, val)
}

// SwapUint32 is [sync/atomic.SwapUint32].
func SwapUint32(addr *uint32, new uint32) uint32 {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.SwapUint32(addr, new)
}

// CompareAndSwapUint32 is [sync/atomic.CompareAndSwapUint32].
func CompareAndSwapUint32(addr *uint32, old, new uint32) bool {
	c := step(unsafe.Pointer(addr), schedule.OpRMW)
	return swapped(c, atomic.CompareAndSwapUint32(addr, old, new))
}

// AddUint32 is [sync/atomic.AddUint32].
func AddUint32(addr *uint32, delta uint32) uint32 {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.AddUint32(addr, delta)
}

// AndUint32 is [sync/atomic.AndUint32].
func AndUint32(addr *uint32, mask uint32) uint32 {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.AndUint32(addr, mask)
}

// OrUint32 is [sync/atomic.OrUint32].
func OrUint32(addr *uint32, mask uint32) uint32 {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.OrUint32(addr, mask)
}

// LoadUint64 is [sync/atomic.LoadUint64].
func LoadUint64(addr *uint64) uint64 {
	step(unsafe.Pointer(addr), schedule.OpLoad)
	return atomic.LoadUint64(addr)
}

// StoreUint64 is [sync/atomic.StoreUint64].
func StoreUint64(addr *uint64, val uint64) {
	step(unsafe.Pointer(addr), schedule.OpStore)
	atomic.StoreUint64(addr, val)
}

// SwapUint64 is [sync/atomic.SwapUint64].
func SwapUint64(addr *uint64, new uint64) uint64 {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.SwapUint64(addr, new)
}

// CompareAndSwapUint64 is [sync/atomic.CompareAndSwapUint64].
func CompareAndSwapUint64(addr *uint64, old, new uint64) bool {
	c := step(unsafe.Pointer(addr), schedule.OpRMW)
	return swapped(c, atomic.CompareAndSwapUint64(addr, old, new))
}

// AddUint64 is [sync/atomic.AddUint64].
func AddUint64(addr *uint64, delta uint64) uint64 {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.AddUint64(addr, delta)
}

// AndUint64 is [sync/atomic.AndUint64].
func AndUint64(addr *uint64, mask uint64) uint64 {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.AndUint64(addr, mask)
}

// OrUint64 is [sync/atomic.OrUint64].
func OrUint64(addr *uint64, mask uint64) uint64 {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.OrUint64(addr, mask)
}

// LoadUintptr is [sync/atomic.LoadUintptr].
func LoadUintptr(addr *uintptr) uintptr {
	step(unsafe.Pointer(addr), schedule.OpLoad)
	return atomic.LoadUintptr(addr)
}

// StoreUintptr is [sync/atomic.StoreUintptr].
func StoreUintptr(addr *uintptr, val uintptr) {
	step(unsafe.Pointer(addr), schedule.OpStore)
	atomic.StoreUintptr(addr, val)
}

// SwapUintptr is [sync/atomic.SwapUintptr].
func SwapUintptr(addr *uintptr, new uintptr) uintptr {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.SwapUintptr(addr, new)
}

// CompareAndSwapUintptr is [sync/atomic.CompareAndSwapUintptr].
func CompareAndSwapUintptr(addr *uintptr, old, new uintptr) bool {
	c := step(unsafe.Pointer(addr), schedule.OpRMW)
	return swapped(c, atomic.CompareAndSwapUintptr(addr, old, new))
}

// AddUintptr is [sync/atomic.AddUintptr].
func AddUintptr(addr *uintptr, delta uintptr) uintptr {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.AddUintptr(addr, delta)
}

// AndUintptr is [sync/atomic.AndUintptr].
func AndUintptr(addr *uintptr, mask uintptr) uintptr {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.AndUintptr(addr, mask)
}

// OrUintptr is [sync/atomic.OrUintptr].
func OrUintptr(addr *uintptr, mask uintptr) uintptr {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.OrUintptr(addr, mask)
}

// LoadPointer is [sync/atomic.LoadPointer].
func LoadPointer(addr *unsafe.Pointer) unsafe.Pointer {
	step(unsafe.Pointer(addr), schedule.OpLoad)
	return atomic.LoadPointer(addr)
}

// StorePointer is [sync/atomic.StorePointer].
func StorePointer(addr *unsafe.Pointer, val unsafe.Pointer) {
	step(unsafe.Pointer(addr), schedule.OpStore)
	atomic.StorePointer(addr, val)
}

// SwapPointer is [sync/atomic.SwapPointer].
func SwapPointer(addr *unsafe.Pointer, new unsafe.Pointer) unsafe.Pointer {
	step(unsafe.Pointer(addr), schedule.OpRMW)
	return atomic.SwapPointer(addr, new)
}

// CompareAndSwapPointer is [sync/atomic.CompareAndSwapPointer].
func CompareAndSwapPointer(addr *unsafe.Pointer, old, new unsafe.Pointer) bool {
	c := step(unsafe.Pointer(addr), schedule.OpRMW)
	return swapped(c, atomic.CompareAndSwapPointer(addr, old, new))
}
