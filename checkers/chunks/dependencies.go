package chunks

import (
	"cmp"
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// Dependencies decides whether the analysis foresaw what executions do. It holds it
// against two: the observed one, by the accesses of the attempts that were merged, if they were
// recorded; and the specification's own, which cannot hide any. And it holds the analysis against itself. Rules: "wrong
// analysis", "wrong dependency", "undeclared
// read", "undeclared write", "uncertain write" for one that was said to be certain and
// did not happen, "missing dependency", and "wrong accesses" for a record that is not complete.
func Dependencies() checkers.OfProgram { return ruled("dependencies", checkDependencies) }

// touched is what one execution really did in each chunk that it came to.
type touched struct {
	whose  string
	reads  []map[int32]bool // before the chunk wrote it
	writes []map[int32]bool
	prints []bool
	last   int // the last chunk that it came to
}

func newTouched(whose string, n int) *touched {
	t := &touched{whose: whose, reads: make([]map[int32]bool, n), writes: make([]map[int32]bool, n), prints: make([]bool, n), last: -1}
	for i := range n {
		t.reads[i], t.writes[i] = map[int32]bool{}, map[int32]bool{}
	}
	return t
}

func checkDependencies(r *run) verdict {
	o := r.seen
	if o.End == trace.ProgramRefused {
		if len(o.Chunks)+len(o.Variables)+len(o.Edges)+len(o.Cells)+len(o.Accesses) > 0 {
			return checkers.Failed("wrong analysis", "the program was refused, and something is said of its analysis")
		}
		return checkers.Passed()
	}
	if len(o.Chunks) == 0 {
		if len(o.Edges)+len(o.Cells)+len(o.Accesses) > 0 {
			return checkers.Failed("wrong analysis", "the program was not cut into chunks, and something is said of them")
		}
		if why := r.wrongNames(); why != "" && len(o.Variables) > 0 {
			return checkers.Failed("wrong analysis", why)
		}
		return checkers.Passed()
	}
	if v := checkPartition(r); v.Status != checkers.Pass {
		return checkers.Undecided("the chunks are no partition: %s", v.Reason)
	}
	if v := checkAnalysis(r); v.Status != checkers.Pass {
		return v
	}
	specified, err := r.specified()
	if err != nil {
		return checkers.Undecided("%v", err)
	}
	executions := []*touched{specified}
	if len(r.seen.Accesses) > 0 {
		executions = append(executions, r.observed())
	}
	if v := r.checkRecorded(); v.Status != checkers.Pass {
		return v
	}
	for _, t := range executions {
		if v := r.checkDeclared(t); v.Status != checkers.Pass {
			return v
		}
		if v := r.checkPrints(t); v.Status != checkers.Pass {
			return v
		}
	}
	if len(executions) > 1 {
		return r.checkSame(executions[0], executions[1])
	}
	return checkers.Passed()
}

// specified runs the specification, and tells what it touches.
func (r *run) specified() (*touched, error) {
	globals, shared := map[string]int32{}, map[string]int32{}
	for v, name := range r.seen.Variables {
		if v < r.seen.Globals {
			globals[name] = int32(v)
		} else {
			shared[name] = int32(v)
		}
	}
	t := newTouched("sequential execution", len(r.seen.Chunks))
	var unknown error
	outcome, err := program.RunObserved(r.program, r.setup.Limits, func(a program.Access) {
		c := r.chunkAt(a.PC)
		t.last = max(t.last, c)
		if a.Effect == program.Prints {
			t.prints[c] = true
			return
		}
		numbers := globals
		if a.Effect&(program.ReadsShared|program.WritesShared) != 0 {
			numbers = shared
		}
		v, ok := numbers[r.program.Names[a.Name]]
		if !ok {
			unknown = fmt.Errorf("the observation has no variable %s", r.program.Names[a.Name])
			return
		}
		if a.Effect&(program.ReadsVariable|program.ReadsShared) == 0 {
			t.writes[c][v] = true
		} else if !t.writes[c][v] {
			t.reads[c][v] = true
		}
	})
	if outcome.Err == nil && !r.returns() {
		t.last = len(r.seen.Chunks) - 1
	}
	return t, cmp.Or(err, unknown)
}

// returns reports whether the main code has a RETURN.
func (r *run) returns() bool {
	return program.Has(r.program.Main().Code, program.Return)
}

// chunkAt is the chunk of an instruction; one that is in none counts as in the last.
func (r *run) chunkAt(pc int) int {
	last := len(r.seen.Chunks) - 1
	for i := range last {
		if pc < r.seen.Chunks[i].To {
			return i
		}
	}
	return last
}

// observed tells what the attempts touched that were merged.
func (r *run) observed() *touched {
	t := newTouched("the run", len(r.seen.Chunks))
	merged := map[int32]bool{}
	for _, e := range r.seen.Events {
		if e.Kind == trace.ChunkMerge {
			merged[e.Chunk] = true
			t.last = max(t.last, int(e.Chunk))
		}
	}
	for _, a := range r.seen.Accesses {
		if !merged[a.Chunk] {
			continue
		}
		for _, v := range a.Reads {
			t.reads[a.Chunk][v] = true
		}
		for _, v := range a.Writes {
			t.writes[a.Chunk][v] = true
		}
	}
	return t
}

// checkRecorded checks that the accesses, if they were recorded, are those of each chunk that was merged, once, but for one
// that was under way when the run went parallel.
func (r *run) checkRecorded() verdict {
	if len(r.seen.Accesses) == 0 {
		return checkers.Passed()
	}
	recorded := make([]bool, len(r.seen.Chunks))
	for _, a := range r.seen.Accesses {
		if recorded[a.Chunk] || !checkers.Ascending(a.Reads) || !checkers.Ascending(a.Writes) {
			return checkers.Failed("wrong accesses", fmt.Sprintf("the accesses of %s are recorded twice, or out of order", r.chunk(int(a.Chunk))))
		}
		recorded[a.Chunk] = true
	}
	first := true
	for _, e := range r.seen.Events {
		if e.Kind != trace.ChunkMerge {
			continue
		}
		if !recorded[e.Chunk] && !(first && r.setup.Mode == program.Auto) {
			return checkers.Failed("wrong accesses", fmt.Sprintf("%s was merged, and its accesses are not recorded, as those of others are", r.chunk(int(e.Chunk))))
		}
		first = false
	}
	return checkers.Passed()
}

// checkSame checks that a run without forks, or whose workers share no variable, touched in each chunk that
// it went through what sequential execution touches.
func (r *run) checkSame(specified, observed *touched) verdict {
	forks := r.forks()
	if forks && r.seen.Globals < len(r.seen.Variables) { // what its workers do may depend on who was first at a shared variable
		return checkers.Passed()
	}
	for i := range min(specified.last, observed.last) {
		if !observed.wasRecorded(r, i) {
			continue
		}
		for _, side := range []struct {
			what      string
			got, want map[int32]bool
		}{{"reads", observed.reads[i], specified.reads[i]}, {"writes", observed.writes[i], specified.writes[i]}} {
			want := sorted(side.want)
			got := slices.DeleteFunc(sorted(side.got), func(v int32) bool { // a compare-and-swap that fails may count as a write
				if side.want[v] {
					return false
				}
				if forks { // a worker's number is there already, and in sequence counts as written by the chunk
					return r.seen.Variables[v] == program.WorkerID
				}
				return int(v) >= r.seen.Globals && specified.reads[i][v]
			})
			if !slices.Equal(got, want) {
				return checkers.Failed("wrong accesses", fmt.Sprintf("%s %s %v, as is recorded, and sequentially %v", r.chunk(i), side.what, got, want))
			}
		}
	}
	return checkers.Passed()
}

// checkDeclared holds what was touched against what the analysis says of each chunk.
func (r *run) checkDeclared(t *touched) verdict {
	for i := range r.seen.Chunks {
		c := &r.seen.Chunks[i]
		for _, v := range sorted(t.reads[i]) {
			if !slices.Contains(c.Reads, v) {
				return checkers.Failed("undeclared read", fmt.Sprintf("in %s, %s reads %s, which the analysis does not know", t.whose, r.chunk(i), r.variable(v)))
			}
		}
		for _, v := range sorted(t.writes[i]) {
			if !slices.Contains(c.Writes, v) {
				return checkers.Failed("undeclared write", fmt.Sprintf("in %s, %s writes %s, which the analysis does not know", t.whose, r.chunk(i), r.variable(v)))
			}
		}
		if i >= t.last {
			continue // it may have ended by an error or a RETURN, or not at all
		}
		for _, v := range c.Must {
			if !t.writes[i][v] && t.wasRecorded(r, i) {
				return checkers.Failed("uncertain write", fmt.Sprintf("in %s, %s does not write %s, and the analysis says that it always does", t.whose, r.chunk(i), r.variable(v)))
			}
		}
	}
	return checkers.Passed()
}

// wasRecorded reports whether the accesses of a chunk are known: always for the
// specification; a chunk that was under way when the run went parallel has none.
func (t *touched) wasRecorded(r *run, i int) bool {
	if t.whose != "the run" {
		return true
	}
	return slices.ContainsFunc(r.seen.Accesses, func(a trace.ChunkAccess) bool { return int(a.Chunk) == i })
}

// checkPrints checks that chunks which print in an execution are ordered. That other dependencies of an execution are there need not be
// asked: the chunks have the variables that it touches, and [checkAnalysis] found all dependencies that follow from these.
func (r *run) checkPrints(t *touched) verdict {
	printer := -1
	for i := range r.seen.Chunks {
		if !t.prints[i] {
			continue
		}
		if printer >= 0 && !r.ordered(printer, i) {
			return checkers.Failed("missing dependency", fmt.Sprintf("%s and %s both print, and the analysis does not order them", r.chunk(printer), r.chunk(i)))
		}
		printer = i
	}
	return checkers.Passed()
}

// ordered reports whether a path of output dependencies leads from one chunk to another.
func (r *run) ordered(from, to int) bool {
	if from == to {
		return true
	}
	for _, e := range r.seen.Edges {
		if int(e.To) == to && int(e.From) < to && e.Kinds&trace.ChunkOutput != 0 && r.ordered(from, int(e.From)) {
			return true
		}
	}
	return false
}

func sorted(set map[int32]bool) []int32 {
	var list []int32
	for v := range set {
		list = append(list, v)
	}
	slices.Sort(list)
	return list
}
