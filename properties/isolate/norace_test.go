//go:build !race

package isolate_test

// lockedThread is what becomes of a task that locks its thread: tasks are coroutines, which share
// the thread of who resumes them.
const lockedThread = "process, crash: the process crashed: fatal error: coro: OS thread locking must match"
