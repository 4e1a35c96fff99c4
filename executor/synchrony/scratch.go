package synchrony

import (
	"synchrony/executor/sched"
	"synchrony/models/batch"
	"synchrony/models/schedule"
)

// cell is an account inside the execution: its value, and the transaction that
// wrote it, or history.InitialVersion.
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
	pending  []int32    // by transaction: unfinished predecessors; see poison
	link     []int32    // by transaction: the next one in its queue
	roots    []int32    // what can be claimed from the beginning, in order
	programs []*program // by transaction
	compiled map[*batch.Intent]*program
	pool     []*program // those of compiled, and spare ones
	compiler compiler
	buffers  []buffers // by worker
	finish   []int64   // by transaction: when it ends on unlimited workers, ns
}

// buffers are what a worker works with. They are kept because most batches on a store
// are alike.
type buffers struct {
	registers []int64
	versions  []int32   // by parameter: the version of the balance read
	changes   []change  // what the current transaction is going to write
	writes    []overlay // what one in Go form has written
}

// maxBuffers is the most workers whose buffers are kept.
const maxBuffers = 64

// maxPrograms is the most compiled intents whose memory is kept.
const maxPrograms = 1_000

// maxSpare is the most transactions whose scratch is kept: about 10 MB.
const maxSpare = 100_000

func (s *Store) takeScratch(rt *sched.Runtime) *scratch {
	rt.Yield(schedule.OpRMW, spareObject)
	if sc := s.spare.Swap(nil); sc != nil {
		return sc
	}
	return new(scratch)
}

func (s *Store) keepScratch(rt *sched.Runtime, sc *scratch) {
	if cap(sc.pending) > maxSpare || cap(sc.cells) > maxSpare || cap(sc.graph.preds) > 4*maxSpare {
		return
	}
	sc.forget()
	rt.Yield(schedule.OpStore, spareObject)
	s.spare.Store(sc)
}

// forget lets go of the batch.
func (sc *scratch) forget() {
	clear(sc.programs)
	clear(sc.compiled)
	sc.compiler.in = nil
	if len(sc.pool) > maxPrograms {
		sc.pool, sc.compiled = nil, nil
	}
	for _, p := range sc.pool {
		p.reset()
	}
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
