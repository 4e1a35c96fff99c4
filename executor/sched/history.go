package sched

import (
	"slices"

	"synchrony/models/schedule"
)

// vector is a vector clock: at a task's number plus one, the number of steps, of all, up to and including the last one
// of that task which happens before or is the step whose clock it is; 0 if none does.
type vector []int32

func (v vector) has(task int32, step int) bool {
	return int(task)+1 < len(v) && v[task+1] > int32(step)
}

// join makes v know what w does.
func (v vector) join(w vector) vector {
	for len(v) < len(w) {
		v = append(v, 0)
	}
	for i, n := range w {
		v[i] = max(v[i], n)
	}
	return v
}

// history finds, for a step, the earlier ones that it depends on: chains lead from each step to the one before it on
// the same object, of the same task, and of each of some kinds.
type history struct {
	linked  int // how many nodes are in the chains
	objects map[schedule.Object]int32
	tasks   []int32 // the last step by task number + 1
	timed   int32   // the last step that has to do with time
	spins   int32   // the last Spin
	looks   int32   // the last that looked whether something was cancelled
	fires   int32   // the last of the clock
	guards  int32   // the last that waited for a condition

	// Buffers, good until the next step is looked at.
	deps, races []int32
	now, alone  vector
	first       []int32
	initials    []int32
}

// links are a step's places in the chains: the steps before it there, or -1.
type links struct {
	object, mutex, task, timed, spins, looks, fires, guards int32

	more []int32 // of the step's further objects
}

func (h *history) reset() {
	h.objects = map[schedule.Object]int32{}
	h.timed, h.spins, h.looks, h.fires, h.guards = -1, -1, -1, -1, -1
}

// lastOn returns the last step that touched the object, or -1.
func (h *history) lastOn(o schedule.Object) int32 {
	if i, ok := h.objects[o]; ok {
		return i
	}
	return -1
}

// lastOf returns the last step of the task, or -1.
func (h *history) lastOf(task int32) int32 {
	for len(h.tasks) <= int(task)+1 {
		h.tasks = append(h.tasks, -1)
	}
	return h.tasks[task+1]
}

// link puts node i at the ends of the chains. All before it are there.
func (e *Explorer) link(i int) {
	n, at := &e.nodes[i], int32(i)
	s := &n.step
	n.links = links{-1, -1, e.lastOf(s.task), e.timed, e.spins, e.looks, e.fires, e.guards, n.links.more[:0]}
	e.tasks[s.task+1] = at
	if s.shared() {
		n.object = e.lastOn(s.object)
		e.objects[s.object] = at
		for _, o := range s.more {
			n.links.more = append(n.links.more, e.lastOn(o))
			e.objects[o] = at
		}
	}
	if s.mutex.Class != schedule.ClassNone {
		n.mutex = e.lastOn(s.mutex)
		e.objects[s.mutex] = at
	}
	if s.footprint.timed() {
		e.timed = at
	}
	if s.op == schedule.OpSpin {
		e.spins = at
	}
	if s.tail&looked != 0 {
		e.looks = at
	}
	if s.op == schedule.OpFire {
		e.fires = at
	}
	if s.guarded {
		e.guards = at
	}
	e.linked = i + 1
}

// unlink takes nodes from i on out of the chains.
func (e *Explorer) unlink(i int) {
	for ; e.linked > i; e.linked-- {
		n := &e.nodes[e.linked-1]
		s := &n.step
		e.tasks[s.task+1] = n.links.task
		e.timed, e.spins, e.looks, e.fires = n.links.timed, n.links.spins, n.links.looks, n.links.fires
		e.guards = n.links.guards
		if s.mutex.Class != schedule.ClassNone {
			e.objects[s.mutex] = n.mutex
		}
		if s.shared() {
			for k, o := range s.more {
				e.objects[o] = n.links.more[k]
			}
			e.objects[s.object] = n.object
		}
	}
}

// before returns the step before node i in the chain of an object that it touches.
func (e *Explorer) before(i int32, o schedule.Object) int32 {
	n := &e.nodes[i]
	switch {
	case n.step.mutex == o && o.Class != schedule.ClassNone:
		return n.mutex
	case n.step.object == o:
		return n.object
	}
	return n.links.more[slices.Index(n.step.more, o)]
}

