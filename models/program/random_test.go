package program

import (
	"flag"
	"math"
	"os"
	"testing"

	"pgregory.net/rapid"
)

// TestMain lets every property run on more cases than rapid's hundred, unless asked for another number.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		if err := flag.Set("rapid.checks", "2000"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// drawer draws valid programs by construction: every statement leaves the operand stack as it found it.
type drawer struct {
	t     *rapid.T
	p     *Program
	code  []Instruction
	forks int // open ones
	pure  bool
	stuff int // statements left
}

func (d *drawer) pick(n int, label string) int { return rapid.IntRange(0, n-1).Draw(d.t, label) }

func (d *drawer) emit(op Opcode, a, b int) int {
	d.code = append(d.code, Instruction{op, int32(a), int32(b)})
	return len(d.code) - 1
}

// drawProgram draws a program with tables in no particular order: unused and double constants
// included. Function 1, pure, is the one for PARALLEL_MAP.
func drawProgram(t *rapid.T) *Program {
	p := &Program{Constants: []Value{Func("pure"), Func("any"), Int(1), Int(3), List(Int(2), Int(3))}, Names: []string{"a", "b", WorkerID, "s", "x"}}
	for range rapid.IntRange(1, 6).Draw(t, "constants") {
		if rapid.IntRange(0, 3).Draw(t, "other") > 0 { // mostly ints, lest nearly all runs end with a type error
			p.Constants = append(p.Constants, Int(rapid.Int64Range(-2, 6).Draw(t, "int")))
		} else {
			p.Constants = append(p.Constants, drawValue(t, 2))
		}
	}
	p.Functions = []Function{
		{Name: MainName},
		{Name: "pure", Params: 1, Locals: []int32{4}},
		{Name: "any", Locals: []int32{1}},
	}
	for f := range p.Functions {
		d := &drawer{t: t, p: p, pure: f == 1, stuff: 12}
		if f == 0 { // so that not every program ends at once with an undefined name
			for _, name := range []int{0, 1, 4} {
				d.emit(LoadConst, 2+d.pick(2, "initial"), 0)
				d.emit(StoreName, name, 0)
			}
		}
		d.block(rapid.IntRange(0, 4).Draw(t, "statements"))
		if rapid.Bool().Draw(t, "return") {
			d.expression(2)
			d.emit(Return, 0, 0)
		}
		p.Functions[f].Code = d.code
	}
	return p
}

func (d *drawer) block(n int) {
	for range n {
		if d.stuff--; d.stuff < 0 {
			return
		}
		d.statement()
	}
}

func (d *drawer) statement() {
	switch d.pick(12, "statement") {
	case 0, 1:
		d.expression(1)
		d.emit(StoreName, d.variable(), 0)
	case 2:
		if d.pick(4, "rarely") == 0 {
			d.emit(StoreFunc, d.variable(), d.pick(2, "function"))
		}
	case 3:
		d.expression(1)
		if d.pure {
			d.emit(Pop, 0, 0)
		} else {
			d.emit(Print, 0, 0)
		}
	case 4:
		d.expression(d.pick(2, "depth"))
		if d.pure {
			d.emit(Pop, 0, 0)
		} else {
			d.emit(SharedWrite, d.pick(len(d.p.Names), "shared"), 0)
		}
	case 5: // if
		d.expression(1)
		jump := d.emit([]Opcode{JumpIfFalse, JumpIfTrue}[d.pick(2, "if")], 0, 0)
		d.block(2)
		d.code[jump].A = int32(d.emit(Nop, 0, 0))
	case 6: // loop, perhaps endless
		start := len(d.code)
		d.block(1)
		d.emit(LoadConst, d.constant(), 0)
		d.emit([]Opcode{JumpIfFalse, JumpIfTrue}[d.pick(2, "until")], start, 0)
	case 7, 8:
		d.emit(ForkExecution, rapid.IntRange(1, 3).Draw(d.t, "workers"), 0)
		d.forks++
		d.block(3)
		d.forks--
		d.emit(JoinWorkers, []int{0, 2, 5}[d.pick(3, "timeout")], 0)
	case 9:
		if d.forks == 0 {
			return
		}
		if d.pick(2, "some") == 0 {
			d.emit(BarrierSync, d.pick(2, "barrier"), 0)
			return
		}
		d.emit(LoadName, 2, 0)
		jump := d.emit(JumpIfTrue, 0, 0)
		d.emit(BarrierSync, 0, 0)
		d.code[jump].A = int32(d.emit(Nop, 0, 0))
	case 10:
		if !d.pure {
			d.emit(LoadConst, 2+d.pick(2, "ms"), 0)
			d.emit(CallBuiltin, int(BuiltinWork), 1)
			d.emit(Pop, 0, 0)
		}
	default:
		d.expression(2)
		d.emit(Pop, 0, 0)
	}
}

