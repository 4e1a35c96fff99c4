package program

import (
	"maps"
	"slices"
)

// key identifies what can come after the decision n at which m has arrived: the state of all
// tasks and the sleep set. Two executions that come to the same key go on in the same ways.
func (m *machine) key(n *node) string {
	var e encoder
	e.scope(&m.shared)
	e.task(m.main)
	for _, c := range n.sleep {
		e.number(int(c.kind))
		e.number(c.number)
		e.signed(int64(c.name))
	}
	return string(e)
}

// task appends a task and those that it waits for. What its parent and its place among the
// others decide, such as its limits and its deadline, is left out; its number, by which sleep sets
// know it, is not.
func (e *encoder) task(t *task) {
	e.number(t.number)
	e.number(int(t.status))
	for _, n := range []int64{t.steps, t.memory, t.now, int64(t.barrier)} {
		e.signed(n)
	}
	e.flag(t.late)
	e.failed(t.err)
	e.value(t.result)
	e.number(len(t.output))
	for _, line := range t.output {
		e.text(line)
	}
	e.scope(t.globals)
	e.number(len(t.calls))
	for _, c := range t.calls {
		e.number(c.number)
		e.number(c.pc)
		e.number(len(c.stack))
		for _, v := range c.stack {
			e.value(v)
		}
		e.scope(c.locals)
	}
	if t.status != atJoin {
		return
	}
	e.flag(t.group.complete)
	e.number(len(t.group.tasks))
	for _, worker := range t.group.tasks {
		e.task(worker)
	}
}

// scope appends the variables that a scope holds itself.
func (e *encoder) scope(s *scope) {
	e.number(len(s.vars))
	for _, name := range slices.Sorted(maps.Keys(s.vars)) {
		e.signed(int64(name))
		e.value(s.vars[name])
	}
}

// failed appends what an outcome shows of an error.
func (e *encoder) failed(err *RunError) {
	e.flag(err != nil)
	if err != nil {
		e.number(int(err.Kind))
		e.number(err.Function)
		e.number(err.PC)
		e.text(err.Detail)
	}
}

func (e *encoder) flag(b bool) {
	if b {
		e.number(1)
	} else {
		e.number(0)
	}
}
