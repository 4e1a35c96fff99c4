package proof

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/smt"
	"synchrony/executor/sched"
	"synchrony/executor/vm"
	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
)

// crossing is two chunks of a program's main code, and the variables to run them with, in either order.
type crossing struct {
	Program *program.Program
	Chunks  [2]smt.Chunk
	Inputs  []program.Binding // ints; the other variables are undefined
}

type chunkProperty = properties.Property[crossing, smt.ChunkRuns]

// Chunks makes a counterexample of inputs with which two chunks do not commute.
func Chunks(ctx context.Context, p *program.Program, chunks [2]smt.Chunk, e *smt.ChunkCounterexample) (*properties.Counterexample, error) {
	return confirmed(ctx, crossed(), crossing{p, chunks, e.Inputs})
}

func crossed() *chunkProperty {
	return &chunkProperty{
		ID: "P4", Group: properties.ProofGroup, Source: properties.Here(0), Unscheduled: true,
		Statement: "chunks that no data dependency orders commute",
		System:    bothWays{},
		Generator: crossings(),
		Checkers:  []checkers.Checker[crossing, smt.ChunkRuns]{commute{}},
		Codec:     properties.Codec[crossing]{Format: formatCrossing, Parse: parseCrossing},
		Sometimes: []properties.Condition[crossing, smt.ChunkRuns]{
			{Name: "two chunks that end without an error", Holds: func(w crossing, r smt.ChunkRuns) bool {
				return !w.empty() && r.Alone[0].Err == nil && r.Alone[1].Err == nil
			}},
			{Name: "two chunks, one of which ends with an error", Holds: func(w crossing, r smt.ChunkRuns) bool {
				return !w.empty() && (r.Alone[0].Err == nil) != (r.Alone[1].Err == nil)
			}},
		},
		Size:    func(w crossing) int { return len(w.Program.Main().Code) },
		Explain: explainRuns,
	}
}

// empty reports whether there is nothing to order: one chunk has no code.
func (w *crossing) empty() bool {
	return w.Chunks[0].From == w.Chunks[0].To || w.Chunks[1].From == w.Chunks[1].To
}

// bothWays is the sequential specification, which runs the chunks alone and in both orders.
type bothWays struct{}

func (bothWays) Name() string { return "the sequential specification, on two chunks" }

func (bothWays) Run(_ context.Context, _ *sched.Runtime, w crossing) (smt.ChunkRuns, error) {
	return smt.RunChunks(w.Program, w.Chunks, w.Inputs)
}

// commute decides whether the chunks end alike in both orders.
type commute struct{}

func (commute) Name() string { return "commutation" }

func (commute) Check(w crossing, r smt.ChunkRuns) checkers.Verdict {
	return r.Judge(w.Program, w.Chunks)
}

// explainRuns tells with which variables the chunks were run, and how that ended.
func explainRuns(w crossing, r smt.ChunkRuns, _ *sched.Record) []string {
	named := func(i int) string {
		return fmt.Sprintf("the %s chunk (main+%v)", []string{"first", "second"}[i], w.Chunks[i])
	}
	lines := []string{"Before: " + variables(w.Inputs) + "."}
	for i := range w.Chunks {
		lines = append(lines, fmt.Sprintf("Only %s: %s.", named(i), chunkEnd(r.Alone[i])))
	}
	for i := range w.Chunks {
		lines = append(lines, fmt.Sprintf("First %s, then %s: %s.", named(i), named(1-i), chunkEnd(r.Both[i])))
	}
	return lines
}

func chunkEnd(e smt.ChunkEnd) string {
	text := variables(e.Variables)
	if e.Err != nil {
		text += fmt.Sprintf("; error at main+%d: %v", e.At, e.Err.Kind)
	}
	return text
}

func variables(bindings []program.Binding) string {
	var words []string
	for _, b := range bindings {
		words = append(words, fmt.Sprintf("%s = %v", b.Name, b.Value))
	}
	if words == nil {
		return "all variables undefined"
	}
	return strings.Join(words, ", ")
}

// crossings draws programs of straight-line code on ints, cut as the VM cuts them, two of the chunks that no
// chain of data dependencies orders (an empty one where there are none such), and values.
func crossings() *rapid.Generator[crossing] {
	few, many := programs.StraightLine(), programs.Wide()
	few.Values, few.MaxStatements, few.Errors = 0, 20, 40
	many.Loops, many.MaxStatements, many.Errors = 0, 20, 40
	programs := rapid.OneOf(programs.Programs(few), programs.Programs(many))
	return rapid.Custom(func(t *rapid.T) crossing {
		w := programs.Draw(t, "program").Workload
		w.Setup.ChunkSize, w.Setup.MinChunkSize = rapid.IntRange(1, 10).Draw(t, "chunk size"), 1
		c := crossing{Program: w.Program}
		if pairs := independent(w); len(pairs) > 0 {
			c.Chunks = pairs[rapid.IntRange(0, len(pairs)-1).Draw(t, "pair")]
		}
		for _, name := range w.Program.Names {
			if rapid.IntRange(0, 7).Draw(t, "defined") < 7 {
				c.Inputs = append(c.Inputs, program.Binding{Name: name, Value: program.Int(rapid.Int64().Draw(t, name))})
			}
		}
		return c
	})
}

// independent lists the pairs of chunks that no chain of data dependencies orders, and that can be run apart.
func independent(w program.Workload) (pairs [][2]smt.Chunk) {
	a, err := vm.Analyze(w.Program, vm.ParallelConfig{Setup: w.Setup})
	if err != nil {
		return nil
	}
	ordered := trace.OrderedChunks(len(a.Chunks), a.Edges, trace.ChunkData)
	for j, second := range a.Chunks {
		for i, first := range a.Chunks[:j] {
			pair := [2]smt.Chunk{{From: first.From, To: first.To}, {From: second.From, To: second.To}}
			if !ordered[j][i] && !slices.ContainsFunc(pair[:], func(c smt.Chunk) bool { return smt.Runnable(w.Program, c) != nil }) {
				pairs = append(pairs, pair)
			}
		}
	}
	return pairs
}
