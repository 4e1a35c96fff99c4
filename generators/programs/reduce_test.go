package programs

import (
	"testing"

	"synchrony/generators/choice"
	"synchrony/models/program"
)

// adds holds of a program in which two workers of a fork add to a shared variable in the main code, and which does come to its end.
func adds(p *program.Program) bool {
	shapes, err := program.Analyze(p)
	if err != nil {
		return false
	}
	for pc, in := range p.Main().Code {
		if fork := shapes[0].Block[pc]; in.Op == program.AtomicAdd && fork >= 0 && p.Main().Code[fork].A > 1 {
			o, err := program.Run(p, program.Limits{})
			return err == nil && o.Err == nil && len(o.Shared) > 0
		}
	}
	return false
}

// TestReduce: whatever program it starts from, it is reduced to about what the failure needs; what is tried is a program that could have been drawn, and
// there is an end to it.
func TestReduce(t *testing.T) {
	whole := AnyProgram()
	whole.Racy, whole.JoinLimit, whole.Unmatched, whole.Errors = 0, 0, 0, 0
	for _, c := range []struct {
		name    string
		options Options
	}{{"plain", PlainForking()}, {"whole", whole}} {
		t.Run(c.name, func(t *testing.T) {
			started := 0
			for seed := range uint64(400) {
				p := Draw(choice.Seeded(seed), c.options).Program
				if !adds(p) {
					continue
				}
				started++
				if best := reduced(t, p, c.options); instructions(best) > 5 || best.Main().Code[0].A != 2 || len(best.Functions) > 1 {
					t.Errorf("seed %d is left as\n%s", seed, program.Disassemble(best))
				}
			}
			if started < 5 {
				t.Errorf("%d programs to start from", started)
			}
		})
	}
}

// reduced is what is left of a program that adds, and has to.
func reduced(t *testing.T, p *program.Program, o Options) *program.Program {
	t.Helper()
	best, tries := p, 0
	Reduce(p, o, func(c *program.Program) bool {
		if tries++; tries > 20_000 {
			t.Fatalf("more than 20,000 tries from\n%s", program.Disassemble(p))
		}
		again, err := program.Assemble("reduced", []byte(program.Disassemble(c)))
		if err != nil || !again.Equal(c) {
			t.Fatalf("%v: not its text:\n%s", err, program.Disassemble(c))
		}
		if !OneOutcome(c) || o.Plain && !plain(c) {
			t.Fatalf("not within the options:\n%s", program.Disassemble(c))
		}
		if !adds(c) {
			return false
		}
		best = c
		return true
	})
	return best
}

// TestInline: a call is as good as the code that it executes.
func TestInline(t *testing.T) {
	const text = `LOAD_CONST 5
CALL_FUNC_CONST @f 1
STORE_NAME a
LOAD_NAME a
JUMP_IF_FALSE L7
LOAD_NAME a
PRINT
L7:
NOP
.func f(p)
LOAD_NAME p
JUMP_IF_FALSE none
LOAD_NAME p
PRINT
LOAD_CONST 2
RETURN
none:
NOP
.end
`
	p, err := program.Assemble("text", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want, _ := program.Run(p, program.Limits{})
	inline(p, 0, 1, 1)
	got, err := program.Run(p, program.Limits{})
	if err != nil || len(got.Output) != 2 || program.Has(p.Main().Code, program.CallFuncConst) {
		t.Fatalf("%v: it shows %v:\n%s", err, got, program.Disassemble(p))
	}
	if got.Variables = got.Variables[:1]; !got.Same(want) { // beside a, it has the parameter
		t.Errorf("%s\n%s", want.Diff(got), program.Disassemble(p))
	}
}

// TestPlain: plain programs keep to what they say, and all of it occurs.
func TestPlain(t *testing.T) {
	o := PlainForking()
	o.Errors = 30
	used := map[program.Opcode]bool{}
	for seed := range uint64(2000) {
		w := Draw(choice.Seeded(seed), o)
		if !plain(w.Program) || !within(w.Program, o) {
			t.Fatalf("seed %d is not plain:\n%s", seed, w.Format())
		}
		for _, f := range w.Program.Functions {
			for _, in := range f.Code {
				used[in.Op] = true
			}
		}
	}
	for _, op := range PlainOpcodes() {
		if !used[op] {
			t.Errorf("%v is never drawn", op)
		}
	}
}

// TestNotPlain: what a machine in another language need not know is told.
func TestNotPlain(t *testing.T) {
	for text, want := range map[string]bool{
		"LOAD_CONST 9007199254740992\nPRINT\n":                         true,
		"LOAD_CONST 9007199254740992\nLOAD_CONST 1\nADD\nPRINT\n":      false,
		"LOAD_CONST 9007199254740993\nSHARED_WRITE s\n":                false,
		"LOAD_CONST true\nLOAD_CONST 1\nEQ\nPRINT\n":                   false,
		"LOAD_CONST 1\nLOAD_CONST 1\nEQ\nPRINT\n":                      true,
		"LOAD_CONST 1\nLOAD_CONST 0\nDIV\nPRINT\n":                     true,
		"LOAD_CONST nil\nNEG\nPRINT\n":                                 false,
		"LOAD_CONST [1]\nPOP\nLOAD_CONST 1\nCALL_BUILTIN abs 1\nPRINT": false,
	} {
		p, err := program.Assemble("text", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := plain(p); got != want {
			t.Errorf("plain %v, want %v:\n%s", got, want, text)
		}
	}
}
