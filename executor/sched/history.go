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
// the same object, and of each of some kinds.
//
// To look at a step takes time in proportion to the number of tasks, and not to the number of steps before it. So the walk along a
// chain ends at the first step on which all depend that come before it there, or that happens before the one looked at and depends on
// all that this one could: what lies behind is known by way of that step.
type history struct {
	linked  int // how many nodes are in the chains
	objects map[schedule.Object]int32
	tasks   [][]int32 // all steps, in order, by task number + 1
	timed   int32     // the last step that has to do with time
	spins   int32     // the last Spin
	looks   int32     // the last that looked whether something was cancelled
	cancels int32     // the last that cancelled something
	fires   int32     // the last of the clock
	arms    int32     // the last that gave the clock something to do
	guards  int32     // the last that waited for a condition

	visits int // how many nodes were looked at: what the tests of growth count

	// Buffers, good until the next step is looked at.
	deps, races []int32
	now, alone  vector
	first       []int32 // by task number + 1: see Explorer.plan
	starts      []int32 // those of first that there are, in order
	initials    []int32
}

// links are a step's places in the chains: the steps before it there, or -1.
type links struct {
	timed, spins, looks, cancels, fires, arms, guards int32

	object, mutex link
	more          []link // of the step's further objects
}

// link is a step's place in the chain of an object.
type link struct {
	before int32 // the step before it, or -1
	other  int32 // the last before it that is not of the same way: see footprint.way
}

func (h *history) reset() {
	h.objects = map[schedule.Object]int32{}
	h.timed, h.spins, h.looks, h.cancels, h.fires, h.arms, h.guards = -1, -1, -1, -1, -1, -1, -1
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
		h.tasks = append(h.tasks, nil)
	}
	if of := h.tasks[task+1]; len(of) > 0 {
		return of[len(of)-1]
	}
	return -1
}

// firstAfter returns the first of a task's steps after r, or -1.
func firstAfter(steps []int32, r int32) int32 {
	if len(steps) == 0 || steps[len(steps)-1] <= r {
		return -1
	}
	k, _ := slices.BinarySearch(steps, r+1)
	return steps[k]
}

// visit is node i, which is looked at once more.
func (e *Explorer) visit(i int32) *node {
	e.visits++
	return &e.nodes[i]
}

// chain puts node i at the end of an object's chain.
func (e *Explorer) chain(i int32, o schedule.Object) link {
	l := link{e.lastOn(o), -1}
	if l.before >= 0 {
		l.other = l.before
		if w := e.nodes[i].step.way(); w != alone && e.nodes[l.before].step.way() == w {
			l.other = e.before(l.before, o).other
		}
	}
	e.objects[o] = i
	return l
}

// link puts node i at the ends of the chains. All before it are there.
func (e *Explorer) link(i int) {
	n, at := &e.nodes[i], int32(i)
	s := &n.step
	n.links = links{
		timed: e.timed, spins: e.spins, looks: e.looks, cancels: e.cancels, fires: e.fires, arms: e.arms, guards: e.guards,
		more: n.links.more[:0],
	}
	e.lastOf(s.task) // makes room
	e.tasks[s.task+1] = append(e.tasks[s.task+1], at)
	if s.shared() {
		n.object = e.chain(at, s.object)
		for _, o := range s.more {
			n.links.more = append(n.links.more, e.chain(at, o))
		}
	}
	if s.mutex.Class != schedule.ClassNone {
		n.mutex = e.chain(at, s.mutex)
	}
	if s.footprint.timed() {
		e.timed = at
	}
	if s.arms() {
		e.arms = at
	}
	if s.op == schedule.OpSpin {
		e.spins = at
	}
	if s.tail&looked != 0 {
		e.looks = at
	}
	if s.cancels() {
		e.cancels = at
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
		of := &e.tasks[s.task+1]
		*of = (*of)[:len(*of)-1]
		l := &n.links
		e.timed, e.spins, e.looks, e.cancels, e.fires, e.arms, e.guards = l.timed, l.spins, l.looks, l.cancels, l.fires, l.arms, l.guards
		if s.mutex.Class != schedule.ClassNone {
			e.objects[s.mutex] = n.mutex.before
		}
		if s.shared() {
			for k, o := range s.more {
				e.objects[o] = l.more[k].before
			}
			e.objects[s.object] = n.object.before
		}
	}
}

