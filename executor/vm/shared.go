package vm

import (
	"slices"
	"strings"
	"sync"

	"synchrony/executor/sched"
	"synchrony/models/program"
	"synchrony/models/schedule"
	"synchrony/models/trace"
)

// SharedState is a set of named cells that any number of tasks may use at once.
// Every operation, batches and snapshots too, is linearizable: it takes effect at one
// moment between its call and its return.
type SharedState struct {
	rt *sched.Runtime

	mu    sync.Mutex // never held across a hook
	index map[string]int
	cells []sharedCell
}

type sharedCell struct {
	name  string
	value program.Value // nil if unset
	set   bool
}

// NewSharedState makes a state without variables, for tasks of rt; nil is for plain goroutines.
func NewSharedState(rt *sched.Runtime) *SharedState {
	return &SharedState{rt: rt, index: make(map[string]int)}
}

// newSharedState makes one whose first variables are unset and have those names.
func newSharedState(rt *sched.Runtime, names []string) *SharedState {
	s := &SharedState{rt: rt}
	for _, name := range names {
		s.cells = append(s.cells, sharedCell{name: name})
	}
	return s
}

// whole is the object that operations by name announce: two of them never commute, since a
// batch may touch anything. Operations of machines announce their variable.
var whole = schedule.Object{Class: schedule.ClassShared, Index: -1}

func (s *SharedState) find(name string) *sharedCell {
	i, ok := s.index[name]
	if !ok {
		i = len(s.cells)
		s.index[name] = i
		s.cells = append(s.cells, sharedCell{name: name})
	}
	return &s.cells[i]
}

func (s *SharedState) enter(op schedule.Op) func() {
	s.rt.Yield(op, whole)
	s.mu.Lock()
	return s.mu.Unlock
}

// Read returns a variable's value; nil, and false, if it is unset.
func (s *SharedState) Read(name string) (program.Value, bool) {
	defer s.enter(schedule.OpLoad)()
	i, ok := s.index[name]
	if !ok {
		return program.Nil, false
	}
	return s.cells[i].value, s.cells[i].set
}

// Write sets a variable.
func (s *SharedState) Write(name string, v program.Value) {
	defer s.enter(schedule.OpStore)()
	c := s.find(name)
	c.value, c.set = v, true
}

// ReadBatch returns the values of several variables at one moment; nil for unset ones.
func (s *SharedState) ReadBatch(names ...string) []program.Value {
	defer s.enter(schedule.OpLoad)()
	values := make([]program.Value, len(names))
	for i, name := range names {
		if at, ok := s.index[name]; ok {
			values[i] = s.cells[at].value
		}
	}
	return values
}

// WriteBatch sets several variables at one moment, in order.
func (s *SharedState) WriteBatch(bindings ...program.Binding) {
	defer s.enter(schedule.OpStore)()
	for _, b := range bindings {
		c := s.find(b.Name)
		c.value, c.set = b.Value, true
	}
}

// Snapshot returns all set variables at one moment, by name.
func (s *SharedState) Snapshot() []program.Binding {
	defer s.enter(schedule.OpLoad)()
	return s.bindings()
}

func (s *SharedState) bindings() []program.Binding {
	var all []program.Binding
	for _, c := range s.cells {
		if c.set {
			all = append(all, program.Binding{Name: c.name, Value: c.value})
		}
	}
	slices.SortFunc(all, func(a, b program.Binding) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// Has reports whether a variable is set.
func (s *SharedState) Has(name string) bool {
	_, ok := s.Read(name)
	return ok
}

// Clear unsets all variables.
func (s *SharedState) Clear() {
	defer s.enter(schedule.OpStore)()
	for i := range s.cells {
		s.cells[i].value, s.cells[i].set = program.Nil, false
	}
}

// update applies f to the i-th variable in one atomic step of the kind op.
func (s *SharedState) update(op schedule.Op, i int32, f func(*sharedCell)) {
	s.rt.Yield(op, schedule.Object{Class: schedule.ClassShared, Index: i})
	s.mu.Lock()
	f(&s.cells[i])
	s.mu.Unlock()
}

// sharedAccess executes an instruction on a shared variable.
func (m *machine) sharedAccess(in *original) status {
	name := in.a
	i := m.unit.sums.shared[name]
	m.touch(int32(len(m.unit.names))+i, in.op != program.SharedWrite, in.op != program.SharedRead)
	call := m.beginCall(in.op, i)
	s := running
	switch in.op {
	case program.SharedRead:
		var v program.Value
		m.shared.update(schedule.OpLoad, i, func(c *sharedCell) { v = c.value })
		*m.operand(in, 0) = m.box(v)
		call.Result = v
	case program.SharedWrite:
		v := m.unbox(*m.operand(in, 1))
		m.shared.update(schedule.OpStore, i, func(c *sharedCell) { c.value, c.set = v, true })
		call.Args = []program.Value{v}
	case program.AtomicAdd:
		delta := m.unbox(*m.operand(in, 1))
		call.Args = []program.Value{delta}
		s = m.atomicAdd(in, i, delta, call)
	case program.AtomicCAS:
		expected, replacement := m.unbox(*m.operand(in, 2)), m.unbox(*m.operand(in, 1))
		swapped := false
		m.shared.update(schedule.OpRMW, i, func(c *sharedCell) {
			if swapped = equal(c.value, expected); swapped {
				c.value, c.set = replacement, true
			}
		})
		*m.operand(in, 2) = boolCell(swapped)
		call.Args, call.Result = []program.Value{expected, replacement}, program.Bool(swapped)
	}
	m.endCall(call, s == failed)
	return s
}

func (m *machine) atomicAdd(in *original, i int32, delta program.Value, call *trace.SharedCall) status {
	var old program.Value
	var sum int64
	fits, ints := false, false
	m.shared.update(schedule.OpRMW, i, func(c *sharedCell) {
		if old = c.value; !c.set {
			old = program.Int(0)
		}
		if ints = old.Kind() == program.IntKind && delta.Kind() == program.IntKind; !ints {
			return
		}
		if sum, fits = combine(program.Add, old.AsInt(), delta.AsInt()); fits {
			c.value, c.set = program.Int(sum), true
		}
	})
	switch {
	case !ints:
		return m.fail(program.TypeError, in.op.String()+" of "+describe(old)+" and "+describe(delta))
	case !fits:
		return m.arithmeticError(program.Overflow, program.Add, old, delta)
	}
	*m.operand(in, 1) = intCell(sum)
	call.Result = program.Int(sum)
	return running
}
