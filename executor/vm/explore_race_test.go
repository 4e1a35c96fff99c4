//go:build race

package vm

import (
	"context"
	"runtime"
	"testing"

	"pgregory.net/rapid"

	"synchrony/executor/sched"
	"synchrony/models/program"
)

// raceWorkloads are random programs, and some whose workers share variables, with configurations drawn for them.
func raceWorkloads(t *testing.T) []program.Workload {
	gen := rapid.Custom(func(t *rapid.T) program.Workload {
		c := drawConfig(t)
		c.Faults = drawFaults(t)
		return program.Workload{Program: drawProgram(t), Setup: c.Setup}
	})
	var ws []program.Workload
	for seed := range 40 {
		ws = append(ws, gen.Example(seed+1))
	}
	for _, name := range []string{"lost update", "compare and swap", "barrier between write and read", "broken barrier", "timeout", "nested"} {
		for _, workers := range []int{2, 4} {
			ws = append(ws, program.Workload{Program: build(t, racy[name]), Setup: program.Setup{Mode: program.Parallel, Workers: workers}})
		}
	}
	return ws
}

// TestRaceHunt runs random programs where the race detector watches: on controlled schedules, where it sees of the order
// between tasks only what the machine's own locks and atomics make, and on goroutines that are disturbed at random, on
// one processor and more. A race that it sees fails the test.
func TestRaceHunt(t *testing.T) {
	schedules, runs := 0, 0
	var runner sched.Runner
	ws := raceWorkloads(t)
	for _, w := range ws {
		main := func(rt *sched.Runtime) {
			if _, err := (System{}).Run(context.Background(), rt, w); err != nil {
				t.Error(err)
			}
		}
		e := sched.NewExplorer(sched.Options{}, sched.Bounds{Preemptions: sched.Unbounded, Schedules: 4})
		for s, ok := e.Next(); ok; s, ok = e.Next() {
			rec := runner.Run(s, sched.Options{}, main)
			if err := e.Ran(&rec); err != nil {
				t.Fatal(err)
			}
			schedules++
		}
		for sample := range uint64(8) {
			runner.Run(sched.POS(sample), sched.Options{}, main)
			schedules++
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, procs := range []int{1, 2, 4} {
		runtime.GOMAXPROCS(procs)
		for i, w := range ws {
			if _, err := (System{}).Run(context.Background(), sched.NewChaos(uint64(i)), w); err != nil {
				t.Error(err)
			}
			runs++
		}
	}
	t.Logf("virtual machine: no race on %d controlled schedules and in %d runs of disturbed goroutines on 1, 2 and 4 processors", schedules, runs)
}
