package vm

import (
	"strconv"

	"synchrony/executor/sched"
	"synchrony/models/program"
)

// mapping is one execution of PARALLEL_MAP.
type mapping struct {
	parent   *machine
	number   int32 // among the run's forks and mappings
	callee   int
	elements []program.Value
	results  []program.Value
	next     sched.Int64 // the first element that nobody has claimed
	grain    int
}

// mapper is one task's part in a mapping. Its machine holds the globals that the function may write as they were
// before the mapping, so that their boxes stay when an element has overwritten them.
type mapper struct {
	*machine
	slots  []int32 // of the globals that are held
	steps  int64   // of all its elements, as are the next two
	memory int64
	end    int64
	failed int               // the lowest element that failed, or -1
	first  *program.RunError // its error
	given  bool              // up: an element could not be evaluated
	why    status
	late   bool
	poll   int64 // steps after which to poll
	reads  *accessLog
}

// parallelMap calls a function for each element of a list.
func (m *machine) parallelMap(in *original) status {
	v := m.unbox(*m.operand(in, 1))
	switch {
	case v.Kind() != program.ListKind:
		return m.fail(program.TypeError, "PARALLEL_MAP of "+describe(v))
	case m.depth >= m.run.limits.CallDepth:
		return m.fail(program.StackLimit, strconv.Itoa(m.run.limits.CallDepth)+" calls deep")
	}
	n := v.Len()
	x := &mapping{parent: m, number: m.forkNumber(), callee: int(in.a), elements: v.Elements(), results: make([]program.Value, n)}
	mappers := x.evaluate()
	if s := m.collect(mappers); s != running {
		return s
	}
	if s := m.built(in, 1, program.List(x.results...)); s != running {
		return s
	}
	m.pc++
	return running
}

// evaluate runs all elements, on this task and others if that helps.
func (x *mapping) evaluate() []*mapper {
	m, n := x.parent, len(x.elements)
	if n == 0 {
		return nil
	}
	first := x.mapper()
	mappers := []*mapper{first}
	begin := 0
	switch {
	case m.run.mode == program.Sequential || m.run.workers == 1:
		x.span(first, 0, n)
		return mappers
	case m.run.mode == program.Auto: // see what an element costs
		for begin < n && first.steps < m.run.costs.firstLook {
			x.span(first, begin, begin+1)
			begin++
		}
	}
	tasks := min(m.run.workers, n-begin)
	short := m.run.mode == program.Auto && first.steps/int64(max(begin, 1))*int64(n-begin) < m.run.costs.enough
	if tasks <= 1 || short {
		x.span(first, begin, n)
		return mappers
	}
	// Large enough that two tasks seldom write results to one cache line, small enough to balance.
	x.grain = max(1, min(64, (n-begin)/(8*tasks)))
	x.next.Store(m.rt, int64(begin))
	for range tasks - 1 {
		mappers = append(mappers, x.mapper())
	}
	WorkerPool{m.rt, tasks}.Run(func(worker int) {
		defer mappers[worker].recovered()
		x.claim(mappers[worker])
	})
	return mappers
}

// recovered hands a panic to the parent.
func (p *mapper) recovered() {
	if v := recover(); v != nil {
		p.panicked, p.why = newPanic(v), abandoned
	}
}

// claim evaluates elements until none is left.
func (x *mapping) claim(p *mapper) {
	for p.panicked == nil && !p.given {
		to := int(x.next.Add(x.parent.rt, int64(x.grain)))
		from := to - x.grain
		if from >= len(x.elements) {
			return
		}
		x.span(p, from, min(to, len(x.elements)))
	}
}

// mapper makes a machine that evaluates elements one after another.
func (x *mapping) mapper() *mapper {
	m := x.parent
	p := &mapper{machine: m.child(len(x.elements)), failed: -1, end: m.now, reads: newAccessLog(nil)}
	globals := m.unit.functions[0].locals
	f := &m.unit.functions[x.callee]
	p.mem = make([]cell, globals+f.size)
	p.fn, p.fp = f, globals
	p.inherit(m, 0, 0, globals)
	for _, v := range m.unit.sums.functions[x.callee].writes {
		if int(v) < globals {
			p.slots = append(p.slots, v)
			p.held = append(p.held, p.mem[v])
		}
	}
	return p
}

// span evaluates elements from…to-1.
func (x *mapping) span(p *mapper, from, to int) {
	for i := from; i < to && !p.given; i++ {
		x.element(p, i)
	}
}

func (x *mapping) element(p *mapper, i int) {
	w, m := p.machine, x.parent
	w.steps, w.memory, w.now, w.err = 0, 0, m.now, nil
	w.way, w.forks = wayTo(x.number, int32(i)), 0
	if w.pauseAt = quantum; p.steps >= p.poll {
		w.pauseAt, p.poll = 0, p.steps+quantum
	}
	if m.log != nil {
		w.log = newAccessLog(m.log)
	}
	w.frames, w.depth = w.frames[:0], m.depth
	fp := m.unit.functions[0].locals
	w.fn, w.fp = &m.unit.functions[x.callee], fp
	w.mem[fp] = w.box(x.elements[i])
	w.enter(x.callee, fp)
	s := w.resume()
	p.steps = addSaturating(p.steps, w.steps)
	p.memory = addSaturating(p.memory, w.memory)
	p.end = max(p.end, w.now)
	if m.log != nil {
		p.reads.absorb(&accessLog{reads: w.log.reads}) // its writes are dropped
	}
	switch s {
	case done:
		x.results[i] = w.unbox(w.result)
	case failed:
		if p.failed < 0 || i < p.failed {
			p.failed, p.first = i, w.err
		}
	case late:
		p.late = true
	default:
		p.given, p.why = true, s
	}
	for j, v := range p.slots {
		w.mem[v] = p.held[j]
	}
}

// collect joins the mappers: the error is that of the lowest element.
func (m *machine) collect(mappers []*mapper) status {
	var first *mapper
	end, isLate := m.now, false
	for _, p := range mappers {
		m.steps = addSaturating(m.steps, p.steps)
		m.memory = addSaturating(m.memory, p.memory)
		if m.log != nil {
			m.log.absorb(p.reads)
		}
		end, isLate = max(end, p.end), isLate || p.late
		if p.failed >= 0 && (first == nil || p.failed < first.failed) {
			first = p
		}
		if p.given || p.panicked != nil {
			return m.giveUp(p.machine, p.why)
		}
	}
	switch {
	case isLate || !m.advance(end):
		return late
	case first != nil:
		m.err = first.first
		return failed
	}
	return running
}
