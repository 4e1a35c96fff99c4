package chunks

import (
	"fmt"
	"slices"
	"strings"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// checkAnalysis holds what the analysis says against itself and against the code: of each chunk, in what order its
// variables are and what follows from its instructions; of the dependencies, that there are those which the chunks' own
// variables and effects make, and no others. What executions show is another question: an analysis that is wrong
// throughout agrees with itself.
func checkAnalysis(r *run) verdict {
	for i := range r.seen.Chunks {
		if why := r.wrongChunk(i); why != "" {
			return checkers.Failed("wrong analysis", fmt.Sprintf("%s %s", r.chunk(i), why))
		}
	}
	if why := r.wrongNames(); why != "" {
		return checkers.Failed("wrong analysis", why)
	}
	want := r.wantedEdges()
	for i, e := range r.seen.Edges {
		if i >= len(want) || !sameEdge(e, want[i]) {
			evidence := append(r.next("what follows is that ", want, i), "the analysis says that "+r.edge(e))
			return checkers.Failed("wrong dependency", r.wrongEdge(e, want[min(i, len(want)):]), evidence...)
		}
	}
	if n := len(r.seen.Edges); n < len(want) {
		return checkers.Failed("missing dependency", "the last dependencies are missing that follow from the chunks", r.next("the first is that ", want, n)...)
	}
	return r.checkCells()
}

// wrongChunk says what is wrong with what is said of a chunk; "" if nothing is.
func (r *run) wrongChunk(i int) string {
	c := &r.seen.Chunks[i]
	for _, list := range [][]int32{c.Reads, c.Writes, c.Must} {
		if !checkers.Ascending(list) {
			return "has its variables out of order, or one twice"
		}
	}
	for _, v := range c.Must {
		if _, found := slices.BinarySearch(c.Writes, v); !found {
			return fmt.Sprintf("certainly writes %s, and may not write it", r.variable(v))
		}
	}
	var own program.Effect
	calls, loops := r.calls(i), false
	for pc := c.From; pc < c.To; pc++ {
		in := r.program.Main().Code[pc]
		own |= in.Effects()
		switch in.Op {
		case program.Jump, program.JumpIfFalse, program.JumpIfTrue:
			loops = loops || int(in.A) <= pc
		}
	}
	switch {
	case !calls && c.Effects != own:
		return fmt.Sprintf("calls nothing, and is said to have effects (%b) that its instructions have not (%b)", c.Effects, own)
	case c.Parallel != (c.Effects&program.Forks == 0):
		return "may run beside others exactly if it does not fork"
	case c.Unbounded != (calls || loops):
		return "has a cost that is not its length exactly if it has loops or calls"
	}
	return ""
}

// wrongNames says what is wrong with the list of variables: it has all globals that the program uses, and then all shared
// variables, once each.
func (r *run) wrongNames() string {
	var globals, shared []string
	for f := range r.program.Functions {
		fn := &r.program.Functions[f]
		for _, in := range fn.Code {
			info, _ := in.Op.Info()
			switch {
			case info.A == program.SharedOperand:
				shared = append(shared, r.program.Names[in.A])
			case info.A == program.NameOperand && !slices.Contains(fn.Locals, in.A):
				globals = append(globals, r.program.Names[in.A])
			}
		}
	}
	for _, part := range []struct {
		what       string
		seen, want []string
	}{
		{"globals", r.seen.Variables[:r.seen.Globals], globals}, {"shared variables", r.seen.Variables[r.seen.Globals:], shared},
	} {
		seen := slices.Sorted(slices.Values(part.seen))
		slices.Sort(part.want)
		if want := slices.Compact(part.want); !slices.Equal(seen, want) {
			return fmt.Sprintf("the %s are said to be %q, and the program uses %q", part.what, seen, want)
		}
	}
	return ""
}

// checkCells checks that the cells are what the chunks write, in order.
func (r *run) checkCells() verdict {
	var want []trace.CellVersion
	for i, c := range r.seen.Chunks {
		for _, v := range c.Writes {
			want = append(want, trace.CellVersion{Chunk: int32(i), Variable: v})
		}
	}
	if !slices.Equal(want, r.seen.Cells) {
		return checkers.Failed("wrong analysis", fmt.Sprintf("the cells are not what the chunks write: there are %d, and should be %d", len(r.seen.Cells), len(want)))
	}
	return checkers.Passed()
}

// wantedEdges are the dependencies that follow from the chunks' variables and effects, by To and then From. A value
// comes from all chunks that may have written it, down to the last that certainly has; and a write that may not happen
// passes the value on, and so needs it.
func (r *run) wantedEdges() []trace.ChunkDependency {
	var all []trace.ChunkDependency
	ends, prints := -1, -1
	for to := range r.seen.Chunks {
		c := &r.seen.Chunks[to]
		edges := r.dataEdges(to)
		note := func(from int, kind trace.ChunkDependencyKind) {
			if from >= 0 {
				edges[from].Kinds |= kind
			}
		}
		note(ends, trace.ChunkControl)
		if c.Effects&program.Prints != 0 {
			note(prints, trace.ChunkOutput)
			prints = to
		}
		if !c.Parallel {
			note(to-1, trace.ChunkBudget)
		}
		if c.Effects&program.MayFail != 0 || r.returnsIn(c) {
			ends = to
		}
		for from, e := range edges {
			if e.Kinds != 0 {
				e.From, e.To = int32(from), int32(to)
				all = append(all, e)
			}
		}
	}
	return all
}

// dataEdges are what a chunk takes from each one before it.
func (r *run) dataEdges(to int) []trace.ChunkDependency {
	chunks := r.seen.Chunks
	edges := make([]trace.ChunkDependency, to)
	note := func(from int, kind trace.ChunkDependencyKind, v int32) {
		e := &edges[from]
		e.Kinds |= kind
		if at, found := slices.BinarySearch(e.Variables, v); !found {
			e.Variables = slices.Insert(e.Variables, at, v)
		}
	}
	for v := range int32(len(r.seen.Variables)) {
		reads, writes, must := has(chunks[to].Reads, v), has(chunks[to].Writes, v), has(chunks[to].Must, v)
		for from := to - 1; from >= 0; from-- {
			wrote := has(chunks[from].Writes, v)
			if wrote && (reads || writes && !must) {
				note(from, trace.ChunkRAW, v)
			}
			if wrote && writes {
				note(from, trace.ChunkWAW, v)
			}
			if writes && has(chunks[from].Reads, v) {
				note(from, trace.ChunkWAR, v)
			}
			if has(chunks[from].Must, v) {
				break
			}
		}
	}
	return edges
}

// returnsIn reports whether a chunk has a RETURN of the main code.
func (r *run) returnsIn(c *trace.Chunk) bool {
	return program.Has(r.code(c), program.Return)
}

func has(list []int32, v int32) bool {
	_, found := slices.BinarySearch(list, v)
	return found
}

func sameEdge(a, b trace.ChunkDependency) bool {
	return a.From == b.From && a.To == b.To && a.Kinds == b.Kinds && slices.Equal(a.Variables, b.Variables)
}

func (r *run) edge(e trace.ChunkDependency) string {
	text := fmt.Sprintf("chunk %d depends on chunk %d by %s", e.To, e.From, strings.Join(e.Kinds.Names(), ", "))
	for i, v := range e.Variables {
		text += [...]string{", for ", " and "}[min(i, 1)] + r.variable(v)
	}
	return text
}

// wrongEdge says what is wrong with a dependency where those of want should follow: that one is missing, or a reason for it, or that it is one too many.
func (r *run) wrongEdge(e trace.ChunkDependency, want []trace.ChunkDependency) string {
	if len(want) > 0 {
		w := want[0]
		missing := w.Kinds
		switch {
		case w.From == e.From && w.To == e.To:
			missing &^= e.Kinds
		case w.To > e.To || w.To == e.To && w.From > e.From:
			missing = 0
		}
		if missing != 0 {
			w.Kinds = missing
			return fmt.Sprintf("the analysis does not know that chunk %d depends on chunk %d by %s: %s", w.To, w.From, strings.Join(missing.Names(), ", "), r.because(w))
		}
	}
	return fmt.Sprintf("the analysis says that %s, which does not follow from the chunks", r.edge(e))
}

// because says in words what makes one chunk depend on another, for each reason.
func (r *run) because(e trace.ChunkDependency) string {
	from, to := &r.seen.Chunks[e.From], &r.seen.Chunks[e.To]
	var all []string
	data := func(kind trace.ChunkDependencyKind, form string, holds func(v int32) bool) {
		var names []string
		for _, v := range e.Variables {
			if holds(v) {
				names = append(names, r.variable(v))
			}
		}
		if e.Kinds&kind != 0 && len(names) > 0 {
			all = append(all, fmt.Sprintf(form, e.To, strings.Join(names, ", "), e.From))
		}
	}
	data(trace.ChunkRAW, "chunk %d reads %s, which chunk %d writes", func(v int32) bool { return has(from.Writes, v) && has(to.Reads, v) })
	data(trace.ChunkRAW, "chunk %d may leave %s as chunk %d writes it", func(v int32) bool { return has(from.Writes, v) && !has(to.Reads, v) && !has(to.Must, v) })
	data(trace.ChunkWAR, "chunk %d writes %s, which chunk %d reads", func(v int32) bool { return has(from.Reads, v) && has(to.Writes, v) })
	data(trace.ChunkWAW, "chunk %d writes %s, which chunk %d writes before it", func(v int32) bool { return has(from.Writes, v) && has(to.Writes, v) })
	for _, other := range []struct {
		kind trace.ChunkDependencyKind
		text string
	}{
		{trace.ChunkControl, fmt.Sprintf("chunk %d may fail or return, and then chunk %d is not reached", e.From, e.To)},
		{trace.ChunkOutput, fmt.Sprintf("both print, chunk %d before chunk %d", e.From, e.To)},
		{trace.ChunkBudget, fmt.Sprintf("chunk %d forks, and needs to know what chunk %d used", e.To, e.From)},
	} {
		if e.Kinds&other.kind != 0 {
			all = append(all, other.text)
		}
	}
	return strings.Join(all, "; ")
}

// next tells the i-th dependency of a list, if there is one.
func (r *run) next(what string, list []trace.ChunkDependency, i int) []string {
	if i >= len(list) {
		return nil
	}
	return []string{what + r.edge(list[i])}
}
