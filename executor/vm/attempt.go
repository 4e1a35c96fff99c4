package vm

import (
	"errors"
	"fmt"

	"synchrony/models/program"
	"synchrony/models/schedule"
	"synchrony/models/trace"
)

// AttemptError is why an attempt at a chunk failed; the program is not to blame.
type AttemptError struct {
	Chunk, Attempt int
	Err            error
}

func (e *AttemptError) Error() string {
	return fmt.Sprintf("attempt %d at chunk %d: %v", e.Attempt, e.Chunk, e.Err)
}

func (e *AttemptError) Unwrap() error { return e.Err }

// execute makes attempts at a chunk until one succeeds or they are used up.
func (s *scheduler) execute(worker, c int, m *machine) {
	for attempt := 0; ; attempt++ {
		m.chunk, m.attempt, m.by = c, attempt, worker
		s.rec.event(s.rt, trace.ChunkStart, worker, c, attempt)
		err := attemptError(c, attempt, s.attempt(c, m))
		if s.settled(worker, c, attempt, s.config.Retries, err) {
			if err != nil && s.stop.Load(s.rt) != goOn {
				s.giveUp(trace.AttemptsUsedUp, err) // nobody else may be left to wake those who wait
			}
			return
		}
		if s.stop.Load(s.rt) != goOn {
			s.giveUp(trace.AttemptsUsedUp, err)
			return
		}
		if attempt >= s.config.Retries {
			s.config.log("chunk gave up", "chunk", c, "attempts", attempt+1, "error", err)
			s.giveUp(trace.AttemptsUsedUp, err)
			return
		}
	}
}

var (
	errAbandoned = errors.New("abandoned")
	errInjected  = errors.New("injected")
)

// attemptError says of a failure where it happened; an attempt that was abandoned has not failed.
func attemptError(chunk, attempt int, err error) error {
	if err == nil || errors.Is(err, errAbandoned) {
		return err
	}
	return &AttemptError{chunk, attempt, err}
}

// settled records how an attempt ended, and reports whether no other is to follow; if it failed, one does
// while there are retries.
func (s *scheduler) settled(worker, c, attempt, retries int, err error) bool {
	var panicked *PanicError
	kind := trace.ChunkFail
	switch {
	case err == nil:
		kind = trace.ChunkSucceed
	case errors.Is(err, errAbandoned):
		kind = trace.ChunkAbandon
	case errors.As(err, &panicked):
		kind = trace.ChunkPanic
	case errors.As(err, new(*TimeoutError)):
		kind = trace.ChunkTimeout
	}
	s.rec.event(s.rt, kind, worker, c, attempt)
	if err == nil {
		s.finish(c)
		return true
	}
	s.mu.Lock(s.rt)
	defer s.mu.Unlock(s.rt)
	if kind == trace.ChunkAbandon {
		s.abandoned++
		return true
	}
	s.failed++
	s.errors = append(s.errors, err.Error())
	if attempt < retries {
		s.retried++
		s.config.log("chunk attempt failed, trying again", "chunk", c, "attempt", attempt, "error", err)
	}
	return false
}

// attempt executes a chunk on fresh copies of its inputs. Without an error, its result is there; with one,
// the attempt has had no effect at all.
func (s *scheduler) attempt(c int, m *machine) (err error) {
	chunk := &s.plan.chunks[c]
	defer func() {
		if p := recover(); p != nil {
			err = newPanic(p)
		}
		m.forget(chunk) // also what a part of prepare has done
	}()
	if s.horizon.Load(s.rt) < int64(c) {
		return errAbandoned
	}
	s.prepare(chunk, m)
	fault := s.config.fault(c, m.attempt)
	if fault != nil {
		m.hard = m.steps + fault.After
	}
	st := m.resume()
	if err := s.interrupted(m, st); err != nil {
		return err
	}
	if st == halted {
		return s.inject(fault, m)
	}
	s.publish(c, m, st)
	return nil
}

// interrupted says why an attempt that left its machine with a status came to no end of its own; nil if it did.
func (s *scheduler) interrupted(m *machine, st status) error {
	switch {
	case m.panicked != nil:
		return m.panicked
	case st == abandoned:
		return errAbandoned
	case st == overdue:
		return &TimeoutError{After: s.attemptTimeout(), What: "it"}
	}
	return nil
}

