package vm

import (
	"math"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// machine executes code: the main code or a chunk of it, a worker of a fork, or elements of a
// PARALLEL_MAP. It belongs to one task at a time; what it shares with others
// is behind shared and group.
//
// Two interpreters work on the same state. The fast one (fast.go) executes register code and
// leaves all that is rare to the exact one (exact.go), which executes one
// original instruction at a time. They change places only where all cells of
// the operand stack are in their own registers.
type machine struct {
	unit *unit
	rt   *sched.Runtime
	run  *run // what the machines of one run have in common

	mem    []cell // the globals, then the frames of the calls
	heap   heap
	held   []cell // outside mem, whose boxes must stay: roots of the heap
	fn     *function
	fp     int // address of the current frame
	pc     int // of the next original instruction
	frames []frame
	depth  int // active calls, those around a worker included

	steps, maxSteps   int64
	memory, maxMemory int64
	now, deadline     int64 // virtual ms; math.MaxInt64 for no deadline
	width             int   // workers live at once

	hard    int64 // steps after which to return halted: the fault injector's
	pauseAt int64 // steps after which to poll
	poll    func(*machine) status

	end     int // pc of the main code at which a chunk ends, or -1
	shared  *SharedState
	group   *forkGroup // the fork whose worker it is, or nil
	number  int        // in the group
	begun   bool       // as a worker
	round   int        // of the fork's barrier, for the record
	forks   int32      // and mappings that it has begun
	way     uint32     // to it through forks and mappings, hashed; 0 in a chunk's own code
	task    int32      // its number, for the record; 0 before its first call
	chunk   int        // which it executes, for the record; -1 if none
	attempt int
	by      int           // the worker that executes it
	since   time.Duration // when the attempt began
	used    [3]int64      // steps, memory and time at its beginning
	log     *accessLog    // nil unless accesses are recorded

	access trace.SharedCall // the one under way
	output []string
	result cell
	err    *program.RunError

	panicked *PanicError // a child's
}

// frame is a caller that waits.
type frame struct {
	fn *function
	fp int
	pc int // after the call
}

// status says why a machine returned.
type status uint8

const (
	running status = iota
	done           // at the end of its code; result is set
	failed         // err is set
	stopped        // at the end of its chunk
	waiting        // at a barrier
	late           // it would have passed its deadline
	halted         // hard was reached
	overdue        // the attempt took too long
	abandoned
)

const (
	noDeadline = math.MaxInt64
	unlimited  = math.MaxInt64
	// unknownTime is a time that nobody has asked the clock for yet.
	unknownTime time.Duration = -1
	// quantum is how many steps a machine executes between two polls: about 10 µs.
	quantum = 1 << 13
)

// newMachine makes a machine that starts the main code with undefined globals.
func newMachine(r *run, main *function) *machine {
	m := new(machine)
	m.reset(r, main)
	return m
}

// reset is newMachine in the place, and with the memory, of a machine that nobody uses any more.
func (m *machine) reset(r *run, main *function) {
	m.renew(r, main)
	copy(m.mem, main.template)
}

// renew is reset for a machine whose globals are undefined and whose constants are in place, if it has memory.
// Registers of the operand stack, and what is after the frame, keep what they had: they are written before they are read.
func (m *machine) renew(r *run, main *function) {
	mem, frames := m.mem, m.frames
	*m = machine{
		unit: r.unit, rt: r.rt, run: r, fn: main, end: -1, chunk: -1,
		maxSteps: r.limits.Steps, maxMemory: r.limits.Memory, deadline: noDeadline, width: 1, hard: unlimited,
	}
	if r.limits.Time > 0 {
		m.deadline = r.limits.Time
	}
	m.heap.fixed, m.heap.first = r.unit.fixed, r.costs.boxes
	if size := main.size + r.unit.room; cap(mem) < size {
		mem = make([]cell, size)
	}
	m.mem, m.frames = mem[:cap(mem)], frames[:0]
}

// spare is a machine without anything but the memory of one that is over.
func (m *machine) spare() *machine { return &machine{mem: m.mem, frames: m.frames} }

// top is the address after the current frame.
func (m *machine) top() int { return m.fp + m.fn.size }

// reserve makes room for a frame and returns it.
func (m *machine) reserve(fp, size int) []cell {
	if need := fp + size; need > len(m.mem) {
		grown := make([]cell, max(need, 2*len(m.mem)))
		copy(grown, m.mem)
		m.mem = grown
	}
	return m.mem[fp : fp+size]
}

// resume executes until there is a reason to return.
func (m *machine) resume() status {
	for {
		if m.steps >= m.pauseAt {
			m.pauseAt = m.steps + quantum
			for g := m.group; g != nil; g = g.outer {
				if g.timed && g.expired.Load(m.rt) != 0 {
					return late
				}
			}
			if m.poll != nil {
				if s := m.poll(m); s != running {
					return s
				}
			}
		}
		var s status
		if entry := m.fn.entry[m.pc]; entry >= 0 && m.log == nil && m.farFromLimits() {
			s = m.fast(entry)
		} else {
			s = m.step()
		}
		if s != running {
			return s
		}
		if m.pc == m.end && len(m.frames) == 0 {
			return stopped
		}
	}
}

// farFromLimits reports whether the fast interpreter, which looks at the limits at backward
// branches, calls and returns only, can't pass one before it looks.
func (m *machine) farFromLimits() bool {
	return m.steps <= min(m.hard, m.maxSteps)-m.unit.longest
}

// fail ends the machine's code with an error at the current instruction.
func (m *machine) fail(kind program.ErrorKind, detail string) status {
	m.err = &program.RunError{
		Kind: kind, Function: m.fn.number, PC: m.pc, Name: m.fn.name,
		Line: m.fn.source.Line(m.pc), Detail: detail,
	}
	return failed
}

// charge counts a built value's size.
func (m *machine) charge(size int64) bool {
	m.memory = addSaturating(m.memory, size)
	return m.memory <= m.maxMemory
}

// advance lets virtual time pass, unless that would pass the deadline.
func (m *machine) advance(to int64) bool {
	if to > m.deadline {
		return false
	}
	m.now = max(m.now, to)
	return true
}

func addSaturating(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
