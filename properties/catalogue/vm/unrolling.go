package vm

import (
	"context"
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
)

// unrolled is a program in two forms that mean the same. In looped, each PARALLEL_MAP of the main code is
// a loop that calls the function for one element after another, and gives the variables that the
// function may write their values back. In mapped it is as it was. Both begin with the same
// definitions: a variable without a value could not be given it back.
//
// In a fork, giving a value back would count as a store of the worker: a PARALLEL_MAP
// there, of a function that writes, stays.
type unrolled struct {
	mapped, looped *program.Program
	origin         [2][]int // of each instruction of the two main codes, its place in the original; -1 if it is none
	dropped        []string // variables that the functions may write; an error leaves them open
	scratch        []string // variables of the loops
	loops          int
}

// unroll makes the two forms.
func unroll(p *program.Program) unrolled {
	shapes, err := program.Analyze(p)
	if err != nil { // both forms are to be refused
		return unrolled{mapped: p, looped: p}
	}
	b := &unroller{source: p, inFork: shapes[0].Block}
	var all []int32
	for pc, in := range p.Main().Code {
		if b.applies(pc, in) {
			all = append(all, b.writes(in)...)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	u := unrolled{}
	for _, v := range all {
		u.dropped = append(u.dropped, p.Names[v])
	}
	u.mapped, u.origin[0] = b.build(all, false)
	u.looped, u.origin[1] = b.build(all, true)
	u.scratch, u.loops = u.looped.Names[len(p.Names):], b.loops
	return u
}

// unroller builds one form of a program after the other.
type unroller struct {
	source *program.Program
	inFork []int // of the main code's instructions: program.Shape.Block
	loops  int

	builder
	origin []int // of the code so far, as far as copying has left it behind
	at     int   // the original instruction that is being copied
}

// applies reports whether an instruction is a PARALLEL_MAP to be unrolled.
func (b *unroller) applies(pc int, in program.Instruction) bool {
	return in.Op == program.ParallelMap && (b.inFork[pc] < 0 || len(b.writes(in)) == 0)
}

// writes lists the globals that the function of a PARALLEL_MAP may write. If it calls a function by name or
// value, those are all that any function writes.
func (b *unroller) writes(in program.Instruction) []int32 {
	p := b.source
	var list []int32
	seen := make([]bool, len(p.Functions))
	var visit func(f int)
	visit = func(f int) {
		if seen[f] {
			return
		}
		seen[f] = true
		for _, in := range p.Functions[f].Code {
			switch in.Op {
			case program.StoreName, program.StoreFunc:
				if p.Functions[f].Local(in.A) < 0 {
					list = append(list, in.A)
				}
			case program.CallFuncConst, program.ParallelMap:
				visit(b.callee(in))
			case program.CallName, program.CallTop:
				for g := 1; g < len(p.Functions); g++ {
					visit(g)
				}
			}
		}
	}
	visit(b.callee(in))
	return list
}

func (b *unroller) callee(in program.Instruction) int {
	return b.source.FunctionIndex(b.source.Constants[in.A].AsString())
}

// build copies the main code, after definitions of the variables.
func (b *unroller) build(define []int32, loops bool) (*program.Program, []int) {
	b.builder, b.origin, b.loops, b.at = rebuild(b.source), nil, 0, -1
	for _, v := range define {
		b.push(program.Nil)
		b.emit(program.StoreName, v, 0)
	}
	main := b.source.Main().Code
	start := make([]int32, len(main)+1)
	for pc, in := range main {
		b.copying(pc)
		start[pc] = int32(len(b.code))
		if loops && b.applies(pc, in) {
			b.loop(in)
			b.loops++
		} else {
			b.emit(in.Op, in.A, in.B)
		}
	}
	b.copying(len(main))
	start[len(main)] = int32(len(b.code))
	for i, pc := range b.origin {
		if pc >= 0 && isJump(main[pc].Op) {
			b.code[i].A = start[main[pc].A]
		}
	}
	return b.built(), b.origin
}

// copying says that the code that follows is for the instruction at pc.
func (b *unroller) copying(pc int) {
	for len(b.origin) < len(b.code) {
		b.origin = append(b.origin, b.at)
	}
	b.at = pc
}

func isJump(op program.Opcode) bool {
	return op == program.Jump || op == program.JumpIfFalse || op == program.JumpIfTrue
}

// loop is what a PARALLEL_MAP stands for.
func (b *unroller) loop(in program.Instruction) {
	scratch := func(name string) int32 { return b.variable(fmt.Sprintf("%s_%d", name, b.loops)) }
	list, results, i := scratch("list"), scratch("results"), scratch("i")
	written := b.writes(in)
	slices.Sort(written)
	written = slices.Compact(written)
	saved := make([]int32, len(written))
	b.emit(program.StoreName, list, 0)
	b.emit(program.LoadName, list, 0) // only a list can be appended to: nothing else may be mapped
	b.push(program.Nil)
	b.builtin(program.BuiltinAppend, 2)
	b.emit(program.Pop, 0, 0)
	b.emit(program.BuildList, 0, 0)
	b.emit(program.StoreName, results, 0)
	b.push(program.Int(0))
	b.emit(program.StoreName, i, 0)
	for k, v := range written {
		saved[k] = scratch(b.p.Names[v])
		b.emit(program.LoadName, v, 0)
		b.emit(program.StoreName, saved[k], 0)
	}
	top := int32(len(b.code))
	b.emit(program.LoadName, i, 0)
	b.emit(program.LoadName, list, 0)
	b.builtin(program.BuiltinLen, 1)
	b.emit(program.Lt, 0, 0)
	exit := len(b.code)
	b.emit(program.JumpIfFalse, 0, 0)
	b.emit(program.LoadName, results, 0)
	b.emit(program.LoadName, list, 0)
	b.emit(program.LoadName, i, 0)
	b.emit(program.Index, 0, 0)
	b.emit(program.CallFuncConst, in.A, 1)
	b.builtin(program.BuiltinAppend, 2)
	b.emit(program.StoreName, results, 0)
	for k, v := range written {
		b.emit(program.LoadName, saved[k], 0)
		b.emit(program.StoreName, v, 0)
	}
	b.emit(program.LoadName, i, 0)
	b.push(program.Int(1))
	b.emit(program.Add, 0, 0)
	b.emit(program.StoreName, i, 0)
	b.emit(program.Jump, top, 0)
	b.code[exit].A = int32(len(b.code))
	b.emit(program.LoadName, results, 0)
}

// bothForms is what the two forms of a program showed.
type bothForms struct {
	forms          unrolled
	mapped, looped trace.ProgramObservation
}

// unrolling runs a program in its two forms.
type unrolling struct{ base system }

func (s unrolling) Name() string { return s.base.Name() + ": maps and loops" }

func (s unrolling) Run(ctx context.Context, rt *sched.Runtime, w program.Workload) (b bothForms, err error) {
	b.forms = unroll(w.Program)
	w.Program = b.forms.mapped
	if b.mapped, err = s.base.Run(ctx, rt, w); err != nil {
		return b, err
	}
	w.Program = b.forms.looped
	b.looped, err = s.base.Run(ctx, rt, w)
	return b, err
}

// sameWhenUnrolled decides V7b.
type sameWhenUnrolled struct{}

func (sameWhenUnrolled) Name() string { return "maps and loops" }

func (sameWhenUnrolled) Check(_ program.Workload, b bothForms) checkers.Verdict {
	if b.mapped.End != b.looped.End {
		return checkers.Failed("another end", "the program with PARALLEL_MAP and the one with loops end differently",
			fmt.Sprintf("with PARALLEL_MAP: %d %s", b.mapped.End, b.mapped.Error), fmt.Sprintf("with loops: %d %s", b.looped.End, b.looped.Error))
	}
	mapped, looped := b.forms.comparable(0, b.mapped.Outcome), b.forms.comparable(1, b.looped.Outcome)
	for _, o := range []program.Outcome{mapped, looped} {
		if o.Err != nil && o.Err.Kind.Limit() { // loops take more steps and memory
			return checkers.Passed()
		}
	}
	if diff := mapped.Diff(looped); diff != "" {
		return checkers.Failed("not a map", "the program shows something else if each PARALLEL_MAP is a loop over the list",
			"with PARALLEL_MAP (-), with loops (+):\n"+diff)
	}
	return checkers.Passed()
}

// comparable is an outcome of one of the forms as if it were the original's, without what may differ.
func (u *unrolled) comparable(form int, o program.Outcome) program.Outcome {
	if o.Err != nil && o.Err.Function == 0 && o.Err.PC < len(u.origin[form]) {
		e := *o.Err
		e.PC = u.origin[form][e.PC]
		o.Err = &e
	}
	o.Variables = slices.DeleteFunc(slices.Clone(o.Variables), func(b program.Binding) bool {
		return slices.Contains(u.scratch, b.Name) || o.Err != nil && slices.Contains(u.dropped, b.Name)
	})
	return o
}

// unrolls is V7b: a relation, which needs no specification of PARALLEL_MAP.
func unrolls(s system) properties.Testable {
	type condition = properties.Condition[program.Workload, bothForms]
	met := func(name string, holds func(*bothForms) bool) condition {
		return condition{Name: name, Holds: func(_ program.Workload, b bothForms) bool { return holds(&b) }}
	}
	return &properties.Property[program.Workload, bothForms]{
		ID: "V7b", Group: Group, Source: properties.Here(0),
		Statement: "a program shows the same if each PARALLEL_MAP is a loop that calls the function and drops its writes",
		System:    unrolling{s},
		Generator: workloads(with(programs.Mapping(), func(o *programs.Options) { o.Modes, o.Errors, o.MaxStatements = 10, 20, 10 })),
		Checkers:  []checkers.Checker[program.Workload, bothForms]{sameWhenUnrolled{}},
		Codec:     codec, Size: size, Real: quick,
		Sometimes: []condition{
			met("a loop for a map", func(b *bothForms) bool { return b.forms.loops > 0 }),
			met("a mapped function that writes", func(b *bothForms) bool { return len(b.forms.dropped) > 0 }),
			met("an error", func(b *bothForms) bool { return b.mapped.Outcome.Err != nil }),
			met("a success", func(b *bothForms) bool { return b.mapped.End == trace.ProgramRan && b.mapped.Outcome.Err == nil }),
		},
		Cause:    func(w program.Workload, b bothForms) *properties.Cause { return cause(w, b.mapped) },
		Classify: func(w program.Workload, b bothForms) []string { return classify(w, b.mapped) },
	}
}
