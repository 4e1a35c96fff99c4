package vm

import (
	"context"
	"fmt"
	"math"
	"strings"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/outcome"
	"synchrony/executor/sched"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
)

// tried is an exercise on some of a program's variables, and what it showed.
type tried struct {
	name     string
	workload program.Workload
	shown    trace.ProgramObservation
}

// everyInstruction tries all instructions on all variables of a program.
type everyInstruction struct {
	machine system
	all     []exercise
}

func (e everyInstruction) Name() string { return e.machine.Name() + ": every instruction" }

func (e everyInstruction) Run(ctx context.Context, rt *sched.Runtime, w program.Workload) ([]tried, error) {
	var all []tried
	variables := len(w.Program.Names)
	for i := range e.all {
		x := &e.all[i]
		for operands := range tuples(variables, x.operands) {
			t := tried{name: x.name, workload: w}
			for k, v := range operands {
				t.name += [...]string{" of ", ", "}[min(k, 1)] + w.Program.Names[v]
			}
			t.workload.Program = exercised(w.Program, x, operands)
			var err error
			if t.shown, err = e.machine.Run(ctx, rt, t.workload); err != nil {
				return nil, err
			}
			all = append(all, t)
		}
	}
	return all, nil
}

// tuples yields every list of k of the numbers below n, the last counting fastest. A list is good until the next.
func tuples(n, k int) func(yield func([]int32) bool) {
	return func(yield func([]int32) bool) {
		list := make([]int32, k)
		for {
			if k > 0 && n == 0 || !yield(list) {
				return
			}
			i := k - 1
			for ; i >= 0 && int(list[i]) == n-1; i-- {
				list[i] = 0
			}
			if i < 0 {
				return
			}
			list[i]++
		}
	}
}

// asSpecified decides V16.
type asSpecified struct{ one checker }

func (asSpecified) Name() string { return "instructions" }

func (c asSpecified) Check(_ program.Workload, all []tried) checkers.Verdict {
	for _, t := range all {
		v := c.one.Check(t.workload, t.shown)
		if v.Status == checkers.Pass {
			v = sameWords(t.workload, t.shown.Outcome.Err)
		}
		if v.Status != checkers.Pass {
			v.Reason = t.name + ": " + v.Reason
			v.Evidence = append(v.Evidence, "the program:")
			v.Evidence = append(v.Evidence, strings.Split(program.Disassemble(t.workload.Program), "\n")...)
			return v
		}
	}
	return checkers.Passed()
}

// sameWords decides whether an error tells of the same values as the specification's. Where a limit strikes, the
// values are open.
func sameWords(w program.Workload, got *program.RunError) checkers.Verdict {
	if got == nil || got.Kind.Limit() {
		return checkers.Passed()
	}
	if want, err := program.Run(w.Program, w.Setup.Limits); err == nil && want.Err != nil && want.Err.Detail != got.Detail {
		return checkers.Failed("wrong words", "the error tells of other values than the specification's",
			"specified: "+want.Err.Detail, "the run's:  "+got.Detail)
	}
	return checkers.Passed()
}

// The operands, by kind, the simplest first; of containers what is in them.
var (
	ints    = []int64{0, 1, 2, -1, 3, 64, 1<<53 + 1, math.MaxInt64, math.MinInt64}
	floats  = []float64{0.5, 1, 0, math.Copysign(0, -1), -2.5, 1 << 53, 1e300, math.Inf(1), math.NaN(), 1 << 63, -(1 << 63)}
	strs    = []string{"", "a", "12", "-1.5", "NaN", "99999999999999999999", "--1", "-", "+1", "0", "9", "/", ":", "Inf", "-Inf", "1E+3", "1e400", "0x1", "1_0"}
	scalars = []program.Value{program.Int(1), program.Int(0), program.String("a"), program.Float(1), program.Bool(true), program.Nil}
)

// drawnOperand draws a value of any kind; false for none.
func drawnOperand(t *rapid.T) (program.Value, bool) {
	scalar := rapid.SampledFrom(scalars)
	switch rapid.SampledFrom([]string{"int", "int", "list", "list", "float", "string", "string", "map", "bool", "nil", "function", "undefined"}).Draw(t, "kind") {
	case "int":
		return program.Int(rapid.SampledFrom(ints).Draw(t, "int")), true
	case "float":
		return program.Float(rapid.SampledFrom(floats).Draw(t, "float")), true
	case "string":
		return program.String(rapid.SampledFrom(strs).Draw(t, "string")), true
	case "bool":
		return program.Bool(rapid.Bool().Draw(t, "bool")), true
	case "function":
		return program.Func(rapid.SampledFrom([]string{"same", "both"}).Draw(t, "function")), true
	case "list":
		items := make([]program.Value, rapid.IntRange(0, 3).Draw(t, "length"))
		for i := range items {
			items[i] = scalar.Draw(t, "element")
		}
		if len(items) == 3 {
			items[2] = program.List(items[2])
		}
		return program.List(items...), true
	case "map":
		entries := make([]program.Entry, rapid.IntRange(0, 2).Draw(t, "size"))
		for i := range entries {
			entries[i] = program.Entry{Key: rapid.SampledFrom(scalars[:3]).Draw(t, "key"), Value: scalar.Draw(t, "value")}
		}
		return program.Map(entries...), true
	case "nil":
		return program.Nil, true
	default:
		return program.Nil, false
	}
}

