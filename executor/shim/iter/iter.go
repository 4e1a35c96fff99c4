//go:build go1.26

// Package iter provides what the standard library's iter does to make coroutines, in the same names, and counts them: a
// coroutine is a goroutine that never runs at once with who made it, so that there is nothing to schedule.
package iter

import (
	"iter"
	"sync/atomic"
)

// pulled is how many coroutines were made in this process.
var pulled atomic.Int64

// Pulled is how many coroutines this process has made with this package.
func Pulled() int { return int(pulled.Load()) }

// Pull is [iter.Pull].
func Pull[V any](seq iter.Seq[V]) (next func() (V, bool), stop func()) {
	pulled.Add(1)
	return iter.Pull(seq)
}

// Pull2 is [iter.Pull2].
func Pull2[K, V any](seq iter.Seq2[K, V]) (next func() (K, V, bool), stop func()) {
	pulled.Add(1)
	return iter.Pull2(seq)
}
