package vm

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"synchrony/models/program"
	"synchrony/models/trace"
)

// unexplained is an access, or a dependency between accesses, that the analysis does not have; "" if there is none.
func unexplained(o *trace.ProgramObservation) string {
	reach := make([]map[int32]bool, len(o.Chunks)) // from which chunks a path of edges leads here
	for i := range reach {
		reach[i] = map[int32]bool{int32(i): true}
	}
	for _, e := range o.Edges { // ordered by To, and From < To
		for c := range reach[e.From] {
			reach[e.To][c] = true
		}
	}
	for _, a := range o.Accesses {
		c := o.Chunks[a.Chunk]
		for _, v := range a.Reads {
			if !slices.Contains(c.Reads, v) {
				return fmt.Sprintf("chunk %d read %s", a.Chunk, o.Variables[v])
			}
		}
		for _, v := range a.Writes {
			if !slices.Contains(c.Writes, v) {
				return fmt.Sprintf("chunk %d wrote %s", a.Chunk, o.Variables[v])
			}
		}
		for _, b := range o.Accesses {
			if b.Chunk > a.Chunk && conflict(a, b) && !reach[b.Chunk][a.Chunk] {
				return fmt.Sprintf("chunk %d depends on chunk %d", b.Chunk, a.Chunk)
			}
		}
	}
	return ""
}

func conflict(a, b trace.ChunkAccess) bool {
	meet := func(x, y []int32) bool {
		return slices.ContainsFunc(x, func(v int32) bool { return slices.Contains(y, v) })
	}
	return meet(a.Writes, b.Reads) || meet(a.Reads, b.Writes) || meet(a.Writes, b.Writes)
}

func TestAnalysisExplainsEveryAccess(t *testing.T) {
	accesses := 0
	rapid.Check(t, func(t *rapid.T) {
		c := drawConfig(t)
		c.Mode = program.Parallel
		p := drawProgram(t)
		o, err := System{Accesses: true}.Run(t.Context(), nil, program.Workload{Program: p, Setup: c.Setup})
		if err != nil {
			t.Fatal(err)
		}
		if what := unexplained(&o); what != "" {
			t.Fatalf("not in the analysis: %s\n%s", what, program.Disassemble(p))
		}
		at := 0
		for i, c := range o.Chunks {
			if c.From != at || c.To < c.From {
				t.Fatalf("chunk %d is %d…%d, the one before ends at %d", i, c.From, c.To, at)
			}
			at = c.To
		}
		if at != len(p.Main().Code) {
			t.Fatalf("the chunks end at %d of %d", at, len(p.Main().Code))
		}
		accesses += len(o.Accesses)
	})
	if accesses == 0 {
		t.Error("no access was recorded")
	}
}

func TestUnexplainedFindsWhatIsMissing(t *testing.T) {
	o := trace.ProgramObservation{
		Variables: []string{"x"},
		Chunks:    []trace.Chunk{{Writes: []int32{0}}, {Reads: []int32{0}}},
		Accesses:  []trace.ChunkAccess{{Chunk: 0, Writes: []int32{0}}, {Chunk: 1, Reads: []int32{0}}},
	}
	if what := unexplained(&o); what != "chunk 1 depends on chunk 0" {
		t.Errorf("without an edge: %q", what)
	}
	o.Edges = []trace.ChunkDependency{{From: 0, To: 1, Kinds: trace.ChunkRAW, Variables: []int32{0}}}
	if what := unexplained(&o); what != "" {
		t.Errorf("with the edge: %q", what)
	}
	o.Chunks[1].Reads = nil
	if what := unexplained(&o); what != "chunk 1 read x" {
		t.Errorf("without the read: %q", what)
	}
}

