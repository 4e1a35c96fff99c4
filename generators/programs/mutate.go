package programs

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"slices"

	"pgregory.net/rapid"

	"synchrony/generators/choice"
	"synchrony/models/program"
)

// MutatedPrograms returns a generator of programs with one to three edits of their instructions, functions or
// tables, most of which make them invalid. They are cases for the validator: what it accepts, runs
// without an internal error. Note that a mutated program may not end by itself.
func MutatedPrograms(o Options) *rapid.Generator[Drawn] {
	o = o.withDefaults()
	return rapid.Custom(func(t *rapid.T) Drawn {
		s := choice.From(t)
		numbers := drawProgram(s, o)
		edits := drawEdits(s)
		w := makeProgram(numbers, o)
		for _, e := range edits {
			e.apply(w.Program)
		}
		return Drawn{w}
	})
}

// MutatedBinaries returns a generator of bytes that almost are a program's binary form: one to three bytes are
// changed, left out, inserted or cut off. The checksum of half of them is right, or else it
// would be all that a reader ever complains about.
func MutatedBinaries(o Options) *rapid.Generator[[]byte] {
	o = o.withDefaults()
	return rapid.Custom(func(t *rapid.T) []byte {
		s := choice.From(t)
		numbers := drawProgram(s, o)
		edits := drawEdits(s)
		sealed := s.Bits(1) == 0
		data, err := makeProgram(numbers, o).Program.MarshalBinary()
		if err != nil {
			t.Fatalf("%v", err)
		}
		const checksum = 4
		if sealed {
			data = data[:len(data)-checksum]
		}
		for _, e := range edits {
			data = e.applyTo(data)
		}
		if sealed {
			data = binary.BigEndian.AppendUint32(data, crc32.ChecksumIEEE(data))
		}
		return data
	})
}

// edit is the numbers of one edit.
type edit struct {
	kind  int
	at    uint64 // of 16 bits: where, as a share of the whole
	value uint64 // of numberBits
	op    uint64 // of kindBits
}

const atBits = 16

// place returns the position in something of length n > 0.
func (e edit) place(n int) int { return choice.Scale(e.at, atBits, n) }

func drawEdits(s choice.Source) []edit {
	var edits []edit
	size := choice.Length{Min: 1, Max: 3}
	for more := true; more; {
		s.Group(func(s choice.Source) {
			if more = size.More(s, len(edits)); more {
				edits = append(edits, edit{kind: choice.Below(s, editKinds), at: s.Bits(atBits), value: s.Bits(numberBits), op: s.Bits(kindBits)})
			}
		})
	}
	return edits
}

const editKinds = 10

// apply edits a program.
func (e edit) apply(p *program.Program) {
	if len(p.Functions) == 0 {
		return
	}
	f := &p.Functions[choice.Scale(e.op, kindBits, len(p.Functions))]
	if e.kind >= 8 || len(f.Code) == 0 {
		e.applyToTables(p, f)
		return
	}
	at := e.place(len(f.Code))
	in := &f.Code[at]
	opcodes := program.Opcodes()
	switch e.kind {
	case 0: // another operand, near or extreme
		in.A = e.operand(in.A)
	case 1:
		in.B = e.operand(in.B)
	case 2: // another opcode, of the same form if there is one near
		k := choice.Scale(e.op, kindBits, len(opcodes))
		for i := range opcodes {
			if op := opcodes[(k+i)%len(opcodes)]; e.value%4 != 3 && op != in.Op && sameForm(op, in.Op) {
				k = (k + i) % len(opcodes)
				break
			}
		}
		in.Op = opcodes[k]
	case 3:
		in.Op = program.Opcode(e.op)
	case 4:
		f.Code = slices.Delete(f.Code, at, at+1)
	case 5:
		inserted := program.Instruction{Op: program.Nop} // jumps over it lead elsewhere now
		if e.value%2 == 1 {
			inserted = program.Instruction{Op: opcodes[choice.Scale(e.op, kindBits, len(opcodes))], A: int32(of(e.value, 4))}
		}
		f.Code = slices.Insert(f.Code, at, inserted)
	case 6:
		other := of(e.value, len(f.Code))
		f.Code[at], f.Code[other] = f.Code[other], f.Code[at]
	default:
		f.Code = slices.Delete(f.Code, at, len(f.Code))
	}
}

// sameForm reports whether one opcode can stand for the other.
func sameForm(a, b program.Opcode) bool {
	x, _ := a.Info()
	y, _ := b.Info()
	return x.A == y.A && x.B == y.B && x.Pops == y.Pops && x.Pushes == y.Pushes
}

func (e edit) operand(n int32) int32 {
	values := []int32{0, n - 1, n + 1, 1, 2, -1, 7, 64, 256, math.MaxInt32, math.MinInt32, 1 << 20, n + 16}
	return values[of(e.value, len(values))]
}

// applyToTables edits a function's head, a name or a constant.
func (e edit) applyToTables(p *program.Program, f *program.Function) {
	switch form := of(e.value, 10); {
	case form == 0:
		f.Params++
	case form == 1:
		f.Params = -1
	case form == 2:
		f.Name = []string{"", "main", "f1", "no name", "worker_id"}[e.place(5)]
	case form == 3:
		f.Locals = append(f.Locals, int32(e.place(len(p.Names)+2)))
	case form == 4 && len(p.Names) > 0:
		p.Names[e.place(len(p.Names))] = []string{"", "a", "worker_id", "no name", "\xff"}[choice.Scale(e.op, kindBits, 5)]
	case form == 5 && len(p.Names) > 0:
		p.Names = p.Names[:e.place(len(p.Names))]
	case form == 6 && len(p.Constants) > 0:
		p.Constants = p.Constants[:e.place(len(p.Constants))]
	case form == 7 && len(p.Constants) > 0:
		others := []program.Value{program.Func("f1"), program.Func("main"), program.Func("missing"), program.Nil, program.List(program.Func("f1"))}
		p.Constants[e.place(len(p.Constants))] = others[choice.Scale(e.op, kindBits, len(others))]
	case form == 8:
		p.Functions = p.Functions[:e.place(len(p.Functions))]
	default:
		p.Functions = append(p.Functions, *f)
	}
}

// applyTo edits bytes.
func (e edit) applyTo(data []byte) []byte {
	if len(data) == 0 {
		return append(data, byte(e.op))
	}
	at := e.place(len(data))
	switch {
	case e.kind < 4:
		data[at] ^= 1 << of(e.value, 8)
	case e.kind < 6:
		data[at] = []byte{0, 1, 0x7f, 0x80, 0xff, byte(e.op)}[of(e.value, 6)]
	case e.kind < 7:
		return slices.Delete(data, at, at+1)
	case e.kind < 8:
		return slices.Insert(data, at, byte(e.op))
	case e.kind < 9:
		return data[:at]
	default:
		to := min(len(data), at+of(e.value, 20))
		return slices.Insert(data, to, slices.Clone(data[at:to])...)
	}
	return data
}
