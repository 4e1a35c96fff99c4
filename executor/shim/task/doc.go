//go:build go1.26

// Package task runs code that is written against the standard library under a deterministic scheduler: it finds, for the
// packages beside it, the task that calls them.
//
// The packages beside this one have the names and the signatures of the standard library's: sync, atomic (sync/atomic),
// time, context, rand (math/rand and math/rand/v2), runtime, iter, exec (os/exec), testing and synctest. In place of statements there are
// functions: [Go] for go, and packages channel and maps for what the language does with channels and with ranges over maps. Import them instead, by hand or by
// rewriting the source, and try schedules:
//
//	rec := task.Run(runner, sched.POS(seed), task.Options{}, func() {
//		var mu sync.Mutex // of executor/shim/sync
//		task.Go(func() { mu.Lock() … })
//	})
//
// Outside of such a run, and on uncontrolled goroutines of it, they do what the standard library does.
//
// # Uncontrolled goroutines
//
// A goroutine that the standard library, an init function or cgo started is no task: it is uncontrolled. If it calls one of these packages
// during a run, it runs on as it would without; where it touches what the run uses, the run cannot be repeated
// for certain: [Touched] counts these. A task that waits for what only such a goroutine will do
// seems to wait for ever.
//
// # Objects that outlive a run
//
// A run that gets stuck is unwound, and may leave behind locked mutexes and counted wait groups. Objects of these packages are reset when
// a run first uses them, if they were left by another. Contents of channels, maps and plain variables are not.
package task
