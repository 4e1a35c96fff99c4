package program

import (
	"fmt"
	"strings"
)

// Disassemble returns p's text. For a valid program, assembling that gives an equal one
// ([Program.Equal], and the same expectations). Tables are
// printed only where they differ from what the assembler would put together. For an invalid
// one the text shows numbers where there is nothing to name.
func Disassemble(p *Program) string {
	d := &disassembler{p: p, pool: newPool(p.Constants, nil)}
	if p.Expect != nil {
		p.Expect.format(&d.b)
	}
	d.tables()
	for f := range p.Functions {
		d.function(f)
	}
	return d.b.String()
}

type disassembler struct {
	p    *Program
	pool *pool // finds the first of identical constants
	b    strings.Builder
}

// tables prints .const and .name lines, unless the code alone gives the same tables.
func (d *disassembler) tables() {
	used := newPool(nil, nil)
	for f := range d.p.Functions {
		d.use(&d.p.Functions[f], used)
	}
	same := len(used.constants) == len(d.p.Constants)
	for i := 0; same && i < len(used.constants); i++ {
		same = Identical(used.constants[i], d.p.Constants[i])
	}
	if !same {
		for _, c := range d.p.Constants {
			fmt.Fprintf(&d.b, ".const %v\n", c)
		}
	}
	same = len(used.names) == len(d.p.Names)
	for i := 0; same && i < len(used.names); i++ {
		same = used.names[i] == d.p.Names[i]
	}
	if !same {
		for _, name := range d.p.Names {
			fmt.Fprintf(&d.b, ".name %s\n", name)
		}
	}
}

// use adds what a function uses to a pool, in the assembler's order.
func (d *disassembler) use(fn *Function, used *pool) {
	for _, local := range fn.Locals {
		if name, ok := d.name(local); ok {
			used.addName(name)
		}
	}
	for _, in := range fn.Code {
		info, _ := in.Op.Info()
		for _, o := range []struct {
			kind OperandKind
			n    int32
		}{{info.A, in.A}, {info.B, in.B}} {
			switch o.kind {
			case ConstOperand, FuncOperand:
				if c, ok := d.constant(o.n); ok {
					used.addConstant(c)
				}
			case NameOperand, SharedOperand:
				if name, ok := d.name(o.n); ok {
					used.addName(name)
				}
			}
		}
	}
}

func (d *disassembler) name(n int32) (string, bool) {
	if n < 0 || int(n) >= len(d.p.Names) {
		return "", false
	}
	return d.p.Names[n], true
}

// constant returns a constant that its literal means: the first of the identical ones.
func (d *disassembler) constant(n int32) (Value, bool) {
	if n < 0 || int(n) >= len(d.p.Constants) || d.pool.constant[d.p.Constants[n].String()] != n {
		return Nil, false
	}
	return d.p.Constants[n], true
}

func (d *disassembler) function(f int) {
	fn := &d.p.Functions[f]
	indent := ""
	if f > 0 {
		indent = "    "
		params := min(max(fn.Params, 0), len(fn.Locals))
		fmt.Fprintf(&d.b, "\n.func %s(%s)", fn.Name, d.list(fn.Locals[:params]))
		if params < len(fn.Locals) {
			fmt.Fprintf(&d.b, " locals(%s)", d.list(fn.Locals[params:]))
		}
		d.b.WriteByte('\n')
	}
	targets := make([]bool, len(fn.Code))
	for _, in := range fn.Code {
		if isJump(in.Op) && in.A >= 0 && int(in.A) < len(fn.Code) {
			targets[in.A] = true
		}
	}
	for pc, in := range fn.Code {
		if targets[pc] {
			fmt.Fprintf(&d.b, "L%d:\n", pc)
		}
		fmt.Fprintf(&d.b, "%s%s\n", indent, d.instruction(fn, in))
	}
	if f > 0 {
		d.b.WriteString(".end\n")
	}
}

func (d *disassembler) list(locals []int32) string {
	var names []string
	for _, n := range locals {
		name, ok := d.name(n)
		if !ok {
			name = fmt.Sprintf("#%d", n)
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// Listing returns the text of each instruction of Functions[f], without labels.
func Listing(p *Program, f int) []string {
	d := &disassembler{p: p, pool: newPool(p.Constants, nil)}
	var lines []string
	for _, in := range p.Functions[f].Code {
		lines = append(lines, d.instruction(&p.Functions[f], in))
	}
	return lines
}

func (d *disassembler) instruction(fn *Function, in Instruction) string {
	info, ok := in.Op.Info()
	if !ok {
		return fmt.Sprintf("%v %d %d", in.Op, in.A, in.B)
	}
	text := info.Name
	if info.A != NoOperand {
		text += " " + d.operand(fn, info.A, in.A)
	}
	if info.B != NoOperand {
		text += " " + d.operand(fn, info.B, in.B)
	}
	return text
}

func (d *disassembler) operand(fn *Function, kind OperandKind, n int32) string {
	switch kind {
	case ConstOperand, FuncOperand:
		if c, ok := d.constant(n); ok && (kind == ConstOperand || c.kind == FuncKind) {
			return c.String()
		}
	case NameOperand, SharedOperand:
		if name, ok := d.name(n); ok {
			return name
		}
	case TargetOperand:
		if n >= 0 && int(n) < len(fn.Code) {
			return fmt.Sprintf("L%d", n)
		}
	case BuiltinOperand:
		if n >= 0 && n < int32(builtinCount) {
			return Builtin(n).String()
		}
	default:
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("#%d", n)
}

// Unset reports whether a number in a line of assembler text means that nothing is set: a timeout of 0, which is none.
func Unset(line string, number int64) bool {
	name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	op, known := opcodeNamed(name)
	return known && infos[op].A == TimeoutOperand && number == 0
}
