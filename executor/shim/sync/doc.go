//go:build go1.26

// Package sync provides what the standard library's sync does, in the same names, under a controlled run's schedule.
// See package task.
//
// Misuse is told as the standard library tells it: a panic where that panics, and where that ends the process with a fatal
// error, the end of the run, which cannot be recovered.
package sync

import "sync"

// Locker is [sync.Locker].
type Locker = sync.Locker
