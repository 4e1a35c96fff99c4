package programs

import (
	"slices"
	"testing"

	"synchrony/models/program"
)

// TestShapesAreValidAndEnd: every program is valid and ends, most of them without an error; and a program has what no compiler writes.
func TestShapesAreValidAndEnd(t *testing.T) {
	const cases = 400
	erred := 0
	met := map[string]int{}
	for seed := range cases {
		p := Shapes().Example(seed).Program
		if err := program.Validate(p); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, program.Disassemble(p))
		}
		if again := Shapes().Example(seed).Program; !again.Equal(p) {
			t.Fatalf("seed %d gives two programs", seed)
		}
		outcome, err := program.Run(p, program.Limits{Steps: 20_000})
		if err != nil {
			t.Fatal(err)
		}
		if e := outcome.Err; e != nil {
			erred++
			if e.Kind.Limit() {
				t.Fatalf("seed %d: %v\n%s", seed, e, program.Disassemble(p))
			}
		}
		for _, what := range shapesOf(p) {
			met[what]++
		}
	}
	if erred < cases/20 || erred > cases/2 {
		t.Errorf("%d of %d programs err", erred, cases)
	}
	for what, least := range map[string]int{
		"a jump to the next instruction": 20, "a value that a branch tests, and that stays": 20, "a variable stored while its value is on the stack": 20,
		"a fork in a fork": 20, "a function in a list or map": 10, "a local that is a global elsewhere": 20, "a result above other values": 20,
	} {
		if met[what] < least {
			t.Errorf("%s: in %d of %d programs, want %d", what, met[what], cases, least)
		}
	}
}

// shapesOf names what is special about a program's code, each once.
func shapesOf(p *program.Program) []string {
	var all []string
	note := func(what string, holds bool) {
		if holds && !slices.Contains(all, what) {
			all = append(all, what)
		}
	}
	shapes, err := program.Analyze(p)
	if err != nil {
		return nil
	}
	for f := range p.Functions {
		code, depth := p.Functions[f].Code, 0
		for pc, in := range code {
			var before program.Instruction
			if pc > 0 {
				before = code[pc-1]
			}
			conditional := in.Op == program.JumpIfFalse || in.Op == program.JumpIfTrue
			note("a jump to the next instruction", conditional && int(in.A) == pc+1)
			note("a value that a branch tests, and that stays", conditional && before.Op == program.Dup)
			note("a variable stored while its value is on the stack", in.Op == program.StoreName && pc > 1 && code[pc-2] == (program.Instruction{Op: program.LoadName, A: in.A}))
			note("a result above other values", in.Op == program.Return && shapes[f].Depth[pc] > 1)
			switch in.Op {
			case program.ForkExecution:
				depth++
			case program.JoinWorkers:
				depth--
			}
			note("a fork in a fork", depth > 1)
			note("a local that is a global elsewhere", in.Op == program.StoreName && f > 0 && p.Functions[f].Local(in.A) < 0 && hidden(p, in.A))
		}
	}
	note("a function in a list or map", slices.ContainsFunc(p.Constants, func(v program.Value) bool {
		return v.Kind() == program.MapKind || v.Kind() == program.ListKind && v.Len() == 2 && v.Elements()[1].Kind() == program.FuncKind
	}))
	return all
}

// hidden reports whether a name is a local of some function.
func hidden(p *program.Program, name int32) bool {
	return slices.ContainsFunc(p.Functions, func(f program.Function) bool { return f.Local(name) >= 0 })
}