// variable is one that may be stored.
func (d *drawer) variable() int { return []int{0, 1, 4}[d.pick(3, "variable")] }

func (d *drawer) constant() int { return d.pick(len(d.p.Constants), "constant") }

// expression pushes one value.
func (d *drawer) expression(depth int) {
	if depth == 0 {
		if d.pick(2, "leaf") == 0 {
			d.emit(LoadConst, 2+d.pick(len(d.p.Constants)-2, "constant"), 0)
		} else {
			d.emit(LoadName, []int{0, 1, 4, 0, 1, 4, 0, 1, 4, 2, 3}[d.pick(11, "name")], 0)
		}
		return
	}
	args := func(n int) {
		for range n {
			d.expression(depth - 1)
		}
	}
	switch d.pick(16, "expression") {
	case 10, 11, 12, 13, 14, 15:
		args(2)
		ops := []Opcode{Add, Sub, Mul, Eq, And}
		d.emit(ops[d.pick(len(ops), "operator")], 0, 0)
	case 0, 1:
		args(2)
		ops := []Opcode{Div, Mod, Pow, Neq, Lt, Gt, Lte, Gte, Or, Index}
		d.emit(ops[d.pick(len(ops), "operator")], 0, 0)
	case 2:
		args(1)
		d.emit([]Opcode{Neg, Not}[d.pick(2, "operator")], 0, 0)
	case 3:
		n := d.pick(3, "count")
		args(n)
		d.emit(BuildList, n, 0)
	case 4:
		args(2)
		d.emit(BuildMap, 1, 0)
	case 5:
		b := Builtin(d.pick(int(BuiltinWork), "builtin"))
		args(b.Info().Min)
		d.emit(CallBuiltin, int(b), b.Info().Min)
	case 6:
		d.emit(LoadConst, 4, 0)
		d.emit(ParallelMap, 0, 0)
	case 7:
		d.call(args)
	case 8:
		args(1)
		d.emit(Dup, 0, 0)
		d.emit(Pop, 0, 0)
	default:
		d.shared(args)
	}
}

// call calls a function. A pure one may call itself only: who calls by name or value may reach all.
func (d *drawer) call(args func(int)) {
	switch kind := d.pick(4, "call"); {
	case d.pure || kind == 0:
		args(1)
		d.emit(CallFuncConst, 0, 1)
	case kind == 1:
		d.emit(CallFuncConst, 1, 0)
	case kind == 2:
		args(1)
		d.emit(CallName, d.pick(len(d.p.Names), "name"), 1)
	default:
		args(2)
		d.emit(CallTop, 1, 0)
	}
}

func (d *drawer) shared(args func(int)) {
	name := d.pick(len(d.p.Names), "shared")
	switch kind := d.pick(3, "access"); {
	case d.pure || kind == 0:
		d.emit(SharedRead, name, 0)
	case kind == 1:
		args(1)
		d.emit(AtomicAdd, name, 0)
	default:
		args(2)
		d.emit(AtomicCAS, name, 0)
	}
}

