package vm

import (
	"math"

	"synchrony/models/program"
)

// cell is a value without pointers, so that copying one needs no write barrier
// and the garbage collector never looks at a stack. Strings, lists and maps lie in
// the machine's heap, and their cells have the handle.
type cell struct {
	tag  uint64
	bits uint64
}

// The tags. They are chosen so that one test decides for two operands: the or
// of two tags is 0 for two ints, 1 for two numbers that are not both ints, and
// larger if anything else takes part.
const (
	tagInt   = 0
	tagFloat = 1
	tagNil   = 2
	tagBool  = 4
	tagFunc  = 6 // bits: the function's number
	tagBox   = 8 // bits: a handle
	// tagUndefined and above are what the fast interpreter leaves to the exact one.
	tagUndefined = 16
	// tagInherited is added to the tag of a variable that a worker of a fork got
	// from its parent and has not stored: a join merges those without it.
	tagInherited = 32
)

var undefined = cell{tag: tagUndefined}

func intCell(n int64) cell     { return cell{tagInt, uint64(n)} }
func floatCell(f float64) cell { return cell{tagFloat, math.Float64bits(f)} }

func boolCell(b bool) cell {
	if b {
		return cell{tagBool, 1}
	}
	return cell{tagBool, 0}
}

// own is the cell as if the machine had stored it itself.
func (c cell) own() cell {
	c.tag &^= tagInherited
	return c
}

func (c cell) isUndefined() bool { return c.tag&tagUndefined != 0 }
func (c cell) isNumber() bool    { return c.tag <= tagFloat }

// number is an int's or float's value as a float.
func (c cell) number() float64 {
	if c.tag == tagInt {
		return float64(int64(c.bits))
	}
	return math.Float64frombits(c.bits)
}

// heap holds a machine's strings, lists and maps. Handles below len(fixed) are
// the program's own constants, which all machines share and none changes.
// Values are immutable and nested values are Go values, so that the only roots
// are cells.
type heap struct {
	fixed []program.Value
	boxes []program.Value
	free  []uint64
	first int // collect no sooner than there are so many boxes
	limit int // collect before there are more boxes than this
	marks []bool
}

func (h *heap) get(handle uint64) program.Value {
	if handle < uint64(len(h.fixed)) {
		return h.fixed[handle]
	}
	return h.boxes[handle-uint64(len(h.fixed))]
}

func (h *heap) put(v program.Value) cell {
	if n := len(h.free); n > 0 {
		handle := h.free[n-1]
		h.free = h.free[:n-1]
		h.boxes[handle-uint64(len(h.fixed))] = v
		return cell{tagBox, handle}
	}
	h.boxes = append(h.boxes, v)
	return cell{tagBox, uint64(len(h.fixed) + len(h.boxes) - 1)}
}

// full says that it is time to collect.
func (h *heap) full() bool { return len(h.free) == 0 && len(h.boxes) >= max(h.limit, h.first) }

// collect frees what no root refers to. Roots may be stale: a handle that was freed
// and used again keeps its box alive, no more.
func (h *heap) collect(roots ...[]cell) {
	if cap(h.marks) < len(h.boxes) {
		h.marks = make([]bool, len(h.boxes))
	}
	marks := h.marks[:len(h.boxes)]
	clear(marks)
	fixed := uint64(len(h.fixed))
	for _, cells := range roots {
		for _, c := range cells {
			if i := c.bits - fixed; c.tag&tagBox != 0 && c.bits >= fixed && i < uint64(len(marks)) {
				marks[i] = true
			}
		}
	}
	for i, live := range marks {
		if !live {
			h.boxes[i] = program.Nil
			h.free = append(h.free, fixed+uint64(i))
		}
	}
	h.limit = 2 * (len(h.boxes) - len(h.free))
}

// reset forgets all boxes, whose cells must not be used any more.
func (h *heap) reset() {
	clear(h.boxes)
	h.boxes, h.free, h.limit = h.boxes[:0], h.free[:0], 0
}

// unbox is the value of a cell, which must not be undefined.
func (m *machine) unbox(c cell) program.Value {
	if c.tag&tagBox != 0 {
		return m.heap.get(c.bits)
	}
	return m.unit.plain(c)
}

// plain is the value of a cell that is no box.
func (u *unit) plain(c cell) program.Value {
	switch c.tag &^ tagInherited {
	case tagInt:
		return program.Int(int64(c.bits))
	case tagFloat:
		return program.Float(math.Float64frombits(c.bits))
	case tagBool:
		return program.Bool(c.bits != 0)
	case tagFunc:
		return program.Func(u.functions[c.bits].name)
	default:
		return program.Nil
	}
}

// box is the inverse of unbox.
func (m *machine) box(v program.Value) cell {
	if c, ok := m.unit.scalar(v); ok {
		return c
	}
	if m.heap.full() {
		m.heap.collect(m.mem[:m.top()], m.held)
	}
	return m.heap.put(v)
}

// scalar is the cell of a value that needs no box.
func (u *unit) scalar(v program.Value) (cell, bool) {
	switch v.Kind() {
	case program.NilKind:
		return cell{tag: tagNil}, true
	case program.BoolKind:
		return boolCell(v.AsBool()), true
	case program.IntKind:
		return intCell(v.AsInt()), true
	case program.FloatKind:
		return floatCell(v.AsFloat()), true
	case program.FuncKind:
		return cell{tagFunc, uint64(u.numbers[v.AsString()])}, true
	default:
		return cell{}, false
	}
}

// truth reports whether a cell counts as true.
func (m *machine) truth(c cell) bool {
	switch c.tag {
	case tagInt, tagBool:
		return c.bits != 0
	case tagFloat:
		return math.Float64frombits(c.bits) != 0
	case tagBox:
		return m.heap.get(c.bits).Truth()
	default:
		return c.tag == tagFunc
	}
}