// blocks reports whether the step may have to wait for others, and so is not
// enabled wherever its task has announced it.
func (s *pending) blocks() bool {
	return s.op == schedule.OpLock && s.object.Class == schedule.ClassMutex || s.op == schedule.OpJoin && s.object.Class == schedule.ClassGroup
}

// absorbs reports whether no two steps on its object of which it lies in between are in conflict without both being
// in conflict with it: what lies before it need not be looked at.
func (f *footprint) absorbs() bool {
	return !f.reads() && f.op != schedule.OpDone && (f.op != schedule.OpAdd || f.object.Class == schedule.ClassGroup)
}

// lookBack finds steps that s depends on: deps are enough of them to know all by happens-before, races those that
// s could perhaps have come before, both from the last. Nodes up to those linked are looked at.
func (e *Explorer) lookBack(s *pending) {
	e.deps, e.races = e.deps[:0], e.races[:0]
	if s.tail&(fatal|looked) != 0 || s.op == schedule.OpSpin || s.guarded {
		e.lookAtAll(s)
		return
	}
	if s.shared() {
		e.lookAtObject(s, s.object)
		for _, o := range s.more {
			e.lookAtObject(s, o)
		}
	}
	if s.mutex.Class != schedule.ClassNone {
		e.lookAtObject(s, s.mutex)
	}
	if s.timed() {
		for i := e.timed; i >= 0; i = e.nodes[i].links.timed {
			if e.between(&e.nodes[i].step.footprint, &s.footprint) {
				e.found(i, true)
			}
			if e.nodes[i].step.op == schedule.OpFire {
				break
			}
		}
	}
	for i := e.guards; i >= 0; i = e.nodes[i].links.guards {
		e.found(i, true)
	}
	if e.writes(&s.footprint) {
		for i := e.spins; i >= 0; i = e.nodes[i].links.spins {
			e.found(i, true)
		}
	}
	for i := e.looks; i >= 0; i = e.nodes[i].links.looks {
		if cancels(&s.footprint, &e.nodes[i].step.footprint) {
			e.found(i, true)
		}
	}
	if last := len(e.nodes) - 1; last >= 0 && e.linked == len(e.nodes) && e.nodes[last].step.tail&fatal != 0 {
		e.found(int32(last), true)
	}
	e.sort()
}

func (e *Explorer) found(i int32, race bool) {
	e.deps = append(e.deps, i)
	if race {
		e.races = append(e.races, i)
	}
}

// sort orders what was found from the last step back, each once.
func (e *Explorer) sort() {
	for _, list := range [...]*[]int32{&e.deps, &e.races} {
		if len(*list) > 1 {
			slices.SortFunc(*list, func(a, b int32) int { return int(b - a) })
			*list = slices.Compact(*list)
		}
	}
}

// lookAtAll is lookBack for the few steps that conflict with any kind of step.
func (e *Explorer) lookAtAll(s *pending) {
	for i := e.linked - 1; i >= 0; i-- {
		if e.between(&e.nodes[i].step.footprint, &s.footprint) {
			e.found(int32(i), !s.blocks() || e.nodes[i].step.object != s.object)
		}
	}
	if s.blocks() {
		e.lookForBlockers(s)
	}
	e.sort()
}

// lookAtObject looks at the steps on one object.
func (e *Explorer) lookAtObject(s *pending, o schedule.Object) {
	for i := e.lastOn(o); i >= 0; i = e.before(i, o) {
		f := &e.nodes[i].step.footprint
		if e.between(f, &s.footprint) {
			e.found(i, !s.blocks())
		}
		if f.absorbs() {
			break
		}
	}
	if s.blocks() {
		e.lookForBlockers(s)
	}
}

// lookForBlockers finds what a step that waits could have come before. Not before what lets it go on, which
// is what it directly depends on: a Lock races with the Lock before it, and not with the Unlock in between; a Join with those
// Adds before which the count was zero.
func (e *Explorer) lookForBlockers(s *pending) {
	for i := e.lastOn(s.object); i >= 0; i = e.before(i, s.object) {
		switch op := e.nodes[i].step.op; {
		case s.op == schedule.OpLock && op == schedule.OpLock:
			e.races = append(e.races, i)
			return
		case s.op == schedule.OpLock && op == schedule.OpTryLock, s.op == schedule.OpJoin && op == schedule.OpAdd:
			e.races = append(e.races, i)
		}
	}
}
