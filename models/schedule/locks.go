package schedule

import "slices"

// Locks tell who holds which mutexes and reader-writer locks after the steps of a run, and who is in the function of which once; make one with [LocksAfter].
type Locks struct {
	objects []Object // in order of first use
	locks   map[Object]*lock
}

type lock struct {
	writer, wants int32 // tasks, or none
	readers       []int32
	done          bool // a once that is done has nobody any more
}

const none int32 = -2

// LocksAfter goes through the steps of a run, from its first.
func LocksAfter(steps []Step) *Locks {
	h := &Locks{locks: map[Object]*lock{}}
	for _, s := range steps {
		switch s.Object.Class {
		case ClassMutex, ClassRWMutex, ClassOnce:
		default:
			continue
		}
		l := h.locks[s.Object]
		if l == nil {
			l = &lock{writer: none, wants: none}
			h.locks[s.Object] = l
			h.objects = append(h.objects, s.Object)
		}
		l.take(s)
	}
	return h
}

// take is one step on the lock.
func (l *lock) take(s Step) {
	free := l.writer == none && l.wants == none
	switch s.Op {
	case OpLock, OpTryLock:
		switch {
		case s.Op == OpLock && s.Object.Class == ClassMutex: // it is taken when the mutex is free, also if who had it gave it back by waiting on a condition
			l.writer = s.Task
		case free && len(l.readers) == 0 && !l.done:
			l.writer = s.Task
		case free && s.Op == OpLock:
			l.wants = s.Task
		}
	case OpRLock:
		if free {
			l.readers = append(l.readers, s.Task)
		}
	case OpWake: // what it waited for is its own
		if l.wants == s.Task {
			l.writer, l.wants = s.Task, none
		} else {
			l.readers = append(l.readers, s.Task)
		}
	case OpUnlock:
		l.writer, l.done = none, s.Object.Class == ClassOnce
	case OpRUnlock: // by any task: it may unlock what another has locked
		if l.writer == s.Task { // by a TryRLock, which is announced as a TryLock
			l.writer = none
		} else if i := slices.Index(l.readers, s.Task); i >= 0 {
			l.readers = slices.Delete(l.readers, i, i+1)
		} else if len(l.readers) > 0 {
			l.readers = l.readers[1:]
		}
	}
}

// Held lists what a task holds, in order of first use.
func (h *Locks) Held(task int32) (list []Object) {
	for _, o := range h.objects {
		if l := h.locks[o]; l.writer == task || slices.Contains(l.readers, task) {
			list = append(list, o)
		}
	}
	return list
}

// Ahead is the task that waits to write while others read, so that who comes to read waits for it; ok is false if there is none.
func (h *Locks) Ahead(o Object) (task int32, ok bool) {
	l := h.locks[o]
	if l == nil || l.wants == none {
		return 0, false
	}
	return l.wants, true
}

// Manner is what those that hold an object have done to hold it, if it is not that they have locked it, or nobody holds it: "locked for reading" or "begun".
func (h *Locks) Manner(o Object) string {
	switch l := h.locks[o]; {
	case l == nil:
	case l.writer == none && len(l.readers) > 0:
		return "locked for reading"
	case l.writer != none && o.Class == ClassOnce:
		return "begun"
	}
	return ""
}

// Holders lists the tasks that hold an object, the writer first; none if nobody does, or if it is no lock.
func (h *Locks) Holders(o Object) (tasks []int32) {
	l := h.locks[o]
	if l == nil {
		return nil
	}
	if l.writer != none {
		tasks = append(tasks, l.writer)
	}
	for _, r := range l.readers {
		if !slices.Contains(tasks, r) { // it may hold it twice
			tasks = append(tasks, r)
		}
	}
	return tasks
}
