package vm

import (
	"math"
	"strconv"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// forkGroup is the workers of one fork. They run one after another between barriers, on the task
// of their parent, until that has lasted; or each on a task of its own.
type forkGroup struct {
	rt      *sched.Runtime
	number  int32      // among the run's forks
	outer   *forkGroup // whose worker the parent is
	workers []*machine
	states  []status // why each worker returned last
	expired sched.Int64
	timed   bool // expired may be set
	barrier barrier
}

// fork executes FORK_EXECUTION up to and including its JOIN_WORKERS.
func (m *machine) fork(in *original) status {
	n := int(in.a)
	if m.width*n > m.run.limits.Workers {
		return m.fail(program.WorkerLimit,
			strconv.Itoa(m.width*n)+" workers at once, the limit is "+strconv.Itoa(m.run.limits.Workers))
	}
	b := m.fn.blocks[m.pc]
	g := &forkGroup{rt: m.rt, number: m.forkNumber(), outer: m.group, states: make([]status, n)}
	g.barrier.init(n)
	deadline := int64(noDeadline)
	if b.timeout > 0 {
		deadline = addSaturating(m.now, b.timeout)
	}
	for i := range n {
		w := m.worker(g, i, n)
		if b.timeout > 0 {
			w.pauseAt = 0 // the timeout may strike before it begins
		}
		w.deadline = min(m.deadline, deadline)
		g.workers = append(g.workers, w)
	}
	m.run.rec.fork(m.rt, trace.ForkBegin, g, -1)
	if !g.together(m.run.mode) {
		g.apart(b.timeout)
	}
	return m.join(g, b, deadline)
}

// forkNumber numbers a fork: the same in every schedule. Those of a chunk's own code count up; those
// inside a fork's worker or a mapping's element are told apart by a hash of the way to them.
func (m *machine) forkNumber() int32 {
	m.forks++
	if m.way == 0 {
		return int32(m.chunk+1)<<16&math.MaxInt32 + m.forks - 1
	}
	return int32(wayTo(int32(m.way), m.forks) >> 1)
}

// wayTo hashes (FNV-1a) the way to the k-th part of what has the given number. It is not 0.
func wayTo(number, k int32) uint32 {
	h := uint32(2166136261)
	for _, x := range [...]int32{number, k} {
		h = (h ^ uint32(x)) * 16777619
	}
	return max(h, 1)
}

// worker makes the i-th of n workers, which begins after the fork's instruction.
func (m *machine) worker(g *forkGroup, i, n int) *machine {
	w := m.child(n)
	w.group, w.number, w.width = g, i, m.width*n
	w.way = wayTo(g.number, int32(i))
	w.fn, w.pc = m.fn, m.pc+1
	globals := m.unit.functions[0].locals
	if m.fn.number != 0 {
		w.fp = globals
	}
	w.mem = make([]cell, w.fp+m.fn.size)
	w.inherit(m, 0, 0, globals)
	if m.fn.number == 0 {
		copy(w.mem[globals:], m.fn.template[globals:])
	} else {
		w.inherit(m, w.fp, m.fp, m.fn.base)
	}
	b := m.fn.blocks[m.pc]
	for _, v := range b.globals {
		w.mem[v].tag |= tagInherited
	}
	for _, r := range b.locals {
		w.mem[w.fp+int(r)].tag |= tagInherited
	}
	if m.unit.worker >= 0 {
		w.mem[m.unit.worker] = intCell(int64(i))
	}
	return w
}

// child makes a machine for one of n tasks that m waits for, with its share of what m may still use.
func (m *machine) child(n int) *machine {
	c := &machine{
		unit: m.unit, rt: m.rt, run: m.run, depth: m.depth, end: -1, chunk: m.chunk, attempt: m.attempt, by: m.by, since: m.since,
		now: m.now, deadline: m.deadline, width: m.width, hard: unlimited, pauseAt: quantum, poll: m.poll, shared: m.shared, group: m.group,
		maxSteps: (m.maxSteps - m.steps) / int64(n), maxMemory: (m.maxMemory - m.memory) / int64(n),
	}
	c.heap.fixed, c.heap.first = m.unit.fixed, m.heap.first
	if m.log != nil {
		c.log = newAccessLog(m.log)
	}
	return c
}

// inherit copies n cells of a parent.
func (m *machine) inherit(from *machine, at, fromAt, n int) {
	for i, c := range from.mem[fromAt : fromAt+n] {
		m.mem[at+i] = m.adopt(from, c)
	}
}

// adopt makes another machine's cell one of m's.
func (m *machine) adopt(from *machine, c cell) cell {
	if c.tag&tagBox != 0 && c.bits >= uint64(len(m.heap.fixed)) {
		c.bits = m.heap.put(from.heap.get(c.bits)).bits
	}
	return c
}

// together runs the workers on the parent's task: each until it waits or ends, in turn. It returns false
// if they should go on apart.
func (g *forkGroup) together(mode program.Mode) bool {
	if mode == program.Parallel && len(g.workers) > 1 {
		return false
	}
	for _, w := range g.workers {
		if mode == program.Auto && len(g.workers) > 1 {
			w.hard = w.run.costs.patience
		}
	}
	for {
		arrived := 0
		for i, w := range g.workers {
			if g.states[i] == running {
				g.states[i] = w.resumeWorker()
			}
			switch g.states[i] {
			case halted:
				return false
			case waiting:
				arrived++
			}
		}
		if arrived == 0 {
			return true
		}
		g.meet()
	}
}

// meet lets all workers pass a barrier if all have come to the same one, and breaks it otherwise.
func (g *forkGroup) meet() {
	id, latest, pass := int32(-1), int64(0), true
	for i, w := range g.workers {
		if g.states[i] != waiting {
			pass = false
			continue
		}
		w.run.rec.barrier(w, trace.BarrierArrive)
		if id < 0 {
			id = w.barrierID()
		}
		pass = pass && w.barrierID() == id
		latest = max(latest, w.now)
	}
	for i, w := range g.workers {
		if g.states[i] == waiting {
			g.states[i] = w.leaveBarrier(pass, latest)
		}
	}
}

func (m *machine) barrierID() int32 { return m.fn.exact[m.pc].a }

// leaveBarrier continues behind the barrier, or fails at it.
func (m *machine) leaveBarrier(passed bool, now int64) status {
	if !passed {
		m.run.rec.barrier(m, trace.BarrierBreak)
		m.run.rec.fork(m.rt, trace.WorkerEnd, m.group, m.number)
		return m.fail(program.BarrierBroken, "barrier "+strconv.Itoa(int(m.barrierID()))+": not all workers came")
	}
	m.run.rec.barrier(m, trace.BarrierPass)
	m.round++
	m.now = now
	m.pc++
	return running
}

// resumeWorker resumes a worker, and records its beginning and end.
func (m *machine) resumeWorker() status {
	if !m.begun {
		m.begun = true
		m.run.rec.fork(m.rt, trace.WorkerBegin, m.group, m.number)
	}
	s := m.resume()
	if s != waiting && s != halted {
		m.run.rec.fork(m.rt, trace.WorkerEnd, m.group, m.number)
	}
	return s
}

// apart runs the workers that have not ended on tasks of their own; the first of them on the parent's.
// A timeout cancels them all.
func (g *forkGroup) apart(timeout int64) {
	var timer *sched.Timer
	if timeout > 0 {
		g.timed = true
		timer = g.rt.AfterFunc(time.Duration(timeout)*time.Millisecond, func() {
			g.expired.Store(g.rt, 1)
		})
	}
	var live []int
	for i, s := range g.states {
		if s == running || s == waiting || s == halted {
			live = append(live, i)
		} else {
			g.barrier.broken = true
		}
	}
	var all sched.WaitGroup
	all.Add(g.rt, len(live)-1)
	for _, i := range live[1:] {
		g.rt.Go("fork worker", i, func() {
			defer all.Done(g.rt)
			g.runAlone(i)
		})
	}
	g.runAlone(live[0])
	all.Wait(g.rt)
	if timer != nil {
		timer.Stop()
	}
}

// runAlone runs a worker to its end. A panic is the run's: it is handed to the parent.
func (g *forkGroup) runAlone(i int) {
	w := g.workers[i]
	w.hard = unlimited
	s := g.states[i]
	defer func() {
		if p := recover(); p != nil {
			w.panicked = newPanic(p)
			s = abandoned
		}
		g.states[i] = s
		g.barrier.leave(g.rt)
	}()
	for {
		if s == waiting {
			w.run.rec.barrier(w, trace.BarrierArrive)
			passed, now := g.barrier.await(g.rt, g.number, w.barrierID(), w.now)
			s = w.leaveBarrier(passed, now)
		} else {
			s = w.resumeWorker()
		}
		if s != waiting && s != running {
			return
		}
	}
}

// join ends the fork: it gathers what the workers used, and merges what they did if all succeeded.
func (m *machine) join(g *forkGroup, b *block, deadline int64) status {
	m.pc = b.join
	end, isLate := m.now, false
	var first *machine
	for i, w := range g.workers {
		m.gather(w)
		end = max(end, w.now)
		switch g.states[i] {
		case abandoned, overdue:
			return m.giveUp(w, g.states[i])
		case late:
			isLate = true
		case failed:
			if first == nil {
				first = w
			}
		}
	}
	expired := g.expired.Load(m.rt) != 0
	switch {
	case expired || isLate && deadline != noDeadline && deadline <= m.deadline:
		m.now = min(deadline, m.deadline)
		m.run.rec.fork(m.rt, trace.ForkTimeout, g, -1)
		return m.fail(program.JoinTimeout, "after "+strconv.FormatInt(b.timeout, 10)+" ms")
	case isLate || !m.advance(end): // stopped by the deadline of a fork further out
		return late
	case first != nil:
		m.err = first.err
		return failed
	}
	m.run.rec.fork(m.rt, trace.ForkJoin, g, -1)
	for _, w := range g.workers {
		m.merge(w, b)
		m.run.rec.fork(m.rt, trace.ForkMerge, g, w.number)
	}
	m.pc++
	return running
}

// gather counts what a child used.
func (m *machine) gather(c *machine) {
	m.steps = addSaturating(m.steps, c.steps)
	m.memory = addSaturating(m.memory, c.memory)
	if m.log != nil {
		m.log.absorb(c.log)
	}
}

// giveUp passes on that a child was abandoned, took too long, or panicked.
func (m *machine) giveUp(c *machine, s status) status {
	if c.panicked != nil {
		m.panicked = c.panicked
	}
	return s
}

// merge takes over the variables that a worker stored, and its output.
func (m *machine) merge(w *machine, b *block) {
	for _, v := range b.globals {
		if c := w.mem[v]; c.tag&tagInherited == 0 {
			m.keep(int(v), w, c)
		}
	}
	for _, r := range b.locals {
		if c := w.mem[w.fp+int(r)]; c.tag&tagInherited == 0 {
			m.keep(m.fp+int(r), w, c)
		}
	}
	m.output = append(m.output, w.output...)
}

// keep stores another machine's cell.
func (m *machine) keep(at int, from *machine, c cell) {
	if c.tag == tagBox {
		c = m.box(from.heap.get(c.bits))
	}
	m.mem[at] = c
}
