package smt

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"synchrony/checkers"
	"synchrony/models/program"
)

// chunks assembles two chunks, each a line of instructions separated by ";".
func chunks(t testing.TB, first, second string) (*program.Program, Chunk, Chunk) {
	t.Helper()
	lines := func(s string) []string {
		if s == "" {
			return nil
		}
		return strings.Split(s, ";")
	}
	a, b := lines(first), lines(second)
	p, err := program.Assemble("test.zxasm", []byte(strings.Join(append(slices.Clone(a), b...), "\n")))
	if err != nil {
		t.Fatal(err)
	}
	isLabel := func(s string) bool { return strings.HasSuffix(s, ":") }
	n, all := len(slices.DeleteFunc(a, isLabel)), len(p.Main().Code)
	return p, Chunk{0, n}, Chunk{n, all}
}

const (
	addToX  = "LOAD_NAME x;LOAD_CONST 1;ADD;STORE_NAME x"
	subOfX  = "LOAD_NAME x;LOAD_CONST 3;SUB;STORE_NAME x"
	zeroX   = "LOAD_CONST 0;STORE_NAME x"
	remX    = "LOAD_NAME x;LOAD_CONST 5;MOD;STORE_NAME x"
	divByX  = "LOAD_CONST 10;LOAD_NAME x;DIV;STORE_NAME y"
	copyXY  = "LOAD_NAME x;STORE_NAME y"
	setY    = "LOAD_CONST 2;STORE_NAME y"
	touchX  = "LOAD_NAME x;STORE_NAME x"
	flagOfX = "LOAD_NAME x;LOAD_NAME x;EQ;STORE_NAME f"
	isF     = "LOAD_NAME f;NOT;STORE_NAME g"
)

func TestCommuteNamed(t *testing.T) {
	for _, c := range []struct {
		name, first, second string
		want                checkers.Status
		method              Method
		rule                string
	}{
		{"nothing", "", "", checkers.Pass, ByFootprints, ""},
		{"apart", addToX, setY, checkers.Pass, ByFootprints, ""},
		{"apart, and both may fail", divByX, "LOAD_NAME z;LOAD_NAME w;DIV;STORE_NAME v", checkers.Pass, ByFootprints, ""},
		{"both read", copyXY, "LOAD_NAME x;STORE_NAME z", checkers.Pass, ByFootprints, ""},
		{"apart, with a branch", "LOAD_NAME x;JUMP_IF_FALSE end;LOAD_CONST 1;STORE_NAME x;end:;NOP", setY, checkers.Pass, ByFootprints, ""},
		{"read and written", addToX, copyXY, checkers.Fail, ByReplay, VariablesDepend},
		{"both write", zeroX, "LOAD_CONST 1;STORE_NAME x", checkers.Fail, ByReplay, VariablesDepend},
		{"both write the same", zeroX, zeroX, checkers.Pass, ByExpressions, ""},
		{"written as it was, unless undefined", touchX, copyXY, checkers.Pass, BySolver, ""},
		{"sums that may overflow", addToX, subOfX, checkers.Fail, ByReplay, ErrorDepends},
		{"modulo twice", remX, remX, checkers.Pass, BySolver, ""},
		{"division by what was made 0", divByX, zeroX, checkers.Fail, ByReplay, ErrorDepends},
		{"it defines what the other needs", copyXY, zeroX, checkers.Fail, ByReplay, ErrorDepends},
		{"bools", flagOfX, isF, checkers.Fail, ByReplay, ErrorDepends},
		{"ints and bools do not add", flagOfX, "LOAD_NAME f;LOAD_CONST 1;ADD;STORE_NAME g", checkers.Fail, ByReplay, ErrorDepends},
		{"stored before an error", "LOAD_CONST 7;STORE_NAME x", "LOAD_CONST 0;STORE_NAME x;LOAD_NAME q;LOAD_CONST 0;DIV;POP", checkers.Pass, ByExpressions, ""},
		{"unfinished work", "LOAD_CONST 7;STORE_NAME x", "LOAD_CONST true;LOAD_NAME x;DUP;STORE_NAME y;POP;LOAD_CONST 1;ADD;POP", checkers.Fail, ByReplay, ErrorDepends},
		{"a print of what the other writes", "LOAD_NAME x;PRINT", "LOAD_CONST 1;STORE_NAME x", checkers.Unknown, "", ""},
		{"one prints", "LOAD_NAME x;PRINT", setY, checkers.Pass, ByFootprints, ""},
		{"both print", "LOAD_NAME x;PRINT", "LOAD_NAME y;PRINT", checkers.Unknown, "", ""},
		{"a fork apart", "FORK_EXECUTION 2;LOAD_CONST 1;STORE_NAME x;JOIN_WORKERS 10", setY, checkers.Pass, ByFootprints, ""},
		{"shared variables", "SHARED_READ s;STORE_NAME x", setY, checkers.Unknown, "", ""},
		{"a return", "RETURN", setY, checkers.Unknown, "", ""},
		{"branches", "LOAD_NAME x;JUMP_IF_FALSE end;LOAD_CONST 1;STORE_NAME x;end:;NOP", addToX, checkers.Unknown, "", ""},
		{"floats", "LOAD_CONST 1.5;STORE_NAME x", addToX, checkers.Unknown, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, a, b := chunks(t, c.first, c.second)
			r := New(patient).Commute(p, a, b)
			if r.Status != c.want && withoutZ3(t, r.Result) {
				return
			}
			if r.Status != c.want || r.Method != c.method || r.Rule != c.rule {
				t.Errorf("%v by %q, rule %q, want %v by %q, rule %q: %s", r.Status, r.Method, r.Rule, c.want, c.method, c.rule, r.Reason)
			}
			if (r.Counterexample != nil) != (c.want == checkers.Fail) || c.want != checkers.Pass && r.Reason == "" {
				t.Errorf("%q, %v", r.Reason, r.Counterexample)
			}
		})
	}
}

