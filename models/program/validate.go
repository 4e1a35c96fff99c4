package program

import (
	"fmt"
	"strconv"
)

// maxConstant bounds a constant's Size, in bytes.
const maxConstant = 1 << 26

// Validate reports the first reason, in program order, why p can't be run, as an
// [*InvalidError]; nil if there is none. A valid program runs without an internal error: it
// ends with a result, or with a [RunError].
//
// Instructions that no path reaches are checked too, but for the depth of the stack.
func Validate(p *Program) error {
	_, err := Analyze(p)
	return err
}

// Analyze validates p and returns the shape of each function.
func Analyze(p *Program) ([]Shape, error) {
	if p == nil {
		return nil, invalid("there is none")
	}
	v := &validator{p: p}
	if err := v.program(); err != nil {
		return nil, err
	}
	shapes := make([]Shape, len(p.Functions))
	for f := range p.Functions {
		shape, err := v.function(f)
		if err != nil {
			return nil, err
		}
		shapes[f] = shape
	}
	if err := v.maps(); err != nil {
		return nil, err
	}
	return shapes, nil
}

type validator struct {
	p         *Program
	functions map[string]int
}

func invalid(format string, args ...any) *InvalidError {
	return &InvalidError{Function: -1, PC: -1, What: fmt.Sprintf(format, args...)}
}

// at builds an error at an instruction, or at the function if pc is -1.
func (v *validator) at(f, pc int, format string, args ...any) *InvalidError {
	fn := &v.p.Functions[f]
	return &InvalidError{Function: f, PC: pc, Name: fn.Name, Line: fn.Line(pc), What: fmt.Sprintf(format, args...)}
}

// program checks the tables: names, functions, constants. Its result is an error, not an
// *InvalidError, lest a nil pointer be taken for an error.
func (v *validator) program() error {
	p := v.p
	if len(p.Names) > MaxNames || len(p.Constants) > MaxConstants || len(p.Functions) > MaxFunctions {
		return invalid("too large: %d names (at most %d), %d constants (%d), %d functions (%d)",
			len(p.Names), MaxNames, len(p.Constants), MaxConstants, len(p.Functions), MaxFunctions)
	}
	if len(p.Functions) == 0 || p.Functions[0].Name != MainName {
		return invalid("the first function must be the main code, named %s", MainName)
	}
	if len(p.Functions[0].Locals) > 0 || p.Functions[0].Params != 0 {
		return invalid("the main code can't have parameters or locals: its variables are the globals")
	}
	names := make(map[string]bool, len(p.Names))
	for i, name := range p.Names {
		if !validName(name) {
			return invalid("name %d, %q, is not of letters, digits, _ and dots, starting with a letter or _", i, shorten(name))
		}
		if names[name] {
			return invalid("name %d, %s, is there twice", i, name)
		}
		names[name] = true
	}
	v.functions = make(map[string]int, len(p.Functions))
	for f := range p.Functions {
		if err := v.header(f); err != nil {
			return err
		}
	}
	for i, c := range p.Constants {
		if c.Size() > maxConstant {
			return invalid("constant %d is larger than %d bytes", i, maxConstant)
		}
		if what := v.constant(c, 0); what != "" {
			return invalid("constant %d: %s", i, what)
		}
	}
	return nil
}

// header checks all of a function but its code.
func (v *validator) header(f int) error {
	fn := &v.p.Functions[f]
	switch _, twice := v.functions[fn.Name]; {
	case !validName(fn.Name):
		return invalid("function %d's name %q is not of letters, digits, _ and dots, starting with a letter or _", f, shorten(fn.Name))
	case twice:
		return invalid("two functions are named %s", fn.Name)
	case fn.Params < 0 || fn.Params > len(fn.Locals):
		return v.at(f, -1, "%d of %d locals can't be parameters", fn.Params, len(fn.Locals))
	case len(fn.Locals) > MaxLocals:
		return v.at(f, -1, "%d locals, at most %d are possible", len(fn.Locals), MaxLocals)
	case len(fn.Code) > MaxCode:
		return v.at(f, -1, "%d instructions, at most %d are possible", len(fn.Code), MaxCode)
	}
	v.functions[fn.Name] = f
	for i, local := range fn.Locals {
		switch {
		case local < 0 || int(local) >= len(v.p.Names):
			return v.at(f, -1, "local %d has name %d, but there are %d names", i, local, len(v.p.Names))
		case v.p.Names[local] == WorkerID:
			return v.at(f, -1, "%s can't be a local", WorkerID)
		case fn.Local(local) != i:
			return v.at(f, -1, "local %s is there twice", v.p.Names[local])
		}
	}
	return nil
}