func drawValue(t *rapid.T, depth int) Value {
	kinds := 8
	if depth == 0 {
		kinds = 6
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return Nil
	case 1:
		return Bool(rapid.Bool().Draw(t, "bool"))
	case 2:
		return Int(rapid.OneOf(rapid.Int64Range(-3, 9), rapid.Int64()).Draw(t, "int"))
	case 3:
		special := rapid.SampledFrom([]float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), 1e21, 0.1})
		return Float(rapid.OneOf(special, rapid.Float64()).Draw(t, "float"))
	case 4:
		return String(rapid.OneOf(rapid.StringN(0, 5, -1), rapid.Just("\x00\xff\"\\;")).Draw(t, "string"))
	case 5:
		return Func(rapid.SampledFrom([]string{"pure", "any"}).Draw(t, "function"))
	case 6:
		var items []Value
		for range rapid.IntRange(0, 3).Draw(t, "elements") {
			items = append(items, drawValue(t, depth-1))
		}
		return List(items...)
	default:
		var entries []Entry
		for range rapid.IntRange(0, 3).Draw(t, "entries") {
			key := rapid.SampledFrom([]Value{Bool(true), Int(-1), Int(7), String(""), String("é\n")}).Draw(t, "key")
			entries = append(entries, Entry{key, drawValue(t, depth-1)})
		}
		return Map(entries...)
	}
}

var small = Limits{Steps: 2000, Memory: 1 << 16, CallDepth: 20, Workers: 16}

// TestRandomPrograms takes drawn programs through both forms, runs them, and holds Run against
// the explorer.
func TestRandomPrograms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawProgram(t)
		shapes, err := Analyze(p)
		if err != nil {
			// Only one rule isn't kept by construction: whom a call by name or value in "pure" may reach.
			t.Fatalf("%v\n%s", err, Disassemble(p))
		}
		roundTrip(t, &Workload{Program: p})
		o := mustRun(t, p)
		if again := mustRun(t, p); o.Diff(again) != "" {
			t.Fatalf("two runs differ:\n%s", o.Diff(again))
		}
		all, _ := newExplorer(p, small, shapes).explore(10)
		if len(all) == 0 || all[0].Diff(o) != "" {
			t.Fatalf("the explorer's first outcome is not Run's:\n%s", Disassemble(p))
		}
		if o.Steps > small.Steps || o.Memory > small.Memory+1<<16 {
			t.Fatalf("%d steps, %d bytes", o.Steps, o.Memory)
		}
	})
}

// TestDrawnProgramsEndInManyWays: random tests see outcomes of each of these classes. The programs are the same
// every time, so that no luck decides.
func TestDrawnProgramsEndInManyWays(t *testing.T) {
	seen := make(map[string]int)
	programs := rapid.Custom(drawProgram)
	for seed := range 2000 {
		all, _, err := Outcomes(programs.Example(seed), small, 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) > 1 {
			seen["racy"]++
		}
		if e := all[0].Err; e != nil {
			seen[e.Kind.String()]++
		} else {
			seen["success"]++
		}
	}
	t.Log(seen)
	for _, class := range []string{"success", "racy", "type error", "step limit", "undefined name", "broken barrier", "join timeout"} {
		if seen[class] == 0 {
			t.Errorf("no %s among %v", class, seen)
		}
	}
}

// TestReductionKeepsOutcomes compares the explorer with and without its reductions, where both can finish.
func TestReductionKeepsOutcomes(t *testing.T) {
	compared, several := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := drawProgram(t)
		shapes, err := Analyze(p)
		if err != nil {
			t.Fatal(err)
		}
		explore := func(reduces bool, max int) ([]Outcome, bool) {
			x := newExplorer(p, small, shapes)
			x.reduces = reduces
			return x.explore(max)
		}
		reduced, complete := explore(true, 30)
		naive, naiveComplete := explore(false, 120)
		if !complete || !naiveComplete {
			return
		}
		compared++
		if len(naive) > 1 {
			several++
		}
		if len(reduced) != len(naive) { // the reduced ones are among the naive ones
			t.Fatalf("%d outcomes, %d of all interleavings:\n%s", len(reduced), len(naive), Disassemble(p))
		}
	})
	if !t.Failed() && (compared < 100 || several == 0) {
		t.Errorf("compared %d programs, %d with several outcomes", compared, several)
	}
}

