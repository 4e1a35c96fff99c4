//go:build ignore

// Package bor runs workloads on Block-STM of Bor: a task is what its core/parallel_state_processor.go and core/state/statedb.go make of a
// transaction, with a cell for an account.
package bor

import (
	"context"

	"peers/bor/blockstm"
	"peers/standin/common"

	"synchrony/executor/synchrony/compare/measure"
)

// Peer is the executor.
var Peer = measure.Peer{Name: "bor", New: func(w *measure.Workload, workers int) measure.Engine {
	e := &engine{w: w, workers: workers, balances: append([]int64(nil), w.Initial...)}
	for a := range w.Initial {
		e.keys = append(e.keys, blockstm.NewStateKey(common.BytesToAddress(measure.Key(a)), common.Hash{}))
	}
	return e
}}

type engine struct {
	w        *measure.Workload
	workers  int
	keys     []blockstm.Key
	balances []int64
	tasks    []blockstm.ExecTask
}

// Ready makes the tasks, which hold what one execution reads and writes.
func (e *engine) Ready() {
	start := append([]int64(nil), e.balances...)
	e.tasks = make([]blockstm.ExecTask, len(e.w.Transfers))
	for i, t := range e.w.Transfers {
		e.tasks[i] = &task{e: e, start: start, index: i, transfer: t}
	}
}

func (e *engine) Run() error {
	_, err := blockstm.ExecuteParallel(e.tasks, false, false, e.workers, context.Background())
	return err
}

func (e *engine) Balances() []int64 { return e.balances }

type task struct {
	e        *engine
	start    []int64
	index    int
	transfer measure.Transfer
	reads    []blockstm.ReadDescriptor
	writes   []blockstm.WriteDescriptor
}

func (t *task) Execute(mvh *blockstm.MVHashMap, incarnation int) error {
	t.reads, t.writes = t.reads[:0], t.writes[:0]
	x, dependency := t.read(mvh, t.transfer.From)
	if dependency >= 0 {
		return blockstm.ErrExecAbortError{Dependency: dependency}
	}
	y, dependency := t.read(mvh, t.transfer.To)
	if dependency >= 0 {
		return blockstm.ErrExecAbortError{Dependency: dependency}
	}
	t.e.w.Work()
	version := blockstm.Version{TxnIndex: t.index, Incarnation: incarnation}
	t.writes = append(t.writes,
		blockstm.WriteDescriptor{Path: t.e.keys[t.transfer.From], V: version, Val: x - 1},
		blockstm.WriteDescriptor{Path: t.e.keys[t.transfer.To], V: version, Val: y + 1})
	return nil
}

// read is an account's balance, or else the transaction that must be waited for; -1 is none.
func (t *task) read(mvh *blockstm.MVHashMap, account int) (int64, int) {
	r := mvh.Read(t.e.keys[account], t.index)
	d := blockstm.ReadDescriptor{Path: t.e.keys[account], Kind: blockstm.ReadKindMap, V: blockstm.Version{TxnIndex: r.DepIdx(), Incarnation: r.Incarnation()}}
	switch r.Status() {
	case blockstm.MVReadResultDependency:
		return 0, r.DepIdx()
	case blockstm.MVReadResultNone:
		d.Kind = blockstm.ReadKindStorage
		t.reads = append(t.reads, d)
		return t.start[account], -1
	}
	t.reads = append(t.reads, d)
	return r.Value().(int64), -1
}

func (t *task) MVReadList() []blockstm.ReadDescriptor {
	return append([]blockstm.ReadDescriptor(nil), t.reads...)
}
func (t *task) MVWriteList() []blockstm.WriteDescriptor {
	return append([]blockstm.WriteDescriptor(nil), t.writes...)
}
func (t *task) MVFullWriteList() []blockstm.WriteDescriptor { return t.MVWriteList() }
func (t *task) Hash() common.Hash                           { return common.Hash{} }
func (t *task) Dependencies() []int                         { return nil }

// Sender is another one for each: two of one sender would be executed one after the other.
func (t *task) Sender() common.Address { return common.BytesToAddress(measure.Key(t.index)) }

func (t *task) Settle() {
	t.e.balances[t.transfer.From] = t.writes[0].Val.(int64)
	t.e.balances[t.transfer.To] = t.writes[1].Val.(int64)
}