// constant says what is wrong with a constant, or "".
func (v *validator) constant(c Value, nesting int) string {
	switch {
	case nesting > MaxNesting:
		return fmt.Sprintf("nested deeper than %d", MaxNesting)
	case c.kind == FuncKind && c.AsString() == MainName:
		return "the main code can't be a function value"
	case c.kind == FuncKind:
		if _, ok := v.functions[c.AsString()]; !ok {
			return "there is no function " + strconv.Quote(shorten(c.AsString()))
		}
	}
	for _, item := range c.items() {
		if what := v.constant(item, nesting+1); what != "" {
			return what
		}
	}
	return ""
}

// function checks a function's code.
func (v *validator) function(f int) (Shape, error) {
	code := v.p.Functions[f].Code
	for pc, in := range code {
		if err := v.instruction(f, pc, in); err != nil {
			return Shape{}, err
		}
	}
	shape := newShape(len(code))
	if err := v.blocks(f, &shape); err != nil {
		return Shape{}, err
	}
	if err := v.depths(f, &shape); err != nil {
		return Shape{}, err
	}
	return shape, nil
}

// instruction checks the opcode, its operands, and what they name.
func (v *validator) instruction(f, pc int, in Instruction) error {
	info, ok := in.Op.Info()
	if !ok {
		return v.at(f, pc, "unknown opcode %d", uint16(in.Op))
	}
	for i, operand := range []struct {
		kind  OperandKind
		value int32
	}{{info.A, in.A}, {info.B, in.B}} {
		if what := v.operand(f, operand.kind, int(operand.value)); what != "" {
			return v.at(f, pc, "%v: operand %c: %s", in.Op, 'A'+i, what)
		}
	}
	if what := v.arity(in); what != "" {
		return v.at(f, pc, "%v: %s", in.Op, what)
	}
	if info.Effects&WritesVariable != 0 && v.p.Names[in.A] == WorkerID {
		return v.at(f, pc, "%v: %s can't be stored", in.Op, WorkerID)
	}
	return nil
}

// operand says what is wrong with an operand, or "".
func (v *validator) operand(f int, kind OperandKind, n int) string {
	within := func(what string, low, high int) string {
		if n < low || n > high {
			return fmt.Sprintf("%s %d is not in %d…%d", what, n, low, high)
		}
		return ""
	}
	switch kind {
	case NoOperand:
		return within("unused operand", 0, 0)
	case ConstOperand:
		return within("constant", 0, len(v.p.Constants)-1)
	case FuncOperand:
		if what := within("constant", 0, len(v.p.Constants)-1); what != "" {
			return what
		}
		if c := v.p.Constants[n]; c.kind != FuncKind {
			return fmt.Sprintf("constant %d is a %v, not a function", n, c.kind)
		}
		return ""
	case NameOperand, SharedOperand:
		return within("name", 0, len(v.p.Names)-1)
	case TargetOperand:
		return within("target", 0, len(v.p.Functions[f].Code)-1)
	case CountOperand:
		return within("count", 0, MaxStack)
	case BuiltinOperand:
		return within("builtin", 0, int(builtinCount)-1)
	case WorkersOperand:
		return within("number of workers", 1, MaxWorkers)
	case TimeoutOperand:
		return within("timeout", 0, MaxTimeout)
	default:
		return within("barrier", 0, MaxBarrier)
	}
}

// arity checks the number of arguments where the callee is known. It says what is wrong, or "".
func (v *validator) arity(in Instruction) string {
	given := int(in.B)
	switch in.Op {
	case CallBuiltin:
		info := Builtin(in.A).Info()
		if given < info.Min || info.Max >= 0 && given > info.Max {
			return fmt.Sprintf("%s takes %s, not %d", info.Name, info.takes(), given)
		}
		return ""
	case ParallelMap:
		given = 1
	case CallFuncConst:
	default:
		return ""
	}
	callee := &v.p.Functions[v.callee(in)]
	if callee.Params != given {
		return fmt.Sprintf("function %s takes %d arguments, not %d", callee.Name, callee.Params, given)
	}
	return ""
}

// callee returns the function that the instruction's function constant A names.
func (v *validator) callee(in Instruction) int { return v.functions[v.p.Constants[in.A].AsString()] }

func shorten(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

// validName reports whether the assembler can read the name.
func validName(name string) bool {
	if name == "" || len(name) > MaxName {
		return false
	}
	for i := range len(name) {
		if !nameByte(name[i], i > 0) {
			return false
		}
	}
	return true
}

// nameByte reports whether c may occur in a name; digits and dots may not start one.
func nameByte(c byte, inside bool) bool {
	letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
	return letter || inside && (c >= '0' && c <= '9' || c == '.')
}
