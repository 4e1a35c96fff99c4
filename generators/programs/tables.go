package programs

import "synchrony/models/program"

// tables is a program in the making, and where it has which name and which constant: each once.
type tables struct {
	program *program.Program
	names   map[string]int32
	values  map[string]int32 // constants by their text
}

// newTables begins a program with an empty main code.
func newTables() *tables {
	return &tables{
		program: &program.Program{Functions: []program.Function{{Name: program.MainName}}}, names: map[string]int32{}, values: map[string]int32{},
	}
}

// name returns the index of a name.
func (t *tables) name(name string) int32 {
	i, ok := t.names[name]
	if !ok {
		i = int32(len(t.program.Names))
		t.program.Names = append(t.program.Names, name)
		t.names[name] = i
	}
	return i
}

// constant returns the index of a constant.
func (t *tables) constant(v program.Value) int32 {
	text := v.String()
	i, ok := t.values[text]
	if !ok {
		i = int32(len(t.program.Constants))
		t.program.Constants = append(t.program.Constants, v)
		t.values[text] = i
	}
	return i
}

// instruction is an operation with none, one or both of its operands.
func instruction(op program.Opcode, operands ...int32) program.Instruction {
	in := program.Instruction{Op: op}
	if len(operands) > 0 {
		in.A = operands[0]
	}
	if len(operands) > 1 {
		in.B = operands[1]
	}
	return in
}
