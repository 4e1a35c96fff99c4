package vm

import (
	"math"
	"math/bits"
)

// fast executes the fast form from code index i on, until something is left to the exact interpreter
// (it returns running, with m.pc where that takes over), a pause is due, or the code or chunk ends.
//
// It does not count steps one by one: count+pc is the number of steps executed, so only leaving the
// line changes count, by a constant of the instruction. count is at most look wherever a line is begun or gone
// back to (entries, backward branches, calls, returns), and from there no more than the rest of that function goes
// by before the next such place: so no limit is passed unseen.
//
//nolint:gocyclo // an interpreter's loop is one switch
func (m *machine) fast(i int32) status {
	fn := m.fn
	code := fn.code
	r := m.mem[m.fp : m.fp+fn.size]
	count := m.steps - int64(m.pc)
	look := min(m.hard-m.unit.longest, m.maxSteps-m.unit.longest, m.pauseAt)
	var in *instr
	for {
		in = &code[i]
		i++
		switch in.op {
		case opMove:
			v := r[in.b]
			if v.tag >= tagUndefined {
				goto exact
			}
			r[in.a] = v
		case opLoadGlobal:
			v := m.mem[in.b]
			if v.tag >= tagUndefined {
				goto exact
			}
			r[in.a] = v
		case opStoreGlobal:
			m.mem[in.a] = r[in.b]

		case opAdd:
			x, y := &r[in.b], &r[in.c]
			switch x.tag | y.tag {
			case tagInt:
				s := x.bits + y.bits
				if int64((x.bits^s)&(y.bits^s)) < 0 {
					goto exact
				}
				r[in.a] = cell{tagInt, s}
			case tagFloat:
				r[in.a] = floatCell(x.number() + y.number())
			default:
				goto exact
			}
		case opSub:
			x, y := &r[in.b], &r[in.c]
			switch x.tag | y.tag {
			case tagInt:
				s := x.bits - y.bits
				if int64((x.bits^y.bits)&(x.bits^s)) < 0 {
					goto exact
				}
				r[in.a] = cell{tagInt, s}
			case tagFloat:
				r[in.a] = floatCell(x.number() - y.number())
			default:
				goto exact
			}
		case opMul:
			x, y := &r[in.b], &r[in.c]
			switch x.tag | y.tag {
			case tagInt:
				hi, lo := bits.Mul64(x.bits, y.bits)
				// The high word of the signed product (Warren, Hacker's Delight, section 8-3).
				hi -= uint64(int64(x.bits)>>63)&y.bits + uint64(int64(y.bits)>>63)&x.bits
				if hi != uint64(int64(lo)>>63) {
					goto exact
				}
				r[in.a] = cell{tagInt, lo}
			case tagFloat:
				r[in.a] = floatCell(x.number() * y.number())
			default:
				goto exact
			}
		case opDiv:
			x, y := &r[in.b], &r[in.c]
			switch x.tag | y.tag {
			case tagInt:
				if y.bits == 0 || int64(y.bits) == -1 {
					goto exact
				}
				r[in.a] = intCell(int64(x.bits) / int64(y.bits))
			case tagFloat:
				d := y.number()
				if d == 0 {
					goto exact
				}
				r[in.a] = floatCell(x.number() / d)
			default:
				goto exact
			}
		case opMod:
			x, y := &r[in.b], &r[in.c]
			if x.tag|y.tag != tagInt || y.bits == 0 {
				goto exact
			}
			r[in.a] = intCell(int64(x.bits) % int64(y.bits))
		case opNeg:
			x := &r[in.b]
			switch {
			case x.tag == tagInt && x.bits != 1<<63:
				r[in.a] = cell{tagInt, -x.bits}
			case x.tag == tagFloat:
				r[in.a] = floatCell(-math.Float64frombits(x.bits))
			default:
				goto exact
			}

		case opLess:
			x, y := &r[in.b], &r[in.c]
			switch {
			case x.tag|y.tag == tagInt:
				r[in.a] = boolCell(int64(x.bits) < int64(y.bits))
			case x.tag == tagFloat && y.tag == tagFloat:
				r[in.a] = boolCell(math.Float64frombits(x.bits) < math.Float64frombits(y.bits))
			default:
				goto exact
			}
		case opLessEqual:
			x, y := &r[in.b], &r[in.c]
			switch {
			case x.tag|y.tag == tagInt:
				r[in.a] = boolCell(int64(x.bits) <= int64(y.bits))
			case x.tag == tagFloat && y.tag == tagFloat:
				r[in.a] = boolCell(math.Float64frombits(x.bits) <= math.Float64frombits(y.bits))
			default:
				goto exact
			}
		case opEqual:
			x, y := &r[in.b], &r[in.c]
			if x.tag|y.tag != tagInt {
				goto exact
			}
			r[in.a] = boolCell(x.bits == y.bits)
		case opNotEqual:
			x, y := &r[in.b], &r[in.c]
			if x.tag|y.tag != tagInt {
				goto exact
			}
			r[in.a] = boolCell(x.bits != y.bits)
		case opAnd:
			x, y := &r[in.b], &r[in.c]
			if x.tag != tagBool || y.tag != tagBool {
				goto exact
			}
			r[in.a] = cell{tagBool, x.bits & y.bits}
		case opOr:
			x, y := &r[in.b], &r[in.c]
			if x.tag != tagBool || y.tag != tagBool {
				goto exact
			}
			r[in.a] = cell{tagBool, x.bits | y.bits}
		case opNot:
			x := &r[in.b]
			if x.tag != tagBool {
				goto exact
			}
			r[in.a] = cell{tagBool, x.bits ^ 1}

		case opJump:
			goto branch
		case opBranchTrue:
			x := &r[in.a]
			if x.tag != tagBool {
				goto exact
			}
			if x.bits != 0 {
				goto branch
			}
		case opBranchFalse:
			x := &r[in.a]
			if x.tag != tagBool {
				goto exact
			}
			if x.bits == 0 {
				goto branch
			}
		case opIfLess:
			x, y := &r[in.a], &r[in.b]
			switch {
			case x.tag|y.tag == tagInt:
				if int64(x.bits) < int64(y.bits) {
					goto branch
				}
			case x.tag == tagFloat && y.tag == tagFloat:
				if math.Float64frombits(x.bits) < math.Float64frombits(y.bits) {
					goto branch
				}
			default:
				goto exact
			}
		case opIfNotLess:
			x, y := &r[in.a], &r[in.b]
			switch {
			case x.tag|y.tag == tagInt:
				if int64(x.bits) >= int64(y.bits) {
					goto branch
				}
			case x.tag == tagFloat && y.tag == tagFloat:
				if !(math.Float64frombits(x.bits) < math.Float64frombits(y.bits)) {
					goto branch
				}
			default:
				goto exact
			}
		case opIfLessEqual:
			x, y := &r[in.a], &r[in.b]
			switch {
			case x.tag|y.tag == tagInt:
				if int64(x.bits) <= int64(y.bits) {
					goto branch
				}
			case x.tag == tagFloat && y.tag == tagFloat:
				if math.Float64frombits(x.bits) <= math.Float64frombits(y.bits) {
					goto branch
				}
			default:
				goto exact
			}
		case opIfNotLessEqual:
			x, y := &r[in.a], &r[in.b]
			switch {
			case x.tag|y.tag == tagInt:
				if int64(x.bits) > int64(y.bits) {
					goto branch
				}
			case x.tag == tagFloat && y.tag == tagFloat:
				if !(math.Float64frombits(x.bits) <= math.Float64frombits(y.bits)) {
					goto branch
				}
			default:
				goto exact
			}
		case opIfEqual:
			x, y := &r[in.a], &r[in.b]
			if x.tag|y.tag != tagInt {
				goto exact
			}
			if x.bits == y.bits {
				goto branch
			}
		case opIfNotEqual:
			x, y := &r[in.a], &r[in.b]
			if x.tag|y.tag != tagInt {
				goto exact
			}
			if x.bits != y.bits {
				goto branch
			}

		case opCall:
			callee := &m.unit.functions[in.a]
			if m.depth >= m.run.limits.CallDepth {
				goto exact
			}
			if count+int64(in.d) > look {
				goto exact
			}
			m.frames = append(m.frames, frame{fn, m.fp, int(in.d)})
			m.depth++
			m.fp += int(in.b)
			fn = callee
			if m.fp+fn.size <= len(m.mem) {
				r = m.mem[m.fp : m.fp+fn.size]
			} else {
				r = m.reserve(m.fp, fn.size)
			}
			for j, v := range fn.template {
				r[fn.params+j] = v
			}
			count += int64(in.d)
			code = fn.code
			i = 0
		case opReturn:
			v := r[in.a]
			if v.tag >= tagUndefined {
				goto exact
			}
			if len(m.frames) == 0 {
				m.result = v
				m.fn, m.pc, m.steps = fn, int(in.d), count+int64(in.d)
				return done
			}
			r[0] = v
			goto leave
		case opReturnNil:
			if len(m.frames) == 0 {
				m.result = cell{tag: tagNil}
				m.fn, m.pc, m.steps = fn, int(in.d), count+int64(in.d)
				return done
			}
			r[0] = cell{tag: tagNil}
			goto leave

		case opStop: // only who is in the chunk before comes here
			m.fn, m.pc = fn, int(in.pc)
			m.steps = count + int64(in.pc)
			return stopped
		default: // opExact
			goto exact
		}
		continue

	branch:
		count += int64(in.d)
		i = in.c
		if in.d > 0 && count > look {
			m.fn, m.pc = fn, int(code[i].pc) // only instructions that do nothing come before it
			m.steps = count + int64(m.pc)
			return running
		}
		continue

	leave:
		caller := &m.frames[len(m.frames)-1]
		m.frames = m.frames[:len(m.frames)-1]
		m.depth--
		count += int64(in.d) - int64(caller.pc)
		fn, m.fp = caller.fn, caller.fp
		if count > look {
			m.fn, m.pc = fn, caller.pc
			m.steps = count + int64(m.pc)
			return running
		}
		r = m.mem[m.fp : m.fp+fn.size]
		code = fn.code
		i = fn.entry[caller.pc]
	}

exact:
	m.fn, m.pc = fn, int(in.pc)
	m.steps = count + int64(in.pc)
	return m.step()
}
