package synchrony

import (
	"synchrony/executor/sched"
	"synchrony/models/trace"
)

// cell is an account inside the execution: its value, and the transaction that
// wrote it, or trace.InitialVersion.
type cell struct {
	value   int64
	version int32
}

// scratch holds the arrays of one execution. A store keeps one spare, because
// without it most of a batch's time would go to clearing fresh memory. An execution
// that ends with a worker still inside a transaction abandons its scratch to it.
type scratch struct {
	graph    graph
	accounts []accountState
	readers  []readerNode
	stamp    []int32 // by transaction: 1 + the last one that got an edge from it
	cells    []cell
	pending  []int32 // by transaction: unfinished predecessors; see poison
	link     []int32 // by transaction: the next one in its queue
	roots    []int32 // what can be claimed from the beginning, in order
	programs []*program
	finish   []int64 // by transaction: when it ends on unlimited workers, ns
}

// maxSpare is the most transactions whose scratch is kept: about 10 MB.
const maxSpare = 100_000

func (s *Store) takeScratch(rt *sched.Runtime) *scratch {
	rt.Yield(trace.OpRMW, spareObject)
	if sc := s.spare.Swap(nil); sc != nil {
		return sc
	}
	return new(scratch)
}

func (s *Store) keepScratch(rt *sched.Runtime, sc *scratch) {
	if cap(sc.pending) > maxSpare || cap(sc.cells) > maxSpare || cap(sc.graph.preds) > 4*maxSpare {
		return
	}
	clear(sc.programs) // they hold on to the batch
	rt.Yield(trace.OpStore, spareObject)
	s.spare.Store(sc)
}

// resize returns a slice of length n that reuses s if it can; its elements are
// whatever they were.
func resize[T any](s []T, n int) []T {
	if cap(s) >= n {
		return s[:n]
	}
	return make([]T, n)
}

// zeroed is resize with all elements zero.
func zeroed[T any](s []T, n int) []T {
	if cap(s) >= n {
		s = s[:n]
		clear(s)
		return s
	}
	return make([]T, n)
}