func TestChunks(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       string // the chunks of size 1, with what they read, write and certainly write
	}{
		{"statements", "LOAD_CONST 1\nSTORE_NAME x\nLOAD_NAME x\nSTORE_NAME y\n", "0-2 w:x m:x | 2-4 r:x w:y m:y"},
		{"a value on the stack", "LOAD_CONST 1\nLOAD_CONST 2\nSTORE_NAME x\nSTORE_NAME y\n", "0-4 w:x,y m:x,y"},
		{
			"a branch", "LOAD_CONST true\nJUMP_IF_FALSE out\nLOAD_CONST 1\nSTORE_NAME x\nout:\nLOAD_NAME x\nPRINT\n",
			"0-4 w:x | 4-6 r:x",
		},
		{
			"a loop", "LOAD_CONST 1\nSTORE_NAME x\ntop:\nLOAD_NAME x\nJUMP_IF_FALSE out\nLOAD_CONST 0\nSTORE_NAME x\nJUMP top\nout:\nNOP\n",
			"0-2 w:x m:x | 2-7 r:x w:x | 7-8",
		},
		{
			"a write before a read", "LOAD_CONST 1\nLOAD_CONST 1\nSTORE_NAME x\nLOAD_NAME x\nADD\nSTORE_NAME y\n",
			"0-6 w:x,y m:x,y",
		},
		{
			"a function's variables", "CALL_FUNC_CONST @f 0\nPOP\nLOAD_NAME y\nPRINT\n.func f()\nLOAD_NAME x\nSTORE_NAME y\n.end\n",
			"0-2 r:x w:y | 2-4 r:y",
		},
		{
			"a fork", "FORK_EXECUTION 2\nLOAD_CONST 1\nSTORE_NAME x\nJOIN_WORKERS 0\nLOAD_NAME x\nPRINT\n",
			"0-4 w:x | 4-6 r:x",
		},
		{"shared", "LOAD_CONST 1\nSHARED_WRITE s\nSHARED_READ s\nPRINT\n", "0-2 w:s m:s | 2-4 r:s"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, err := Analyze(build(t, test.text), ParallelConfig{Setup: program.Setup{ChunkSize: 1, MinChunkSize: 1}})
			if err != nil {
				t.Fatal(err)
			}
			var parts []string
			for _, c := range a.Chunks {
				part := fmt.Sprintf("%d-%d", c.From, c.To)
				for _, set := range []struct {
					key       string
					variables []int32
				}{{"r", c.Reads}, {"w", c.Writes}, {"m", c.Must}} {
					if len(set.variables) > 0 {
						var names []string
						for _, v := range set.variables {
							names = append(names, a.Variables[v])
						}
						part += " " + set.key + ":" + strings.Join(names, ",")
					}
				}
				parts = append(parts, part)
			}
			if got := strings.Join(parts, " | "); got != test.want {
				t.Errorf("chunks %s\nwant   %s", got, test.want)
			}
		})
	}
}

func TestEdges(t *testing.T) {
	p := build(t, `
	LOAD_CONST 10
	STORE_NAME x
	LOAD_NAME x
	PRINT
	LOAD_CONST 20
	STORE_NAME x
	LOAD_NAME x
	PRINT
`)
	a, err := Analyze(p, ParallelConfig{Setup: program.Setup{ChunkSize: 1, MinChunkSize: 1}})
	if err != nil {
		t.Fatal(err)
	}
	want := []trace.ChunkDependency{
		{From: 0, To: 1, Kinds: trace.ChunkRAW, Variables: []int32{0}},
		{From: 0, To: 2, Kinds: trace.ChunkWAW, Variables: []int32{0}},
		{From: 1, To: 2, Kinds: trace.ChunkWAR | trace.ChunkControl, Variables: []int32{0}},
		{From: 1, To: 3, Kinds: trace.ChunkControl | trace.ChunkOutput},
		{From: 2, To: 3, Kinds: trace.ChunkRAW, Variables: []int32{0}},
	}
	if got := fmt.Sprint(a.Edges); got != fmt.Sprint(want) {
		t.Errorf("edges %v\nwant  %v", a.Edges, want)
	}
}
