// Package task starts goroutines, and counts them.
package task

import "sync/atomic"

var Started atomic.Int64

func Go(f func()) {
	Started.Add(1)
	go f()
}
