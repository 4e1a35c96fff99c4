// Package racetest runs executors where the race detector watches.
package racetest

import (
	"runtime"
	"testing"

	"synchrony/executor/sched"
)

// schedules is how many schedules of one run are explored in order; samples, how many are
// drawn by partial order sampling.
const (
	schedules = 4
	samples   = 8
)

// Run does runs that share nothing with each other: each on controlled schedules, where
// the detector sees of the order between tasks only what the executor's own locks and
// atomics make, and each of the disturbed ones on goroutines that are delayed at random, on
// 1, 2 and 4 processors. A race that the detector sees fails the test, as does an error.
func Run(t *testing.T, controlled, disturbed []func(*sched.Runtime) error) {
	t.Helper()
	count := 0
	var runner sched.Runner
	for _, run := range controlled {
		main := func(rt *sched.Runtime) {
			if err := run(rt); err != nil {
				t.Error(err)
			}
		}
		e := sched.NewExplorer(sched.Options{}, sched.Bounds{Preemptions: sched.Unbounded, Schedules: schedules})
		for s, ok := e.Next(); ok; s, ok = e.Next() {
			rec := runner.Run(s, sched.Options{}, main)
			if err := e.Ran(&rec); err != nil {
				t.Fatal(err)
			}
			count++
		}
		for sample := range uint64(samples) {
			runner.Run(sched.POS(sample), sched.Options{}, main)
			count++
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	processors := []int{1, 2, 4}
	for _, procs := range processors {
		runtime.GOMAXPROCS(procs)
		for i, run := range disturbed {
			if err := run(sched.NewNoisy(uint64(i))); err != nil {
				t.Error(err)
			}
		}
	}
	t.Logf("no race on %d controlled schedules and in %d runs of disturbed goroutines on %v processors",
		count, len(processors)*len(disturbed), processors)
}
