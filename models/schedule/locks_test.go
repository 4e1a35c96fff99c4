package schedule

import (
	"slices"
	"testing"
)

// TestAhead: a reader that comes waits for the writer that waits for the readers, and for nobody else.
func TestAhead(t *testing.T) {
	rw := Object{Class: ClassRWMutex}
	steps := []Step{{Task: 1, Op: OpRLock, Object: rw}, {Task: 2, Op: OpLock, Object: rw}, {Task: 1, Op: OpRUnlock, Object: rw}, {Task: 2, Op: OpWake, Object: rw}}
	for n, want := range []int32{none, none, 2, 2, none} {
		task, ok := LocksAfter(steps[:n]).Ahead(rw)
		if !ok {
			task = none
		}
		if task != want {
			t.Errorf("after %d steps, task %d is ahead, want %d", n, task, want)
		}
	}
}

// TestLocksAfter: who holds a lock after some steps, by its task and what it did: on a mutex, a reader-writer lock or a condition.
func TestLocksAfter(t *testing.T) {
	mutex, rw, cond, once := Object{Class: ClassMutex}, Object{Class: ClassRWMutex}, Object{Class: ClassCond}, Object{Class: ClassOnce}
	for name, c := range map[string]struct {
		steps []Step
		of    Object
		want  []int32
	}{
		"nothing":                  {nil, mutex, nil},
		"locked":                   {[]Step{{Task: 1, Op: OpLock, Object: mutex}}, mutex, []int32{1}},
		"unlocked":                 {[]Step{{Task: 1, Op: OpLock, Object: mutex}, {Task: 1, Op: OpUnlock, Object: mutex}}, mutex, nil},
		"tried in vain":            {[]Step{{Task: 1, Op: OpLock, Object: mutex}, {Task: 2, Op: OpTryLock, Object: mutex}}, mutex, []int32{1}},
		"given back by a wait":     {[]Step{{Task: 1, Op: OpLock, Object: mutex}, {Task: 1, Op: OpWait, Object: cond}, {Task: 2, Op: OpLock, Object: mutex}}, mutex, []int32{2}},
		"two readers":              {[]Step{{Task: 2, Op: OpRLock, Object: rw}, {Task: 1, Op: OpRLock, Object: rw}}, rw, []int32{2, 1}},
		"a reader twice":           {[]Step{{Task: 2, Op: OpRLock, Object: rw}, {Task: 2, Op: OpRLock, Object: rw}}, rw, []int32{2}},
		"a writer behind a reader": {[]Step{{Task: 1, Op: OpRLock, Object: rw}, {Task: 2, Op: OpLock, Object: rw}, {Task: 3, Op: OpRLock, Object: rw}}, rw, []int32{1}},
		"then it has it": {[]Step{
			{Task: 1, Op: OpRLock, Object: rw}, {Task: 2, Op: OpLock, Object: rw}, {Task: 1, Op: OpRUnlock, Object: rw}, {Task: 2, Op: OpWake, Object: rw},
		}, rw, []int32{2}},
		"in a once":    {[]Step{{Task: 2, Op: OpLock, Object: once}, {Task: 1, Op: OpLock, Object: once}}, once, []int32{2}},
		"after a once": {[]Step{{Task: 2, Op: OpLock, Object: once}, {Task: 1, Op: OpLock, Object: once}, {Task: 2, Op: OpUnlock, Object: once}}, once, nil},
		"and who waited": {[]Step{
			{Task: 2, Op: OpLock, Object: once}, {Task: 1, Op: OpLock, Object: once}, {Task: 2, Op: OpUnlock, Object: once}, {Task: 1, Op: OpLock, Object: once},
		}, once, nil},
		"a reader that tried": {[]Step{{Task: 1, Op: OpTryLock, Object: rw}, {Task: 1, Op: OpRUnlock, Object: rw}}, rw, nil},
	} {
		l := LocksAfter(c.steps)
		if got := l.Holders(c.of); !slices.Equal(got, c.want) {
			t.Errorf("%s: held by %v, want %v", name, got, c.want)
		}
		for _, task := range c.want {
			if !slices.Contains(l.Held(task), c.of) {
				t.Errorf("%s: task %d does not hold it", name, task)
			}
		}
	}
}

// TestManner: how those hold an object that hold it, where it is not that they have locked it.
func TestManner(t *testing.T) {
	mutex, rw, once := Object{Class: ClassMutex}, Object{Class: ClassRWMutex}, Object{Class: ClassOnce}
	for _, c := range []struct {
		steps []Step
		of    Object
		want  string
	}{
		{nil, rw, ""},
		{[]Step{{Op: OpLock, Object: mutex}}, mutex, ""},
		{[]Step{{Op: OpLock, Object: rw}}, rw, ""},
		{[]Step{{Op: OpRLock, Object: rw}}, rw, "locked for reading"},
		{[]Step{{Op: OpRLock, Object: rw}, {Op: OpRUnlock, Object: rw}}, rw, ""},
		{[]Step{{Op: OpLock, Object: once}}, once, "begun"},
		{[]Step{{Op: OpLock, Object: once}, {Op: OpUnlock, Object: once}}, once, ""},
	} {
		if got := LocksAfter(c.steps).Manner(c.of); got != c.want {
			t.Errorf("after %v: %q, want %q", c.steps, got, c.want)
		}
	}
}
