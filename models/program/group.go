package program

import (
	"fmt"
	"strconv"
)

// group is the tasks of one fork or one PARALLEL_MAP, which their parent waits for.
type group struct {
	parent   *task
	tasks    []*task
	ended    int   // that many tasks at the front have ended
	deadline int64 // its own timeout's; noDeadline if it has none
	join     int   // the pc of the JOIN_WORKERS, or of the PARALLEL_MAP
	isMap    bool
	complete bool // stepwise: all have ended, and the explorer decides whether the timeout struck before
	expired  bool // the explorer let the timeout strike
}

// fork starts the workers of a block. The parent waits at the join.
func (m *machine) fork(t *task, in Instruction) *failure {
	workers := int(in.A)
	if width := t.width * workers; width > m.limits.Workers {
		return &failure{WorkerLimit, fmt.Sprintf("%d workers at once, the limit is %d", width, m.limits.Workers)}
	}
	c := t.top()
	join := m.shapes[c.number].Partner[c.pc]
	g := &group{parent: t, join: join, deadline: deadlineAfter(t.now, c.function.Code[join].A)}
	for i := range workers {
		worker := m.newTask(g, workers)
		worker.width = t.width * workers
		worker.depth = t.depth
		worker.calls = []*call{{function: c.function, number: c.number, pc: c.pc + 1, locals: &scope{outer: c.locals}}}
		if m.worker >= 0 {
			worker.globals.store(m.worker, Int(int64(i)))
		}
	}
	t.group, t.status = g, atJoin
	c.pc = join
	return nil
}

// parallelMap starts a task for each element of a list. The parent waits at the instruction.
func (m *machine) parallelMap(t *task, in Instruction) *failure {
	c := t.top()
	list := c.pop()
	switch {
	case list.kind != ListKind:
		return &failure{TypeError, "PARALLEL_MAP of " + list.describe()}
	case t.depth >= m.limits.CallDepth:
		return &failure{StackLimit, strconv.Itoa(m.limits.CallDepth) + " calls deep"}
	}
	g := &group{parent: t, join: c.pc, deadline: noDeadline, isMap: true}
	for _, element := range list.items() {
		worker := m.newTask(g, len(list.items()))
		worker.depth = t.depth + 1
		first, f := m.newCall(m.program.Constants[in.A], []Value{element})
		if f != nil {
			return f
		}
		worker.calls = []*call{first}
	}
	t.group, t.status = g, atJoin
	if len(g.tasks) == 0 {
		m.finish(g)
	}
	return nil
}

// newTask adds one of n tasks to a group, with private variables and its share of the limits.
func (m *machine) newTask(g *group, n int) *task {
	p := g.parent
	t := &task{
		number: m.tasks, parent: g,
		globals:  &scope{outer: p.globals},
		maxSteps: (p.maxSteps - p.steps) / int64(n), maxMemory: (p.maxMemory - p.memory) / int64(n),
		now: p.now, deadline: min(p.deadline, g.deadline), width: p.width,
	}
	m.tasks++
	g.tasks = append(g.tasks, t)
	return t
}

// arrived resolves the group's barrier or join if none of its tasks can run any more.
func (m *machine) arrived(g *group) {
	waiting := 0
	for _, t := range g.tasks[g.ended:] {
		switch t.status {
		case atBarrier:
			waiting++
		case ended:
		default:
			return
		}
	}
	switch {
	case waiting > 0:
		m.resolveBarrier(g)
	case m.stepwise && g.deadline != noDeadline:
		g.complete = true
	default:
		m.close(g)
	}
}

// close joins a group, and tells the parent's own group if that ends the parent.
func (m *machine) close(g *group) {
	m.finish(g)
	if p := g.parent; p.status == ended && p.parent != nil {
		m.arrived(p.parent)
	}
}

// resolveBarrier lets all pass if all have come to the same barrier, and breaks it otherwise.
func (m *machine) resolveBarrier(g *group) {
	passes, latest := true, int64(0)
	for _, t := range g.tasks {
		passes = passes && t.status == atBarrier && t.barrier == g.tasks[0].barrier
		latest = max(latest, t.now)
	}
	for _, t := range g.tasks {
		switch {
		case t.status != atBarrier:
		case passes:
			t.now = latest // no later than the deadline, which is the same for all
			t.top().pc++
			t.status = ready
		default:
			t.fail(&failure{BarrierBroken, "barrier " + strconv.Itoa(int(t.barrier)) + ": not all workers came"})
		}
	}
	if !passes {
		m.arrived(g)
	}
}

// finish joins a group whose tasks have all ended: it gathers what they used, then either
// fails the parent or merges what they did.
func (m *machine) finish(g *group) {
	p := g.parent
	p.group, p.status = nil, ready
	end, late := p.now, g.expired
	var first *RunError
	for _, t := range g.tasks {
		p.steps += t.steps
		p.memory = saturatingAdd(p.memory, t.memory)
		end = max(end, t.now)
		late = late || t.late
		if first == nil {
			first = t.err
		}
	}
	switch {
	case late && g.strikesFirst():
		p.now = min(g.deadline, p.deadline)
		p.fail(&failure{JoinTimeout, "after " + strconv.Itoa(int(p.top().function.Code[g.join].A)) + " ms"})
	case late || !p.advance(end): // stopped by the deadline of a fork further out
		p.stop()
	case first != nil:
		p.status, p.err = ended, first
	default:
		m.mergeGroup(g)
	}
}

// strikesFirst reports whether a late task was stopped by the group's own timeout.
func (g *group) strikesFirst() bool {
	return g.expired || g.deadline != noDeadline && g.deadline <= g.parent.deadline
}

func (m *machine) mergeGroup(g *group) {
	p := g.parent
	c := p.top()
	if g.isMap {
		results := make([]Value, len(g.tasks))
		for i, t := range g.tasks {
			results[i] = t.result
		}
		list := List(results...)
		if f := p.charge(list.Size()); f != nil {
			p.fail(f)
			return
		}
		c.push(list)
	} else {
		for _, t := range g.tasks {
			delete(t.globals.vars, m.worker) // the fork's, not the worker's own
			p.globals.merge(t.globals)
			c.locals.merge(t.calls[0].locals)
			p.print(t.output...)
		}
	}
	c.pc = g.join + 1
}
