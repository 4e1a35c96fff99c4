//go:build go1.26 && race

package task

import (
	"runtime"
	"unsafe"
)

// RaceDetector says that the race detector watches.
const RaceDetector = true

// Acquire orders, for the race detector, the caller after every Release of p.
func Acquire(p unsafe.Pointer) { runtime.RaceAcquire(p) }

// Release orders, for the race detector, the caller before every Acquire of p.
func Release(p unsafe.Pointer) { runtime.RaceReleaseMerge(p) }

// Reads is a read of p to the race detector.
func Reads(p unsafe.Pointer) { runtime.RaceRead(p) }

// ReadsAll is a read of n bytes from p on to the race detector.
func ReadsAll(p unsafe.Pointer, n int) { runtime.RaceReadRange(p, n) }

// Writes is a write of p to the race detector.
func Writes(p unsafe.Pointer) { runtime.RaceWrite(p) }

// Races returns how many races the detector has reported.
func Races() int { return runtime.RaceErrors() }
