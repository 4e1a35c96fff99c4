package programs

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"synchrony/generators"
	"synchrony/generators/internal/rapidtest"
	"synchrony/models/program"
)

func TestMain(m *testing.M) { rapidtest.Main(m) }

// shrunkFrom returns the smallest workload that rapid finds for which bad is true.
func shrunkFrom(t *testing.T, g *rapid.Generator[Drawn], bad func(program.Workload) bool) (least program.Workload) {
	t.Helper()
	r := rapidtest.New(t.Name())
	done := make(chan struct{})
	go func() {
		defer close(done)
		rapid.Check(r, func(t *rapid.T) {
			if w := g.Draw(t, "workload").Workload; bad(w) {
				least = w
				t.Fatalf("bad")
			}
		})
	}()
	<-done
	if !r.Failed() {
		t.Fatal("no workload is bad: nothing was shrunk")
	}
	return least
}

func instructions(p *program.Program) (n int) {
	for i := range p.Functions {
		n += len(p.Functions[i].Code)
	}
	return n
}

// uses reports whether the program has the instruction.
func uses(p *program.Program, op program.Opcode) bool {
	for i := range p.Functions {
		for _, in := range p.Functions[i].Code {
			if in.Op == op {
				return true
			}
		}
	}
	return false
}

func TestProgramsShrinkToTheirCore(t *testing.T) {
	has := func(labels ...string) func(program.Workload) bool {
		return func(w program.Workload) bool {
			l := Classify(w)
			for _, label := range labels {
				if !l.Has(label) {
					return false
				}
			}
			return true
		}
	}
	crosses := func(label string) func(program.Workload) bool { // without the rest of the classification, which costs more
		return func(w program.Workload) bool {
			var l generators.Labels
			classifyCuts(&l, w, program.Outcome{})
			return l.Has(label)
		}
	}
	for _, c := range []struct {
		name         string
		options      Options
		bad          func(program.Workload) bool
		instructions int
	}{
		{"WAR only", AnyProgram(), crosses("chunks: WAR only"), 6},
		{"prints in two chunks", AnyProgram(), crosses("chunks: prints in several"), 4},
		{"held value", AnyProgram(), has("code: value held over a statement's end", "chunks: several"), 8},
		{"constant in a function", Functions(), func(w program.Workload) bool {
			return len(w.Program.Functions) > 1 && slices.ContainsFunc(w.Program.Functions[1].Code, func(in program.Instruction) bool {
				return in.Op == program.LoadConst
			})
		}, 8},
		{"print after an error", Erring(), has("chunks: error before the last", "code: print"), 8},
		{"retried shared write", Faulty(), func(w program.Workload) bool {
			return len(w.Setup.Faults) > 0 && uses(w.Program, program.SharedWrite)
		}, 2},
		{"barrier", Barriers(), func(w program.Workload) bool { return uses(w.Program, program.BarrierSync) }, 3},
		{"race", SharedState(), has("shared: racy"), 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := shrunkFrom(t, Programs(c.options), c.bad)
			t.Logf("\n%s", w.Format())
			if n := instructions(w.Program); n > c.instructions {
				t.Errorf("shrunk to %d instructions, want at most %d:\n%s", n, c.instructions, w.Format())
			}
			if w.Setup.Workers > 1 {
				t.Errorf("shrunk to %d workers, want 1", w.Setup.Workers)
			}
		})
	}
}