// neighbour draws a number that is v's, or next to it, as an int or as a float: where floats can't tell ints apart any more, only
// a comparison of the exact numbers is right. It is false of what is no number.
func neighbour(t *rapid.T, v program.Value) (program.Value, bool) {
	step := rapid.SampledFrom([]int64{0, 1, -1}).Draw(t, "step")
	switch v.Kind() {
	case program.IntKind:
		if rapid.Bool().Draw(t, "as a float") {
			return program.Float(float64(v.AsInt())), true
		}
		return program.Int(v.AsInt() + step), true // may wrap
	case program.FloatKind:
		if f := v.AsFloat(); f >= -(1<<63) && f < 1<<63 && rapid.Bool().Draw(t, "as an int") {
			return program.Int(int64(f) + step), true
		}
		return program.Float(math.Nextafter(v.AsFloat(), math.Inf(int(step)))), true
	}
	return v, false
}

// operandNames are the variables that get the operands.
var operandNames = []string{"a", "b"}

// operands draws programs that give two variables their values, but for those that stay undefined.
func operands() *rapid.Generator[program.Workload] {
	return rapid.Custom(func(t *rapid.T) program.Workload {
		b := builder{p: &program.Program{Functions: []program.Function{
			{Name: program.MainName},
			{Name: "same", Params: 1, Locals: []int32{0}, Code: []program.Instruction{{Op: program.LoadName, A: 0}}},
			{Name: "both", Params: 2, Locals: []int32{0, 1}, Code: []program.Instruction{
				{Op: program.LoadName, A: 0}, {Op: program.LoadName, A: 1}, {Op: program.BuildList, A: 2},
			}},
		}}}
		var before program.Value
		for _, name := range operandNames {
			v := b.variable(name)
			value, ok := drawnOperand(t)
			if near, number := neighbour(t, before); number && rapid.IntRange(0, 1).Draw(t, "near the other") == 1 {
				value, ok = near, true
			}
			if before = value; ok {
				b.push(value)
				if value.Kind() == program.ListKind {
					b.grow(rapid.IntRange(0, 2).Draw(t, "more elements"))
				}
				b.emit(program.StoreName, v, 0)
			}
		}
		return program.Workload{Program: b.built(), Setup: program.Setup{
			Mode:    rapid.SampledFrom([]program.Mode{program.Sequential, program.Parallel, program.Auto}).Draw(t, "mode"),
			Workers: 2, ChunkSize: rapid.IntRange(1, 8).Draw(t, "chunk size"), MinChunkSize: 1, Limits: hardLimits,
		}}
	})
}

// grow appends n values to the list on the stack: a machine may have reserved room behind it, which no two lists may share.
func (b *builder) grow(n int) {
	for k := range n {
		b.push(program.Int(int64(k)))
		b.builtin(program.BuiltinAppend, 2)
	}
}

// instructionsAgree is V16.
func instructionsAgree(s system) properties.Testable {
	type condition = properties.Condition[program.Workload, []tried]
	met := func(kind program.ErrorKind) condition {
		return condition{Name: fmt.Sprintf("an error: %v", kind), Holds: func(_ program.Workload, all []tried) bool {
			for _, t := range all {
				if e := t.shown.Outcome.Err; e != nil && e.Kind == kind {
					return true
				}
			}
			return false
		}}
	}
	return &properties.Property[program.Workload, []tried]{
		ID: "V16", Group: Group, Source: properties.Here(0),
		Statement: "every instruction does with operands of every kind what the specification says, and changes none of them",
		System:    everyInstruction{s, exercises()}, Unscheduled: true, Generator: operands(), Codec: codec, Size: size,
		Checkers: []checkers.Checker[program.Workload, []tried]{asSpecified{outcome.Programs()}},
		Sometimes: []condition{
			met(program.TypeError), met(program.ArityError), met(program.ValueError), met(program.IndexError),
			met(program.UndefinedName), met(program.DivisionByZero), met(program.Overflow),
		},
	}
}