// before is node i's place in the chain of an object that it touches.
func (e *Explorer) before(i int32, o schedule.Object) link {
	n := e.visit(i)
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
// s could perhaps have come before, both from the last. Nodes up to those linked are looked at. What is in before, the clock of what
// comes before s anyway, may be left out of both.
func (e *Explorer) lookBack(s *pending, before vector) {
	e.deps, e.races = e.deps[:0], e.races[:0]
	if s.tail&fatal != 0 || s.op == schedule.OpSpin || s.guarded {
		e.lookAtAll(s, before)
		return
	}
	if s.shared() {
		e.lookAtObject(s, s.object, before)
		for _, o := range s.more {
			e.lookAtObject(s, o, before)
		}
	}
	if s.mutex.Class != schedule.ClassNone {
		e.lookAtObject(s, s.mutex, before)
	}
	if s.timed() {
		e.lookAtTime(s, before)
	}
	for i := e.guards; i >= 0; i = e.nodes[i].links.guards {
		e.found(i, true)
		if before.has(e.visit(i).step.task, int(i)) {
			break
		}
	}
	if e.writes(&s.footprint) {
		for i := e.spins; i >= 0; i = e.visit(i).links.spins {
			e.found(i, true)
		}
	}
	if s.cancels() {
		for i := e.looks; i >= 0; i = e.visit(i).links.looks {
			e.found(i, true)
		}
	}
	if s.tail&looked != 0 {
		for i := e.cancels; i >= 0; i = e.visit(i).links.cancels {
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
func (e *Explorer) lookAtAll(s *pending, before vector) {
	for i := e.linked - 1; i >= 0; i-- {
		n := e.visit(int32(i))
		if e.between(&n.step.footprint, &s.footprint) {
			e.found(int32(i), !s.blocks() || n.step.object != s.object)
		}
		spins := n.step.op == schedule.OpSpin && s.op == schedule.OpSpin && s.tail&^n.step.tail == 0
		if (n.step.guarded || spins) && before.has(n.step.task, i) {
			break
		}
	}
	if s.blocks() {
		e.lookForBlockers(s, before)
	}
	e.sort()
}

// lookAtObject looks at the steps on one object.
func (e *Explorer) lookAtObject(s *pending, o schedule.Object, before vector) {
	way := s.way()
	for i := e.lastOn(o); i >= 0; {
		f, l := &e.nodes[i].step.footprint, e.before(i, o)
		if e.between(f, &s.footprint) {
			e.found(i, !s.blocks())
		}
		if f.absorbs() {
			break
		}
		if i = l.before; way != alone && f.way() == way {
			i = l.other
		}
	}
	if s.blocks() {
		e.lookForBlockers(s, before)
	}
}

// lookAtTime looks at the steps that have to do with time, back to the last of the clock, on which all do.
func (e *Explorer) lookAtTime(s *pending, before vector) {
	reads, moves := s.dependsOnClock(), s.tail&stamped != 0
	fires := s.op == schedule.OpFire
	for i := e.timed; i >= 0 && (fires || reads || moves); i = e.nodes[i].links.timed {
		n := e.visit(i)
		if e.between(&n.step.footprint, &s.footprint) {
			e.found(i, true)
		}
		if n.step.op == schedule.OpFire {
			break
		}
		if before.has(n.step.task, int(i)) { // who moves the clock depends on all who read it, and the other way round
			reads = reads && !n.step.dependsOnClock()
			moves = moves && n.step.tail&stamped == 0
		}
	}
	if i := e.fires; i >= 0 && e.between(&e.nodes[i].step.footprint, &s.footprint) {
		e.found(i, true)
	}
}

// lookForBlockers finds what a step that waits could have come before. Not before what lets it go on, which
// is what it directly depends on: a Lock races with the Lock before it, and not with the Unlock in between; a Join with those
// Adds before which the count was zero.
func (e *Explorer) lookForBlockers(s *pending, before vector) {
	for i := e.lastOn(s.object); i >= 0; i = e.before(i, s.object).before {
		n := &e.nodes[i]
		switch op := n.step.op; {
		case s.op == schedule.OpLock && op == schedule.OpLock:
			e.races = append(e.races, i)
			return
		case s.op == schedule.OpLock && op == schedule.OpTryLock, s.op == schedule.OpJoin && op == schedule.OpAdd:
			e.races = append(e.races, i)
		}
		if n.step.absorbs() && before.has(n.step.task, int(i)) {
			return
		}
	}
}
