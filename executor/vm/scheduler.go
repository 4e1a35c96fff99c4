package vm

import (
	"sync/atomic"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/program"
	"synchrony/models/schedule"
	"synchrony/models/trace"
)

// result is what an attempt at a chunk leaves, with its cells. It is written by one task, and read by others
// only after the counters of their chunks, or the lock, have ordered them. Its size is that of a pair of cache lines.
type result struct {
	status status // stopped, done, failed, late
	boxes  []program.Value
	output []string
	value  program.Value // of the program, if it ended here
	err    *program.RunError
	steps  int64 // used, as are the next two
	memory int64
	now    int64
	_      [16]byte
}

// scheduler runs a plan's chunks on workers, each as soon as its inputs are there.
//
// A chunk is admitted, in program order, while fewer than queueSize chunks are admitted and not
// merged; it is ready when it is admitted and what it needs is there. Chunks are counted off at
// the cursor in program order: there it is decided whether sequential execution would have come so far.
// horizon is the last chunk that it can still come to; attempts beyond it are abandoned.
type scheduler struct {
	*run
	plan    *plan
	config  *config
	results []result
	cells   []cell // what each chunk wrote, from chunk.first on; undefined if it did not and was not given it
	first   int    // the chunk to begin with; what those before it left is in base
	base    *snapshot

	counters []int32 // what each chunk waits for: chunks, admission, its turn if it is exclusive
	waiting  atomic.Int32
	horizon  sched.Int64

	mu       sched.Mutex
	change   sched.Cond
	queue    []int32 // of ready chunks: a ring
	head, n  int
	finished []bool
	admitted int
	cursor   int
	over     bool
	steps    int64 // used by the chunks before the cursor, as are the next two
	memory   int64
	now      int64
	resumeAt int  // a chunk from which to go on sequentially, or -1
	fallback bool // go on sequentially from the initial state
	why      trace.FallbackReason
	broken   error // why a chunk's attempts were in vain

	metrics                               trace.ProgramMetrics
	succeeded, failed, retried, abandoned int
	errors                                []string
}

func newScheduler(r *run, p *plan, c *config, first int) *scheduler {
	n := len(p.chunks)
	s := &scheduler{
		run: r, plan: p, config: c, first: first, cursor: first, admitted: first, resumeAt: -1,
		results: make([]result, n), counters: make([]int32, n), finished: make([]bool, n),
		queue: make([]int32, min(c.QueueSize, n)), cells: make([]cell, p.cells),
	}
	s.change.L = &s.mu
	for i := first; i < n; i++ {
		chunk := &p.chunks[i]
		s.counters[i] = 1 // its admission
		if chunk.exclusive && i > first {
			s.counters[i]++
		}
	}
	for i := first; i < n; i++ {
		for _, next := range p.chunks[i].next {
			s.counters[next]++
		}
	}
	s.horizon.Store(r.rt, int64(n))
	return s
}

// start admits the first chunks and starts helpers. The first chunk is not queued if it is under way.
func (s *scheduler) start(underWay bool) {
	s.mu.Lock(s.rt)
	if underWay {
		s.admitted++
	}
	s.admit()
	s.mu.Unlock(s.rt)
}

// admit lets chunks in, in program order, as far as the queue's bound allows. The lock is held.
func (s *scheduler) admit() {
	for s.admitted < len(s.plan.chunks) && s.admitted < s.cursor+len(s.queue) {
		c := s.admitted
		s.admitted++
		s.countDown(int32(c))
	}
}

// countDown takes one off what a chunk waits for, and queues it if that was the last. The lock is held.
func (s *scheduler) countDown(c int32) {
	if s.arrive(c) {
		s.put(c)
	}
}

// arrive takes one off what a chunk waits for, and reports whether that was the last.
func (s *scheduler) arrive(c int32) bool {
	s.rt.Yield(schedule.OpRMW, schedule.Object{Class: schedule.ClassCounter, Index: c})
	return atomic.AddInt32(&s.counters[c], -1) == 0
}

// put queues a ready chunk. The lock is held. There is room: no more are admitted than the queue holds.
func (s *scheduler) put(c int32) {
	s.rt.Yield(schedule.OpWrite, schedule.Object{Class: schedule.ClassQueue})
	s.queue[(s.head+s.n)%len(s.queue)] = c
	s.n++
	s.waiting.Store(int32(s.n))
	s.change.Signal(s.rt)
}

// take waits for a ready chunk; -1 if the run is over.
func (s *scheduler) take() int {
	s.spin()
	s.mu.Lock(s.rt)
	defer s.mu.Unlock(s.rt)
	for s.n == 0 && !s.over {
		s.change.Wait(s.rt)
	}
	if s.over {
		return -1
	}
	s.rt.Yield(schedule.OpRead, schedule.Object{Class: schedule.ClassQueue})
	c := s.queue[s.head]
	s.head = (s.head + 1) % len(s.queue)
	s.n--
	s.waiting.Store(int32(s.n))
	return int(c)
}

