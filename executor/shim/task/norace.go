//go:build go1.26 && !race

package task

import "unsafe"

// RaceDetector says that the race detector watches.
const RaceDetector = false

// Acquire orders, for the race detector, the caller after every Release of p.
func Acquire(unsafe.Pointer) {}

// Release orders, for the race detector, the caller before every Acquire of p.
func Release(unsafe.Pointer) {}

// Reads is a read of p to the race detector.
func Reads(unsafe.Pointer) {}

// ReadsAll is for the race detector.
func ReadsAll(unsafe.Pointer, int) {}

// Writes is a write of p to the race detector.
func Writes(unsafe.Pointer) {}

// Races returns how many races the detector has reported.
func Races() int { return 0 }
