package vm

import (
	"slices"

	"synchrony/models/program"
)

// builder writes new main code for a copy of a program.
type builder struct {
	p    *program.Program
	code []program.Instruction
}

// rebuild begins with no code at all. The program itself stays as it is.
func rebuild(p *program.Program) builder {
	c := *p
	c.Constants, c.Names, c.Functions = slices.Clone(p.Constants), slices.Clone(p.Names), slices.Clone(p.Functions)
	return builder{p: &c}
}

// built is the copy with the code.
func (b *builder) built() *program.Program {
	b.p.Functions[0].Code, b.p.Functions[0].Lines, b.p.Expect = b.code, nil, nil
	return b.p
}

func (b *builder) emit(op program.Opcode, x, y int32) {
	b.code = append(b.code, program.Instruction{Op: op, A: x, B: y})
}

func (b *builder) builtin(f program.Builtin, n int32) { b.emit(program.CallBuiltin, int32(f), n) }

func (b *builder) constant(v program.Value) int32 {
	for i, c := range b.p.Constants {
		if program.Identical(c, v) {
			return int32(i)
		}
	}
	b.p.Constants = append(b.p.Constants, v)
	return int32(len(b.p.Constants) - 1)
}

// push writes code that leaves a value on the stack. Lists and maps are built, anew in each run.
func (b *builder) push(v program.Value) {
	switch v.Kind() {
	case program.ListKind:
		for _, e := range v.Elements() {
			b.push(e)
		}
		b.emit(program.BuildList, int32(v.Len()), 0)
	case program.MapKind:
		for _, e := range v.Entries() {
			b.push(e.Key)
			b.push(e.Value)
		}
		b.emit(program.BuildMap, int32(v.Len()), 0)
	default:
		b.emit(program.LoadConst, b.constant(v), 0)
	}
}

// variable makes a variable that the program does not have.
func (b *builder) variable(name string) int32 {
	for slices.Contains(b.p.Names, name) {
		name += "_"
	}
	b.p.Names = append(b.p.Names, name)
	return int32(len(b.p.Names) - 1)
}