// spin waits a little for a ready chunk: going to sleep and waking up costs as much as ten chunks. A runtime
// that controls or disturbs the schedule has no use for it.
func (s *scheduler) spin() {
	if s.rt != nil {
		return
	}
	for i := 0; i < spinTurns && s.waiting.Load() == 0; i++ {
		pause()
	}
}

// work executes chunks until the run is over.
func (s *scheduler) work(worker int, m *machine) {
	for c := s.take(); c >= 0; c = s.take() {
		s.execute(worker, c, m)
	}
}

// finish says that a chunk has its result, or will have none.
func (s *scheduler) finish(c int) {
	r := &s.results[c]
	ends := r.status != stopped
	var ready []int32
	if !ends {
		for _, next := range s.plan.chunks[c].next {
			if s.arrive(next) {
				ready = append(ready, next)
			}
		}
	}
	s.mu.Lock(s.rt)
	defer s.mu.Unlock(s.rt)
	for _, next := range ready {
		s.put(next)
	}
	s.finished[c] = true
	s.succeeded++
	if ends && int64(c) < s.horizon.Load(s.rt) {
		s.horizon.Store(s.rt, int64(c))
	}
	s.advance()
}

// advance counts off finished chunks in program order. The lock is held.
func (s *scheduler) advance() {
	n := len(s.plan.chunks)
	for !s.over && s.cursor < n && s.finished[s.cursor] {
		r := &s.results[s.cursor]
		if s.overdrawn(r) {
			s.resumeAt = s.cursor
			s.end()
			return
		}
		s.steps = addSaturating(s.steps, r.steps)
		s.memory = addSaturating(s.memory, r.memory)
		s.now = addSaturating(s.now, r.now)
		s.cursor++
		if r.status != stopped || s.cursor == n {
			s.end()
			return
		}
		if s.plan.chunks[s.cursor].exclusive {
			s.countDown(int32(s.cursor))
		}
		s.admit()
	}
}

// overdrawn reports whether sequential execution might have met a limit in this chunk, whose attempt knew nothing of
// what the chunks before it use.
func (s *scheduler) overdrawn(r *result) bool {
	if r.status == late || r.err != nil && r.err.Kind.Limit() {
		return true
	}
	return addSaturating(s.steps, r.steps) > s.limits.Steps ||
		addSaturating(s.memory, r.memory) > s.limits.Memory ||
		s.limits.Time > 0 && addSaturating(s.now, r.now) > s.limits.Time
}

// end ends the run: attempts at what has not been counted off are abandoned. The lock is held.
func (s *scheduler) end() {
	s.over = true
	s.waiting.Store(1) // nobody spins any more
	s.horizon.Store(s.rt, int64(s.cursor-1))
	s.change.Broadcast(s.rt)
}

// giveUp ends the run because of a chunk whose attempts were in vain, or because its time is up.
func (s *scheduler) giveUp(why trace.FallbackReason, err error) {
	s.mu.Lock(s.rt)
	defer s.mu.Unlock(s.rt)
	if s.over {
		return
	}
	s.fallback, s.why, s.broken = true, why, err
	s.end()
}

// poll is what a chunk's machine asks now and then.
func (s *scheduler) poll(m *machine) status {
	switch {
	case s.pollRun(m) != running, s.horizon.Load(s.rt) < int64(m.chunk):
		return abandoned
	}
	now := s.rt.Now()
	if m.since == unknownTime {
		m.since = now // the attempt began a quantum ago
	}
	switch {
	case now-s.started > s.timeout/2 && !s.config.NoFallback:
		s.giveUp(trace.TimeShort, &TimeoutError{After: s.timeout / 2, What: "parallel execution"})
		return abandoned
	case now-m.since > s.attemptTimeout():
		return overdue
	}
	return running
}

// attemptTimeout leaves time for the attempts of a chunk within the first half of the run's time.
func (s *scheduler) attemptTimeout() time.Duration {
	return s.timeout / time.Duration(2*(s.config.Retries+2))
}

// snapshot is the value of every variable before the first chunk.
type snapshot struct {
	cells []cell
	boxes []program.Value
}

// snapshot copies a machine's variables.
func (m *machine) snapshot() *snapshot {
	b := &snapshot{}
	b.cells = make([]cell, 0, len(m.unit.names)+len(m.shared.cells))
	for _, c := range m.mem[:len(m.unit.names)] {
		c, b.boxes = m.export(c, b.boxes)
		b.cells = append(b.cells, c)
	}
	for i := range m.shared.cells {
		c := undefined
		if m.shared.cells[i].set {
			c, b.boxes = m.unit.pack(m.shared.cells[i].value, b.boxes)
		}
		b.cells = append(b.cells, c)
	}
	return b
}
