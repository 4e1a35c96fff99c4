package vm

import (
	"maps"
	"slices"
	"sync"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// recorder collects what a run shows beyond its outcome. A nil one collects nothing, for nothing. Its lock
// is no part of the program's synchronisation: nothing depends on who gets it first but the order of
// entries of the same time.
type recorder struct {
	mu       sync.Mutex
	start    time.Duration
	accesses bool  // record those, too: chunks are executed exactly, instruction by instruction
	tasks    int32 // that have accessed shared variables
	events   []trace.ChunkEvent
	reads    []trace.ChunkAccess
	calls    []trace.SharedCall
	barriers []trace.BarrierEvent
	forks    []trace.ForkEvent
}

func (r *recorder) now(rt *sched.Runtime) time.Duration { return rt.Stamp() - r.start }

func (r *recorder) event(rt *sched.Runtime, kind trace.ChunkEventKind, worker, chunk, attempt int) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, trace.ChunkEvent{
		Time: r.now(rt), Kind: kind, Worker: int32(worker), Chunk: int32(chunk), Attempt: int32(attempt),
	})
}

func (r *recorder) barrier(m *machine, kind trace.BarrierEventKind) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.barriers = append(r.barriers, trace.BarrierEvent{
		Time: r.now(m.rt), Kind: kind, Fork: m.group.number, Worker: int32(m.number),
		Workers: int32(len(m.group.workers)), Round: int32(m.round), Barrier: m.barrierID(),
	})
}

func (r *recorder) fork(rt *sched.Runtime, kind trace.ForkEventKind, g *forkGroup, worker int) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forks = append(r.forks, trace.ForkEvent{
		Time: r.now(rt), Kind: kind, Fork: g.number, Worker: int32(worker), Workers: int32(len(g.states)),
	})
}

// fallback notes that sequential execution goes on from a chunk, and why.
func (r *recorder) fallback(rt *sched.Runtime, chunk int, why trace.FallbackReason) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, trace.ChunkEvent{Time: r.now(rt), Kind: trace.ChunkFallback, Chunk: int32(chunk), Why: why})
}

// beginCall notes the call of an operation on a shared variable, endCall its return.
func (m *machine) beginCall(op program.Opcode, variable int32) *trace.SharedCall {
	m.access = trace.SharedCall{Op: op, Variable: variable, Chunk: int32(m.chunk), Attempt: int32(m.attempt)}
	if m.run.rec != nil {
		m.access.Call = m.run.rec.now(m.rt)
	}
	return &m.access
}

func (m *machine) endCall(c *trace.SharedCall, failed bool) {
	r := m.run.rec
	if r == nil {
		return
	}
	c.Failed = failed
	r.mu.Lock()
	defer r.mu.Unlock()
	if m.task == 0 { // its first
		r.tasks++
		m.task = r.tasks
	}
	c.Task, c.Return = m.task, r.now(m.rt)
	r.calls = append(r.calls, *c)
}

// access records what the attempt at a chunk that has its result touched.
func (r *recorder) access(chunk int, log *accessLog) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reads = append(r.reads, trace.ChunkAccess{
		Chunk:  int32(chunk),
		Reads:  slices.Sorted(maps.Keys(log.reads)),
		Writes: slices.Sorted(maps.Keys(log.writes)),
	})
}