// TestCommuteUnfinished has a chunk store what it read, and then fail in any case.
func TestCommuteUnfinished(t *testing.T) {
	p, a, b := chunks(t, "LOAD_CONST 7;STORE_NAME x;LOAD_CONST 1;STORE_NAME z", "LOAD_NAME z;POP;LOAD_NAME x;LOAD_CONST 1;DUP;EQ;STORE_NAME g;STORE_NAME y;LOAD_CONST 1;LOAD_CONST 0;DIV;POP")
	r := New(patient).Commute(p, a, b)
	if withoutZ3(t, r.Result) {
		return
	}
	if r.Status != checkers.Fail || r.Rule != ErrorDepends {
		t.Fatalf("%v %s: %s", r.Status, r.Rule, r.Reason)
	}
	p, a, b = chunks(t, "LOAD_NAME x;LOAD_CONST 2;MOD;STORE_NAME x", "LOAD_NAME x;STORE_NAME y;LOAD_CONST 1;LOAD_CONST 0;DIV;POP")
	r = New(patient).Commute(p, a, b)
	if r.Status != checkers.Fail || r.Rule != UnfinishedDepend {
		t.Fatalf("%v %s: %s", r.Status, r.Rule, r.Reason)
	}
}

// TestCommuteCalls: what functions do counts, but not what they do with their locals, and a call of a
// value may be one of any function.
func TestCommuteCalls(t *testing.T) {
	const functions = `
.func double(n)
    LOAD_NAME n
    LOAD_CONST 2
    MUL
.end
.func raise(n)
    LOAD_NAME total
    LOAD_NAME n
    ADD
    STORE_NAME total
.end
`
	const (
		a        = "LOAD_NAME a\nCALL_FUNC_CONST @double 1\nSTORE_NAME a\n"
		b        = "LOAD_NAME b\nCALL_FUNC_CONST @double 1\nSTORE_NAME b\n"
		raises   = "LOAD_NAME a\nCALL_FUNC_CONST @raise 1\nPOP\nNOP\n"
		total    = "LOAD_NAME total\nSTORE_NAME c\nNOP\nNOP\n"
		unknown  = "LOAD_NAME a\nLOAD_NAME f\nCALL_TOP 1\nSTORE_NAME a\n"
		parallel = "LOAD_NAME l\nPARALLEL_MAP @double\nSTORE_NAME l\n"
	)
	for _, c := range []struct {
		name, first, second string
		shared              string
	}{
		{"locals are nobody's business", a, b, ""},
		{"a map", parallel, b, ""},
		{"a global of a function", raises, total, "total"},
		{"of both", raises, raises, "total"},
		{"of any function", unknown, total, "total"},
		{"of any function, apart", unknown, b, ""},
	} {
		p, err := program.Assemble("calls.zxasm", []byte(functions+c.first+c.second))
		if err != nil {
			t.Fatal(err)
		}
		n := strings.Count(c.first, "\n")
		r := New(patient).Commute(p, Chunk{0, n}, Chunk{n, len(p.Main().Code)})
		want := checkers.Pass
		if c.shared != "" {
			want = checkers.Unknown
		}
		if got := strings.Join(r.Shared, " "); r.Status != want || got != c.shared {
			t.Errorf("%s: %v, sharing %q, want %v, sharing %q: %s", c.name, r.Status, got, want, c.shared, r.Reason)
		}
	}
}

