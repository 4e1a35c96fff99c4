//go:build race

package vm

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"synchrony/executor/internal/racetest"
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

// TestRaceSearch runs random programs where the race detector watches.
func TestRaceSearch(t *testing.T) {
	var runs []func(*sched.Runtime) error
	for _, w := range raceWorkloads(t) {
		runs = append(runs, func(rt *sched.Runtime) error {
			_, err := (System{}).Run(context.Background(), rt, w)
			return err
		})
	}
	racetest.Run(t, runs, runs)
}
