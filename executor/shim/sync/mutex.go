//go:build go1.26

package sync

import (
	"unsafe"

	"synchrony/executor/sched"
	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// Mutex is [sync.Mutex].
type Mutex struct {
	m   sched.Mutex
	met *task.Current
}

//go:norace
func (m *Mutex) find() *sched.Runtime {
	c := task.Find(unsafe.Pointer(m))
	if c == nil {
		return nil
	}
	if m.met != c {
		m.met = c
		c.Object(unsafe.Pointer(m), schedule.ClassNone) // for Uncontrolled
	}
	return c.Runtime
}

// Lock is [sync.Mutex.Lock].
func (m *Mutex) Lock() { m.m.Lock(m.find()) }

// TryLock is [sync.Mutex.TryLock].
func (m *Mutex) TryLock() bool { return m.m.TryLock(m.find()) }

// Unlock is [sync.Mutex.Unlock].
func (m *Mutex) Unlock() { m.m.Unlock(m.find()) }
