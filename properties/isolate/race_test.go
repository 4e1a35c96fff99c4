//go:build race

package isolate_test

// lockedThread is what becomes of a task that locks its thread: with the race detector tasks are
// goroutines, which may.
const lockedThread = "pass"
