//go:build ignore

// Package hypersdk runs workloads on the executor of HyperSDK, as its chain runs the transactions of a block: with all their keys declared.
package hypersdk

import (
	"peers/hypersdk/internal/executor"
	"peers/standin/state"

	"synchrony/executor/synchrony/compare/measure"
)

// maxDependencies is what its chain says.
const maxDependencies = 100_000_000

// Peer is the executor.
var Peer = measure.Peer{Name: "hypersdk", New: func(w *measure.Workload, workers int) measure.Engine {
	e := &engine{workers: workers, balances: append([]int64(nil), w.Initial...)}
	for _, t := range w.Transfers {
		e.keys = append(e.keys, state.Keys{string(measure.Key(t.From)): state.Write, string(measure.Key(t.To)): state.Write})
		e.tasks = append(e.tasks, func() error {
			x, y := e.balances[t.From], e.balances[t.To]
			w.Work()
			e.balances[t.From], e.balances[t.To] = x-1, y+1
			return nil
		})
	}
	return e
}}

type engine struct {
	workers  int
	keys     []state.Keys
	tasks    []func() error
	balances []int64
}

func (e *engine) Run() error {
	x := executor.New(len(e.tasks), e.workers, maxDependencies, nil)
	for i, task := range e.tasks {
		x.Run(e.keys[i], task)
	}
	return x.Wait()
}

func (e *engine) Balances() []int64 { return e.balances }