func mustRun(t *rapid.T, p *Program) Outcome {
	o, err := Run(p, small)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestMutatedPrograms edits drawn programs: whatever the validator still accepts runs, and nothing panics.
func TestMutatedPrograms(t *testing.T) {
	accepted, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := drawProgram(t)
		for range rapid.IntRange(1, 3).Draw(t, "edits") {
			code := p.Functions[rapid.IntRange(0, 2).Draw(t, "function")].Code
			if len(code) == 0 {
				continue
			}
			in := &code[rapid.IntRange(0, len(code)-1).Draw(t, "pc")]
			switch rapid.IntRange(0, 2).Draw(t, "edit") {
			case 0:
				in.Op = rapid.SampledFrom(Opcodes()).Draw(t, "op")
			case 1:
				in.A = rapid.Int32Range(-1, 9).Draw(t, "A")
			default:
				in.B = rapid.Int32Range(-1, 2).Draw(t, "B")
			}
		}
		_ = Disassemble(p)
		if _, err := p.MarshalBinary(); err != nil {
			t.Fatal(err)
		}
		if Validate(p) != nil {
			refused++
			return
		}
		accepted++
		mustRun(t, p)
		if _, _, err := Outcomes(p, small, 3); err != nil {
			t.Fatal(err)
		}
	})
	if !t.Failed() && (accepted == 0 || refused == 0) {
		t.Errorf("%d accepted, %d refused", accepted, refused)
	}
}

// TestValueText: value → text → value gives an identical value, and identity is equality of texts.
func TestValueText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, w := drawValue(t, 3), drawValue(t, 3)
		written, err := v.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var got Value
		if err := got.UnmarshalText(written); err != nil || !Identical(got, v) {
			t.Fatalf("%v became %v, %v", v, got, err)
		}
		if err := got.UnmarshalText(append(written, " 1"...)); err == nil || !Identical(got, v) {
			t.Fatalf("%s and more became %v, %v", written, got, err)
		}
		if Identical(v, w) != (v.String() == w.String()) {
			t.Fatalf("%v and %v", v, w)
		}
		if Identical(v, w) && v.Size() != w.Size() {
			t.Fatalf("sizes %d and %d of %v", v.Size(), w.Size(), v)
		}
	})
}

// TestForkOfOne: a single worker does what its block does without a fork, worker_id and
// barriers aside, but that an error undoes it.
func TestForkOfOne(t *testing.T) {
	succeeded, failed := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		plain, forked := drawProgram(t), (*Program)(nil)
		d := &drawer{t: t, p: plain, stuff: 8, code: plain.Main().Code[:6]} // after the initial stores
		d.block(3)
		plain.Functions[0].Code = append([]Instruction{{Op: LoadConst, A: 2}, {Op: Pop}}, d.code...)
		copied := *plain
		forked = &copied
		forked.Functions = append([]Function(nil), plain.Functions...)
		code := []Instruction{{Op: ForkExecution, A: 1}}
		for _, in := range d.code {
			if isJump(in.Op) {
				in.A++
			}
			code = append(code, in)
		}
		forked.Functions[0].Code = append(code, Instruction{Op: JoinWorkers})
		for pc, in := range plain.Functions[0].Code {
			if isJump(in.Op) {
				plain.Functions[0].Code[pc].A += 2
			}
		}
		a, b := mustRun(t, plain), mustRun(t, forked)
		switch {
		case a.Err != nil && a.Err.Kind == UndefinedName, a.Err != nil && a.Err.Kind.Limit(), b.Err != nil && b.Err.Kind.Limit():
		case a.Err == nil:
			succeeded++
			a.Result, b.Result = Nil, Nil
			if a.Diff(b) != "" {
				t.Fatalf("%s%s", a.Diff(b), Disassemble(forked))
			}
		case b.Err == nil || b.Err.Kind != a.Err.Kind || len(b.Variables)+len(b.Output) != 0:
			t.Fatalf("%v became %v\n%s", a.Err, b.Err, Disassemble(forked))
		default:
			failed++
		}
	})
	if !t.Failed() && (succeeded == 0 || failed == 0) {
		t.Errorf("%d succeeded, %d failed", succeeded, failed)
	}
}
