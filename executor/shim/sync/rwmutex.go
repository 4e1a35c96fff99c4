//go:build go1.26

package sync

import (
	"sync"
	"unsafe"

	"synchrony/executor/sched"
	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// RWMutex is [sync.RWMutex]: once a writer waits for readers, readers that come have to wait, and when it unlocks, those go
// on. Which of readers and writers that come after is next is up to the schedule.
type RWMutex struct {
	real sync.RWMutex // outside of controlled runs
	ref  task.Ref

	// Controlled runs only.
	readers int          // that hold it
	writer  bool         // one holds the lock, or waits for the readers that do
	held    bool         // by the writer
	waiting []sched.Task // readers, for the writer to unlock
	writers []sched.Task // for the writer to unlock, first come first
	pending bool         // the writer waits for readers
	last    sched.Task   // the writer
	edges   struct{ unlock, runlock byte }
}

// The race detector is told of the order that the standard library's lock gives: a writer comes after all that have unlocked, a reader
// after the writers.

//go:norace
func (m *RWMutex) beginWrite() {
	task.Acquire(unsafe.Pointer(&m.edges.unlock))
	task.Acquire(unsafe.Pointer(&m.edges.runlock))
}

//go:norace
func (m *RWMutex) beginRead() { task.Acquire(unsafe.Pointer(&m.edges.unlock)) }

//go:norace
func (m *RWMutex) find() (*task.Current, schedule.Object) {
	c := task.Find(unsafe.Pointer(m))
	if c == nil {
		return nil, schedule.Object{}
	}
	o, left := m.ref.Enter(c, unsafe.Pointer(m), schedule.ClassRWMutex)
	if left {
		*m = RWMutex{ref: m.ref}
	}
	return c, o
}

// Lock is [sync.RWMutex.Lock].
//
//go:norace
func (m *RWMutex) Lock() {
	c, o := m.find()
	if c == nil {
		m.real.Lock()
		return
	}
	if !c.Step(schedule.OpLock, o) {
		return
	}
	for waited := false; m.writer; waited = true {
		m.queue(c.Self(), waited)
		if !c.Park(schedule.OpLock, o) { // Unlock wakes it to try again: another may come first
			return
		}
	}
	m.writer, m.last = true, c.Self()
	if m.pending = m.readers > 0; m.pending && !c.Park(schedule.OpLock, o) {
		return
	}
	m.held = true
	m.beginWrite()
}

// queue makes a writer wait for another: at the end, or at the front if it waited before.
//
//go:norace
func (m *RWMutex) queue(t sched.Task, waited bool) {
	m.writers = append(m.writers, t)
	for i := len(m.writers) - 1; waited && i > 0; i-- {
		m.writers[i-1], m.writers[i] = m.writers[i], m.writers[i-1]
	}
}

// TryLock is [sync.RWMutex.TryLock].
//
//go:norace
func (m *RWMutex) TryLock() bool {
	c, o := m.find()
	if c == nil {
		return m.real.TryLock()
	}
	if !c.Step(schedule.OpTryLock, o) || m.writer || m.readers > 0 {
		return false
	}
	m.writer, m.held = true, true
	m.beginWrite()
	return true
}

// Unlock is [sync.RWMutex.Unlock].
//
//go:norace
func (m *RWMutex) Unlock() {
	c, o := m.find()
	if c == nil {
		m.real.Unlock()
		return
	}
	if !c.Step(schedule.OpUnlock, o) {
		return
	}
	if !m.held {
		c.Fatal("sync: Unlock of unlocked RWMutex")
	}
	task.Release(unsafe.Pointer(&m.edges.unlock))
	m.writer, m.held = false, false
	for _, t := range m.waiting {
		m.readers++
		c.Wake(t, schedule.OpWake)
	}
	m.waiting = m.waiting[:0]
	if len(m.writers) > 0 {
		c.Wake(m.writers[0], schedule.OpLock)
		m.writers = m.writers[1:]
	}
}

// RLock is [sync.RWMutex.RLock].
//
//go:norace
func (m *RWMutex) RLock() {
	c, o := m.find()
	if c == nil {
		m.real.RLock()
		return
	}
	if !c.Step(schedule.OpRLock, o) {
		return
	}
	if m.writer {
		m.waiting = append(m.waiting, c.Self())
		if !c.Park(schedule.OpRLock, o) {
			return
		}
	} else {
		m.readers++
	}
	m.beginRead()
}

// TryRLock is [sync.RWMutex.TryRLock].
//
//go:norace
func (m *RWMutex) TryRLock() bool {
	c, o := m.find()
	if c == nil {
		return m.real.TryRLock()
	}
	if !c.Step(schedule.OpTryLock, o) || m.writer {
		return false
	}
	m.readers++
	m.beginRead()
	return true
}

// RUnlock is [sync.RWMutex.RUnlock].
//
//go:norace
func (m *RWMutex) RUnlock() {
	c, o := m.find()
	if c == nil {
		m.real.RUnlock()
		return
	}
	if !c.Step(schedule.OpRUnlock, o) {
		return
	}
	if m.readers == 0 {
		c.Fatal("sync: RUnlock of unlocked RWMutex")
	}
	task.Release(unsafe.Pointer(&m.edges.runlock))
	m.readers--
	if m.readers == 0 && m.pending {
		m.pending = false
		c.Wake(m.last, schedule.OpWake)
	}
}

// RLocker is [sync.RWMutex.RLocker].
func (m *RWMutex) RLocker() Locker { return (*rlocker)(m) }

type rlocker RWMutex

func (r *rlocker) Lock()   { (*RWMutex)(r).RLock() }
func (r *rlocker) Unlock() { (*RWMutex)(r).RUnlock() }