// TestRunChunksRefuses: code that means something else apart from its place is not run apart.
func TestRunChunksRefuses(t *testing.T) {
	p, a, b := chunks(t, "LOAD_NAME x;JUMP_IF_FALSE end;LOAD_CONST 1;STORE_NAME x;end:;NOP", setY)
	for _, c := range []struct {
		chunks [2]Chunk
		inputs []program.Binding
		want   string
	}{
		{[2]Chunk{a, b}, nil, "JUMP_IF_FALSE at 1"},
		{[2]Chunk{b, {b.From, 99}}, nil, "there is no chunk"},
		{[2]Chunk{b, b}, nil, "overlap"},
		{[2]Chunk{{3, 4}, b}, nil, "cannot be run apart"},
		{[2]Chunk{{2, 4}, b}, []program.Binding{{Name: "q", Value: program.Int(1)}}, `no variable "q"`},
		{[2]Chunk{{2, 4}, b}, []program.Binding{{Name: "x", Value: program.Int(1)}}, ""},
	} {
		_, err := RunChunks(p, c.chunks, c.inputs)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%v: got %v, want %q", c.chunks, err, c.want)
		}
	}
}

func TestCommuteRefusesBadChunks(t *testing.T) {
	p, a, b := chunks(t, addToX, subOfX)
	for _, c := range [][2]Chunk{
		{{-1, 2}, b}, {a, {4, 100}}, {{3, 1}, b}, {{0, 5}, b}, {a, {2, 6}}, {a, {4, 6}}, {{1, 4}, b},
	} {
		if r := New(patient).Commute(p, c[0], c[1]); r.Status != checkers.Unknown || r.Reason == "" {
			t.Errorf("%v: %v %s", c, r.Status, r.Reason)
		}
	}
}

// randomChunk computes on three variables.
func randomChunk(rng *rand.Rand, statements int) string {
	var out []string
	emit := func(s string) { out = append(out, s) }
	operand := func() {
		if rng.IntN(3) == 0 {
			emit(fmt.Sprintf("LOAD_CONST %d", rng.IntN(5)-1))
		} else {
			emit("LOAD_NAME " + string("xyz"[rng.IntN(3)]))
		}
	}
	for range statements {
		operand()
		for range rng.IntN(3) {
			operand()
			emit([]string{"ADD", "SUB", "ADD", "SUB", "MUL", "DIV", "MOD"}[rng.IntN(7)])
		}
		if rng.IntN(6) == 0 {
			emit("NEG")
		}
		emit("STORE_NAME " + string("xyz"[rng.IntN(3)]))
	}
	return strings.Join(out, ";")
}

// TestCommuteAgainstRunning runs random chunks on many inputs, by the rules in Go.
func TestCommuteAgainstRunning(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 11))
	prover := New(Limits{Time: 5e8})
	values := []int64{-1 << 63, -7, -2, -1, 0, 1, 2, 3, 5, 1 << 62, 1<<63 - 1}
	counts := map[string]int{}
	for range 150 {
		p, a, b := chunks(t, randomChunk(rng, 1), randomChunk(rng, 1+rng.IntN(2)))
		r := prover.Commute(p, a, b)
		both := [2]Chunk{a, b}
		differs := r.Status == checkers.Fail
		for k := 0; k < 60 && !differs; k++ {
			var inputs []program.Binding
			for _, v := range p.Names {
				if rng.IntN(12) > 0 {
					inputs = append(inputs, program.Binding{Name: v, Value: program.Int(values[rng.IntN(len(values))])})
				}
			}
			runs, err := RunChunks(p, both, inputs)
			if err != nil {
				t.Fatal(err)
			}
			differs = runs.Judge(p, both).Status == checkers.Fail
		}
		counts[fmt.Sprint(r.Status, " by ", r.Method, ", differs: ", differs)]++
		if differs && r.Status == checkers.Pass {
			t.Fatalf("proved by %s, but it differs: %v", r.Method, program.Disassemble(p))
		}
		if r.Status == checkers.Unknown && Available {
			t.Logf("unknown: %s\n%s", r.Reason, program.Disassemble(p))
		}
	}
	t.Log(counts)
	if Available && (counts["fail by replay, differs: true"] < 20 || counts["pass by footprints, differs: false"] < 3) {
		t.Errorf("too few of a kind: %v", counts)
	}
}
