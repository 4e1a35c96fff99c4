package sched

import (
	"slices"

	"synchrony/models/schedule"
)

// learn finds the races of the last run, and plans their reversals. Steps that were announced and not taken are
// treated as if they had been taken at the end.
func (e *Explorer) learn(waiting []pending) {
	for i := e.linked; i < len(e.nodes); i++ {
		n := &e.nodes[i]
		n.clock = e.precede(&n.step, n.clock[:0])
		e.lookBack(&n.step, n.clock)
		if !e.patient || e.hosted || n.step.op != schedule.OpFire {
			e.reverse(&n.step, n.clock)
		}
		e.conclude(i)
	}
	for i := range waiting {
		e.foresee(&waiting[i])
	}
	if !e.patient || e.hosted { // it may have had its chance, and lost it
		e.foresee(&pending{task: Clock, footprint: footprint{op: schedule.OpFire, object: clockObject}, cause: -1})
	}
}

func (e *Explorer) foresee(s *pending) {
	before := e.precede(s, nil)
	e.lookBack(s, before)
	e.reverse(s, before)
}

// precede makes the clock of what happens before s whatever it depends on: the task's steps before, and its cause.
func (e *Explorer) precede(s *pending, v vector) vector {
	if i := e.lastOf(s.task); i >= 0 {
		v = v.join(e.nodes[i].clock)
	}
	if s.cause >= 0 {
		v = v.join(e.nodes[s.cause].clock)
	}
	return v
}

// conclude makes node i's clock that of the step, and links it.
func (e *Explorer) conclude(i int) {
	n := &e.nodes[i]
	v := n.clock
	for _, d := range e.deps {
		v = v.join(e.nodes[d].clock)
	}
	if e.patient && e.fires >= 0 { // though s may have been announced before
		v = v.join(e.nodes[e.fires].clock)
	}
	if e.patient && n.step.op == schedule.OpFire {
		for t := range e.tasks {
			if d := e.lastOf(int32(t) - 1); d >= 0 {
				v = v.join(e.nodes[d].clock)
			}
		}
	}
	for len(v) <= int(n.step.task)+1 {
		v = append(v, 0)
	}
	v[n.step.task+1] = int32(i) + 1
	n.clock = v
	e.link(i)
}

// reverse plans runs in which s, the step after those linked or one that was to come, comes before those that it
// races with: that it depends on, though not by way of others, and before which it could have been taken.
func (e *Explorer) reverse(s *pending, before vector) {
	if len(e.races) == 0 {
		return
	}
	e.now = append(e.now[:0], before...)
	for _, r := range e.races {
		n := &e.nodes[r]
		for n.pick { // part of the step before
			r--
			n = &e.nodes[r]
		}
		if n.step.task == s.task || e.now.has(n.step.task, int(r)) || !e.reversible(r, s, before) {
			continue
		}
		switch {
		case s.guarded, s.blocks() && n.step.op == schedule.OpTryLock: // it may be blocked by what came before r, too
		case !s.blocks() || n.step.object == s.object: // else s may not be enabled there, and what it is blocked by is still to be found
			e.now = e.now.join(n.clock)
		}
		if !n.full {
			e.plan(int(r), s, before)
		}
	}
}

// reversible reports whether s could be taken without step r.
func (e *Explorer) reversible(r int32, s *pending, before vector) bool {
	n := &e.nodes[r]
	switch {
	case s.op == schedule.OpJoin && s.object.Class == schedule.ClassGroup:
		// Of what came later, only what s has to come after would come before it.
		count := n.step.count
		for j := e.lastOn(s.object); j > r; j = e.before(j, s.object).before {
			if m := &e.nodes[j]; before.has(m.step.task, int(j)) {
				count += m.step.amount
			}
		}
		return count == 0
	case s.op == schedule.OpFire, s.op == schedule.OpSpin:
		if slices.ContainsFunc(n.enabled, func(c Choice) bool { return c.Task == s.task }) {
			return true
		}
		// What came later could let it go on.
		return e.lastOf(s.task) > r || s.op == schedule.OpFire && e.arms > r
	}
	return true
}

// plan sees to it that an initial of v is explored at node r: v are the steps after r, all that are linked, that do not happen after it,
// and s. Its initials are the tasks whose first step in v comes after no other in v. A task's first step after r is its first in v, or
// none is: what comes after it in the same task happens after all that it does.
func (e *Explorer) plan(r int, s *pending, before vector) {
	n := &e.nodes[r]
	e.first, e.initials, e.starts = e.first[:0], e.initials[:0], e.starts[:0]
	past := s.op == schedule.OpJoin && s.object.Class == schedule.ClassGroup // see reversible
	for k, steps := range e.tasks {
		j := firstAfter(steps, int32(r))
		if j >= 0 && (e.visit(j).clock.has(n.step.task, r) || past && !before.has(int32(k)-1, int(j))) {
			j = -1
		}
		if e.first = append(e.first, j); j >= 0 {
			e.starts = append(e.starts, j)
		}
	}
	slices.Sort(e.starts)
	for _, j := range e.starts {
		m := &e.nodes[j]
		if e.initial(m.clock, m.step.task) && e.note(n, m.step.task) {
			return
		}
	}
	if e.first[s.task+1] < 0 {
		e.alone = append(e.alone[:0], before...)
		for _, d := range e.deps {
			if int(d) > r && !e.nodes[d].clock.has(n.step.task, r) {
				e.alone = e.alone.join(e.nodes[d].clock)
			}
		}
		if e.initial(e.alone, s.task) && e.note(n, s.task) {
			return
		}
	}
	e.add(n, s.task)
}

// initial reports whether a step with that clock comes after none of the first steps.
func (e *Explorer) initial(v vector, task int32) bool {
	for t, j := range e.first {
		if j >= 0 && t != int(task)+1 && t < len(v) && v[t] > j {
			return false
		}
	}
	return true
}

// note adds an initial, and reports whether one is explored anyway.
func (e *Explorer) note(n *node, task int32) bool {
	e.initials = append(e.initials, task)
	return n.covers(n.twinOf(task))
}

// covers reports whether the task is explored at n, or need not be.
func (n *node) covers(task int32) bool {
	is := func(s sleeper) bool { return s.task == task }
	return n.step.task == task || slices.Contains(n.todo, task) || slices.ContainsFunc(n.done, is) || slices.ContainsFunc(n.sleep, is)
}

// add plans one initial, by preference the task itself. If none can be taken, which is so where it was not known for certain that the
// race can be reversed, it plans all that can.
func (e *Explorer) add(n *node, task int32) {
	best := int32(-2)
	for _, t := range e.initials {
		if (best == -2 || t == task) && slices.ContainsFunc(n.enabled, func(c Choice) bool { return c.Task == t }) {
			best = t
		}
	}
	if best != -2 {
		n.todo = append(n.todo, n.twinOf(best))
		return
	}
	for i, c := range n.enabled {
		if t := n.twin(i); t == c.Task && !n.covers(t) {
			n.todo = append(n.todo, t)
		}
	}
}
