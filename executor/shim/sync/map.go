//go:build go1.26

package sync

import (
	"sync"
	"unsafe"

	"synchrony/executor/shim/maps"
	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// Map is [sync.Map].
type Map struct {
	m   sync.Map
	ref task.Ref
}

//go:norace
func (m *Map) step(op schedule.Op) *task.Current {
	c := task.Find(unsafe.Pointer(m))
	if c != nil {
		o, _ := m.ref.Enter(c, unsafe.Pointer(m), schedule.ClassMap)
		c.Step(op, o)
	}
	return c
}

// Load is [sync.Map.Load].
func (m *Map) Load(key any) (value any, ok bool) {
	m.step(schedule.OpLoad)
	return m.m.Load(key)
}

// Store is [sync.Map.Store].
func (m *Map) Store(key, value any) {
	m.step(schedule.OpStore)
	m.m.Store(maps.Note(key), value)
}

// Clear is [sync.Map.Clear].
func (m *Map) Clear() {
	m.step(schedule.OpStore)
	m.m.Clear()
}

// LoadOrStore is [sync.Map.LoadOrStore].
func (m *Map) LoadOrStore(key, value any) (actual any, loaded bool) {
	m.step(schedule.OpRMW)
	return m.m.LoadOrStore(maps.Note(key), value)
}

// LoadAndDelete is [sync.Map.LoadAndDelete].
func (m *Map) LoadAndDelete(key any) (value any, loaded bool) {
	m.step(schedule.OpRMW)
	return m.m.LoadAndDelete(key)
}

// Delete is [sync.Map.Delete].
func (m *Map) Delete(key any) {
	m.step(schedule.OpStore)
	m.m.Delete(key)
}

// Swap is [sync.Map.Swap].
func (m *Map) Swap(key, value any) (previous any, loaded bool) {
	m.step(schedule.OpRMW)
	return m.m.Swap(maps.Note(key), value)
}

// CompareAndSwap is [sync.Map.CompareAndSwap].
func (m *Map) CompareAndSwap(key, old, new any) (swapped bool) {
	m.step(schedule.OpRMW)
	return m.m.CompareAndSwap(key, old, new)
}

// CompareAndDelete is [sync.Map.CompareAndDelete].
func (m *Map) CompareAndDelete(key, old any) (deleted bool) {
	m.step(schedule.OpRMW)
	return m.m.CompareAndDelete(key, old)
}

// Range is [sync.Map.Range], in the order of package maps in a controlled run. Each key is looked up by a step of its own.
func (m *Map) Range(f func(key, value any) bool) {
	c := m.step(schedule.OpLoad)
	if c == nil {
		m.m.Range(f)
		return
	}
	var keys []any
	m.m.Range(func(key, _ any) bool {
		keys = append(keys, key)
		return true
	})
	maps.Sort(keys)
	maps.Arrange(c, keys)
	for _, key := range keys {
		if value, ok := m.Load(key); ok && !f(key, value) {
			return
		}
	}
}
