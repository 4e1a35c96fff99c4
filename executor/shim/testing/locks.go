//go:build go1.26

package testing

import (
	"slices"

	"synchrony/models/schedule"
)

// holders are who holds which locks, as the steps of a run tell.
type holders struct {
	objects []schedule.Object // in order of first use
	locks   map[schedule.Object]*lock
}

type lock struct {
	writer, wants int32 // tasks, or none
	readers       []int32
}

const none int32 = -2

// locks goes through the steps of a run.
func locks(steps []schedule.Step) holders {
	h := holders{locks: map[schedule.Object]*lock{}}
	for _, s := range steps {
		if s.Object.Class != schedule.ClassMutex && s.Object.Class != schedule.ClassRWMutex {
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
func (l *lock) take(s schedule.Step) {
	free := l.writer == none && l.wants == none
	switch s.Op {
	case schedule.OpLock, schedule.OpTryLock:
		switch {
		case free && len(l.readers) == 0:
			l.writer = s.Task
		case free && s.Op == schedule.OpLock:
			l.wants = s.Task
		}
	case schedule.OpRLock:
		if free {
			l.readers = append(l.readers, s.Task)
		}
	case schedule.OpWake: // what it waited for is its own
		if l.wants == s.Task {
			l.writer, l.wants = s.Task, none
		} else {
			l.readers = append(l.readers, s.Task)
		}
	case schedule.OpUnlock:
		l.writer = none
	case schedule.OpRUnlock: // by any task: it may unlock what another has locked
		if i := slices.Index(l.readers, s.Task); i >= 0 {
			l.readers = slices.Delete(l.readers, i, i+1)
		} else if len(l.readers) > 0 {
			l.readers = l.readers[1:]
		}
	}
}

// of lists what a task holds.
func (h holders) of(task int32) (list []string) {
	for _, o := range h.objects {
		if l := h.locks[o]; l.writer == task || slices.Contains(l.readers, task) {
			list = append(list, o.String())
		}
	}
	return list
}
