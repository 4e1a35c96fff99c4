package sched

import (
	"slices"

	"synchrony/models/schedule"
)

// walk is the strategy of one schedule of an [Explorer]: it repeats the path to an open
// branch, takes that, and from there on goes the default way, among who does not sleep.
type walk struct {
	*Explorer
	blocked bool      // all who could go on slept: what follows is redundant, and is not noted
	waiting []pending // at that point
	err     error
}

func (w *walk) begin() {
	w.blocked, w.waiting, w.err = false, nil, nil
}

// ahead is the path that the schedule is held to.
func (w *walk) ahead() []Turn {
	turns := make([]Turn, w.prefix)
	for i := range turns {
		turns[i] = Turn{i, w.nodes[i].step.task}
	}
	return turns
}

// Choose implements [Strategy].
func (w *walk) Choose(p *Point) int {
	if p.Step > w.linked && p.Step <= len(w.nodes) {
		w.nodes[p.Step-1].learn(p.run.tail, p.run.touched)
	}
	switch {
	case w.blocked || w.err != nil:
		return 0
	case p.Step < w.prefix:
		return w.repeat(p)
	}
	return w.extend(p)
}

// learn notes what a step turned out to do when it was taken.
func (n *node) learn(tail effects, touched []schedule.Object) {
	n.step.tail = tail
	n.step.more = n.step.more[:n.step.told]
	for _, o := range touched {
		if !slices.Contains(n.step.more, o) {
			n.step.more = append(n.step.more, o)
		}
	}
}

// repeat takes the step that the path says.
func (w *walk) repeat(p *Point) int {
	n := &w.nodes[p.Step]
	had := n.enabled
	if len(had) == 0 { // the path was read from text
		w.list(n, p)
	} else if !w.same(had, p) {
		w.err = &NondeterminismError{Step: p.Step, Had: slices.Clone(had), Have: slices.Clone(p.Enabled)}
		return 0
	}
	k := slices.IndexFunc(p.Enabled, func(c Choice) bool { return c.Task == n.step.task })
	switch {
	case n.pick != p.Pick, n.pick && int(n.choice) >= len(p.Enabled):
		k = -1
	case n.pick && k >= 0: // all choices are of one task
		k = int(n.choice)
	}
	if k < 0 {
		w.err = &NondeterminismError{Step: p.Step, Had: []Choice{{Task: n.step.task}}, Have: slices.Clone(p.Enabled)}
		return 0
	}
	if p.Step >= w.linked && !n.pick {
		n.step = p.announced(k)
	}
	return k
}

// extend takes a new step.
func (w *walk) extend(p *Point) int {
	n := w.push()
	w.list(n, p)
	var before *node
	if p.Step > 0 {
		before = &w.nodes[p.Step-1]
	}
	if p.Pick {
		return w.extendPick(n, before, p)
	}
	k := -1
	if w.bounds.Preemptions >= 0 {
		k = w.bounded(n, before)
	} else {
		w.inherit(n, before)
		k = w.first(n)
		if k < 0 {
			w.blocked, w.waiting = true, p.run.pending()
			w.nodes = w.nodes[:p.Step]
			return 0
		}
	}
	w.fan(n, before, k)
	task := n.enabled[k].Task
	k = slices.IndexFunc(p.Enabled, func(c Choice) bool { return c.Task == task })
	n.step = p.announced(k)
	return k
}

// extendPick takes the first choice of a pick, and plans all others: they are alternatives in what the task does, whatever the
// order of steps.
func (w *walk) extendPick(n, before *node, p *Point) int {
	n.pick, n.choice, n.running, n.spare = true, 0, Clock, before.left()
	n.fans = before.fans
	n.step = pickStep(p.Current)
	for i := range p.Enabled[1:] {
		n.todo = append(n.todo, int32(i+1))
	}
	if w.bounds.Preemptions < 0 {
		w.inherit(n, before)
	}
	return 0
}

// pickStep is the step of a pick by the task.
func pickStep(task int32) pending {
	return pending{task: task, footprint: footprint{op: schedule.OpPick}, cause: -1}
}

// list notes who can take a step. Those who spin in vain cannot, unless there is nobody else: then
// the default is the only way, and leads round-robin to the clock, if to anything.
func (w *walk) list(n *node, p *Point) {
	for _, c := range p.Enabled {
		if !p.run.spent(c.Task) {
			n.enabled = append(n.enabled, c)
		}
	}
	if len(n.enabled) == 0 {
		n.enabled = append(n.enabled, p.Enabled[0])
	}
	if w.bounds.Symmetric {
		n.twins = p.twins(n.enabled, n.twins)
	}
}

// same reports whether had is what list would note.
func (w *walk) same(had []Choice, p *Point) bool {
	i := 0
	for _, c := range p.Enabled {
		if p.run.spent(c.Task) {
			continue
		}
		if i == len(had) || had[i] != c {
			return false
		}
		i++
	}
	return i == len(had) || i == 0 && had[0] == p.Enabled[0]
}

// inherit keeps those asleep whom the step before does not wake, and those that were
// explored in its place.
func (w *walk) inherit(n, before *node) {
	if before == nil {
		return
	}
	done := before.done
	if before.pick { // its alternatives are no other tasks' steps
		done = nil
	}
	for _, list := range [...][]sleeper{before.sleep, done} {
		for i := range list {
			if !w.wakes(&before.step, &list[i].footprint) {
				n.sleep = append(n.sleep, list[i])
			}
		}
	}
}

// first returns the index in n.enabled of who goes first; -1 if all sleep.
func (w *walk) first(n *node) int {
	found := -1
	for i, c := range n.enabled {
		switch {
		case n.asleep(c.Task), n.twin(i) != c.Task: // explored, or will be as its twin
		case len(n.twins) > 0 && c.Op == schedule.OpBegin:
			return i // twins look alike once both have begun
		case found < 0:
			found = i
		}
	}
	return found
}

func (n *node) asleep(task int32) bool {
	return slices.ContainsFunc(n.sleep, func(s sleeper) bool { return s.task == task })
}

// bounded goes the default way, and plans all others that the bound allows.
func (w *walk) bounded(n, before *node) int {
	n.spare, n.running = w.bounds.Preemptions, Clock
	if before != nil {
		n.spare, n.running = before.left(), before.step.task
	}
	k := slices.IndexFunc(n.enabled, func(c Choice) bool { return c.Task == n.running && !givesWay(c.Op) })
	if k < 0 || n.running == Clock { // it cannot go on, so it is free to choose
		k, n.running = 0, Clock
	}
	if n.running == Clock || n.spare > 0 {
		for i, c := range n.enabled {
			if i != k {
				n.todo = append(n.todo, c.Task)
			}
		}
	}
	return k
}

// left is how many preemptions are left after the node's step.
func (n *node) left() int {
	if n.running != Clock && n.step.task != n.running {
		return n.spare - 1
	}
	return n.spare
}

// announced is the step that alternative k takes.
func (p *Point) announced(k int) pending {
	c := p.Enabled[k]
	if c.Task == Clock {
		return pending{task: Clock, footprint: footprint{op: c.Op, object: c.Object}, cause: -1}
	}
	return p.run.tasks[c.Task].announced()
}