// prepare gives a machine what a chunk needs, and nothing else.
func (s *scheduler) prepare(chunk *chunk, m *machine) {
	m.fn, m.fp, m.pc, m.end = &s.plan.main, 0, chunk.from, chunk.to
	if chunk.to == len(m.fn.exact) {
		m.end = -1 // the end of the program, which has a result
	}
	m.frames, m.depth, m.output, m.err, m.panicked = m.frames[:0], 0, nil, nil, nil
	m.steps, m.memory, m.now, m.hard, m.pauseAt, m.forks = 0, 0, 0, unlimited, quantum, 0
	if chunk.exclusive { // all that comes before it has been counted
		s.mu.Lock(s.rt)
		m.steps, m.memory, m.now = s.steps, s.memory, s.now
		s.mu.Unlock(s.rt)
	}
	m.since = unknownTime
	m.used = [3]int64{m.steps, m.memory, m.now}
	if s.rec != nil && s.rec.accesses {
		m.log = newAccessLog(nil)
	}
	globals := len(s.unit.names)
	for _, in := range chunk.inputs {
		c, boxes := s.input(in)
		switch {
		case c.isUndefined():
		case int(in.variable) >= globals:
			cell := &m.shared.cells[int(in.variable)-globals]
			cell.value, cell.set = s.unit.value(c, boxes), true
		case c.tag == tagBox:
			m.mem[in.variable] = m.box(boxes[c.bits])
		default:
			m.mem[in.variable] = c
		}
	}
}

// input is the exported cell of an input.
func (s *scheduler) input(in input) (cell, []program.Value) {
	if int(in.from) < s.first {
		if s.base == nil {
			return undefined, nil
		}
		return s.base.cells[in.variable], s.base.boxes
	}
	at := s.plan.chunks[in.from].first + in.index
	s.rt.Yield(schedule.OpRead, schedule.Object{Class: schedule.ClassCell, Index: at})
	return s.cells[at], s.results[in.from].boxes
}

// publish makes what a chunk did its result.
func (s *scheduler) publish(c int, m *machine, st status) {
	chunk, r := &s.plan.chunks[c], &s.results[c]
	globals := len(s.unit.names)
	cells := s.cells[chunk.first:]
	var boxes []program.Value
	for k, v := range chunk.writes {
		s.rt.Yield(schedule.OpWrite, schedule.Object{Class: schedule.ClassCell, Index: chunk.first + int32(k)})
		if int(v) < globals {
			cells[k], boxes = m.export(m.mem[v], boxes)
			continue
		}
		cells[k] = undefined
		if shared := m.shared.cells[int(v)-globals]; shared.set {
			cells[k], boxes = s.unit.pack(shared.value, boxes)
		}
	}
	*r = result{
		status: st, boxes: boxes, output: m.output, err: m.err,
		steps: m.steps - m.used[0], memory: m.memory - m.used[1], now: m.now - m.used[2],
	}
	if st == done {
		r.value = m.unbox(m.result)
	}
	if m.log != nil {
		s.rec.access(c, m.log)
	}
}

// forget takes back what a machine was given and what it left.
func (m *machine) forget(c *chunk) {
	globals := len(m.unit.names)
	reset := func(v int32) {
		if int(v) < globals {
			m.mem[v] = undefined
		} else {
			cell := &m.shared.cells[int(v)-globals]
			cell.value, cell.set = program.Nil, false
		}
	}
	for _, in := range c.inputs {
		reset(in.variable)
	}
	for _, v := range c.writes {
		reset(v)
	}
	m.heap.reset()
}

// export is a cell as it can be kept outside the machine: a box's handle is an index of boxes.
func (m *machine) export(c cell, boxes []program.Value) (cell, []program.Value) {
	if c.tag != tagBox {
		return c, boxes
	}
	return cell{tagBox, uint64(len(boxes))}, append(boxes, m.heap.get(c.bits))
}

// pack is an exported cell of a value.
func (u *unit) pack(v program.Value, boxes []program.Value) (cell, []program.Value) {
	if c, ok := u.scalar(v); ok {
		return c, boxes
	}
	return cell{tagBox, uint64(len(boxes))}, append(boxes, v)
}

// value is the value of an exported cell.
func (u *unit) value(c cell, boxes []program.Value) program.Value {
	if c.tag == tagBox {
		return boxes[c.bits]
	}
	return u.plain(c)
}

// hangSlices is how often an attempt that is made to hang looks whether it is cancelled.
const hangSlices = 4

// inject makes an attempt go wrong.
func (s *scheduler) inject(f *program.Fault, m *machine) error {
	switch f.Kind {
	case program.PanicAttempt:
		panic("injected")
	case program.HangAttempt:
		for range hangSlices { // so that it ends when nobody wants its result any more
			if s.stop.Load(s.rt) != goOn || s.horizon.Load(s.rt) < int64(m.chunk) {
				return errAbandoned
			}
			s.rt.Sleep(s.attemptTimeout() / hangSlices)
		}
		return &TimeoutError{After: s.attemptTimeout(), What: "it"}
	}
	return errInjected
}
