package vm

import (
	"synchrony/executor/sched"
	"synchrony/models/schedule"
	"synchrony/models/trace"
)

// parallel runs chunks from s.first on, and merges them into m, which has the state before (or,
// if it is under way in the first chunk, in) that chunk. It returns the machine that has the final state.
func (s *scheduler) parallel(m *machine, underWay bool) (*machine, status) {
	began := s.rt.Now()
	s.start(underWay)
	tasks := min(s.workers, len(s.plan.chunks)-s.first)
	WorkerPool{s.rt, max(tasks, 1)}.Run(func(worker int) {
		if worker == 0 && underWay {
			s.continueChunk(m)
		}
		w := s.forChunks(s.plan)
		w.poll = s.poll
		s.work(worker, w)
		s.unit.blank.Put(w.spare())
	})
	s.metrics.Parallel = s.rt.Now() - began
	return s.conclude(m, underWay)
}

// continueChunk ends the chunk that a machine with the whole state has begun. It can't be repeated: the state
// before the chunk is gone.
func (s *scheduler) continueChunk(m *machine) {
	c := s.first
	m.chunk, m.poll, m.since = c, s.poll, unknownTime
	s.rec.event(s.rt, trace.ChunkStart, 0, c, 0)
	err := func() (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = newPanic(p)
			}
		}()
		st := m.resume()
		if err := s.interrupted(m, st); err != nil {
			return err
		}
		s.publish(c, m, st)
		return nil
	}()
	err = attemptError(c, 0, err)
	if !s.settled(0, c, 0, 0, err) || err != nil {
		s.giveUp(trace.AttemptsUsedUp, err)
	}
}

// conclude merges in program order what sequential execution would have come to, and goes on sequentially where
// the chunks could not.
func (s *scheduler) conclude(m *machine, underWay bool) (*machine, status) {
	began := s.rt.Now()
	defer func() { s.metrics.Merge = s.rt.Now() - began }()
	if s.stop.Load(s.rt) != goOn {
		return m, abandoned
	}
	if s.fallback {
		if s.config.NoFallback {
			return m, abandoned
		}
		s.config.log("falling back to sequential execution", "reason", s.why.String(), "error", s.broken)
		s.metrics.Fallbacks++
		s.rec.fallback(s.rt, 0, s.why)
		again := s.sequential()
		return again, again.resume()
	}
	m.poll = s.pollRun
	last := stopped
	for c := s.first; c < s.cursor; c++ {
		r := &s.results[c]
		if c > s.first || !underWay {
			s.merge(m, c)
		}
		s.rec.event(s.rt, trace.ChunkMerge, 0, c, 0)
		last = r.status
	}
	if s.resumeAt >= 0 {
		if s.resumeAt > s.first || !underWay {
			m.fn, m.pc, m.end, m.chunk = &s.unit.functions[0], s.plan.chunks[s.resumeAt].from, -1, -1
			m.frames, m.fp, m.err = m.frames[:0], 0, nil
			s.rec.fallback(s.rt, s.resumeAt, trace.LimitNear)
			return m, m.resume()
		}
		last = s.results[s.first].status // the machine itself has met the limit
	}
	s.config.log("merged", "chunks", s.cursor-s.first, "retried", s.retried, "abandoned", s.abandoned)
	return m, last
}

// merge applies what a chunk did.
func (s *scheduler) merge(m *machine, c int) {
	r := &s.results[c]
	chunk := &s.plan.chunks[c]
	globals := len(s.unit.names)
	for k, v := range chunk.writes {
		s.rt.Yield(schedule.OpRead, schedule.Object{Class: schedule.ClassCell, Index: chunk.first + int32(k)})
		x := s.cells[int(chunk.first)+k]
		switch {
		case x.isUndefined():
		case int(v) >= globals:
			cell := &m.shared.cells[int(v)-globals]
			cell.value, cell.set = s.unit.value(x, r.boxes), true
		case x.tag == tagBox:
			m.mem[v] = m.box(r.boxes[x.bits])
		default:
			m.mem[v] = x
		}
	}
	m.output = append(m.output, r.output...)
	m.steps = addSaturating(m.steps, r.steps)
	m.memory = addSaturating(m.memory, r.memory)
	m.now = addSaturating(m.now, r.now)
	m.err = r.err
	if r.status == done {
		m.result = m.box(r.value)
	}
}

// plannedFor is the plan for a mode: for parallel, of the size that is asked for; for auto, of pieces
// that are worth a worker's while.
func (u *loaded) plannedFor(rt *sched.Runtime, b BytecodeChunker) *plan {
	u.mu.Lock(rt)
	defer u.mu.Unlock(rt)
	p, ok := u.plans[b]
	if !ok {
		p = newPlan(u.unit, b)
		u.plans[b] = p
	}
	return p
}

// endOf says how a run has ended, as an error of the run and not of the program; nil if by itself.
func (r *run) endOf(s *scheduler, m *machine, st status) error {
	switch r.stop.Load(r.rt) {
	case timedOut:
		return &TimeoutError{After: r.timeout, What: "the run"}
	case cancelled:
		return errCancelled
	}
	if m.panicked != nil {
		return m.panicked
	}
	if s != nil && s.fallback && s.config.NoFallback {
		return &GaveUpError{Err: s.broken}
	}
	if st != done && st != failed && st != late {
		return &PanicError{Value: "the machine stopped without a reason"}
	}
	return nil
}
