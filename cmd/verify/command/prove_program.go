package command

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"synchrony/checkers"
	"synchrony/checkers/smt"
	"synchrony/executor/vm"
	"synchrony/models/program"
	"synchrony/models/text"
	"synchrony/models/trace"
	"synchrony/properties/catalogue/proof"
)

// maxPairs is how many pairs of chunks are asked about.
const maxPairs = 5000

// orders is the dependencies for which a pair of chunks is not asked whether it commutes. Control is none of
// them: it is about errors, and to commute is to end with the same ones. Nor is what a fork
// needs to know about limits.
const orders = trace.ChunkData | trace.ChunkOutput

// programObligations is each pair of a program's chunks between which there is no chain of dependencies.
func programObligations(o *proveOptions, path string, content []byte) (*obligations, error) {
	w, err := program.Load(path, content)
	if err != nil {
		return nil, placed(path, content, err)
	}
	if o.chunkSize > 0 {
		w.Setup.ChunkSize, w.Setup.MinChunkSize = o.chunkSize, 1
	}
	a, err := vm.Analyze(w.Program, vm.ParallelConfig{Setup: w.Setup})
	if err != nil {
		return nil, named(path, err)
	}
	asked, err := pairsWithout(a, o.without)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	todo := &obligations{}
	ordered, left := trace.OrderedChunks(len(a.Chunks), a.Edges, orders), 0
	for j := range a.Chunks {
		for i := range j {
			switch {
			case ordered[j][i] && !slices.Contains(asked, [2]int{i, j}):
			case len(todo.statements) == maxPairs:
				left++
			default:
				todo.statements = append(todo.statements, pairStatement(w.Program, a.Chunks, i, j))
			}
		}
	}
	todo.heading = chunkHeading(a, len(todo.statements)+left, ordered, asked)
	if left > 0 {
		todo.statements = append(todo.statements, statement{
			text: fmt.Sprintf("the other %s of chunks commute", text.Plural(left, "pair")),
			ask: func(context.Context, *smt.Prover) proved {
				return proved{Result: smt.Result{Verdict: checkers.Undecided("more than %d pairs; a larger --chunk-size would help", maxPairs)}}
			},
		})
	}
	return todo, nil
}

func pairStatement(p *program.Program, chunks []trace.Chunk, i, j int) statement {
	both := [2]smt.Chunk{{From: chunks[i].From, To: chunks[i].To}, {From: chunks[j].From, To: chunks[j].To}}
	return statement{
		pair: fmt.Sprintf("%d-%d", i, j),
		text: fmt.Sprintf("chunks %d (main+%v) and %d (main+%v) commute, for all values of variables", i, both[0], j, both[1]),
		ask: func(ctx context.Context, prover *smt.Prover) (found proved) {
			answer := prover.Commute(p, both[0], both[1])
			found.Result = answer.Result
			if e := answer.Counterexample; e != nil {
				found.refutation, found.unsaved = proof.Chunks(ctx, p, both, e)
				if found.refutation != nil {
					found.Evidence = found.refutation.Story // which has the inputs, too
				}
			}
			return found
		},
	}
}

// pairsWithout reads pairs of chunks between which there is a dependency that is to be left out of
// account.
func pairsWithout(a *vm.Analysis, edges []string) ([][2]int, error) {
	var pairs [][2]int
	for _, text := range edges {
		from, to, _ := strings.Cut(text, ",")
		i, err1 := strconv.Atoi(from)
		j, err2 := strconv.Atoi(to)
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("--without %s: expected the numbers of two chunks, as 0,2", text)
		}
		if !slices.ContainsFunc(a.Edges, func(e trace.ChunkDependency) bool {
			return int(e.From) == i && int(e.To) == j && e.Kinds&orders != 0
		}) {
			return nil, fmt.Errorf("--without %s: no dependency of data or output leads from chunk %d to chunk %d; verify exec --chunks shows which there are",
				text, i, j)
		}
		pairs = append(pairs, [2]int{i, j})
	}
	return pairs, nil
}

// chunkHeading says which pairs there are, and which are not asked about, and why, but for those without whose
// dependency it is to be asked.
func chunkHeading(a *vm.Analysis, asked int, ordered [][]bool, without [][2]int) []string {
	n := len(a.Chunks)
	heading := []string{fmt.Sprintf("%s, %s; %d asked about", text.Plural(n, "chunk"), text.Plural(n*(n-1)/2, "pair"), asked)}
	why := map[[2]int]string{}
	for _, e := range a.Edges {
		why[[2]int{int(e.From), int(e.To)}] = orderWords(a, e)
	}
	var reasons []string
	for j := range ordered {
		for i := range j {
			if !ordered[j][i] || slices.Contains(without, [2]int{i, j}) {
				continue
			}
			reason := why[[2]int{i, j}]
			if reason == "" {
				reason = "through others"
			}
			reasons = append(reasons, fmt.Sprintf("%d-%d %s", i, j, reason))
		}
	}
	if len(reasons) > 0 {
		heading = append(heading, fmt.Sprintf("ordered by dependencies: %s", shortList(reasons, 6, "; ")))
	}
	switch {
	case n < 2:
		heading = append(heading, "nothing to prove: one chunk has nothing to commute with; --chunk-size 5, say, makes more of them")
	case asked == 0:
		heading = append(heading, "nothing to prove: dependencies order all chunks; --without FROM,TO asks what one is for")
	}
	return heading
}

// orderWords names the dependencies of an edge that order its chunks.
func orderWords(a *vm.Analysis, e trace.ChunkDependency) string {
	var kinds []string
	for _, k := range []struct {
		kind trace.ChunkDependencyKind
		word string
	}{{trace.ChunkRAW, "RAW"}, {trace.ChunkWAR, "WAR"}, {trace.ChunkWAW, "WAW"}} {
		if e.Kinds&k.kind != 0 {
			kinds = append(kinds, k.word)
		}
	}
	var words []string
	if len(kinds) > 0 {
		var names []string
		for _, v := range e.Variables {
			names = append(names, a.Variables[v])
		}
		words = append(words, fmt.Sprintf("%s on %s", strings.Join(kinds, ", "), shortList(names, 3, ", ")))
	}
	if e.Kinds&trace.ChunkOutput != 0 {
		words = append(words, "output")
	}
	return strings.Join(words, ", ")
}

// shortList is the first words of a list, and how many more there are.
func shortList(words []string, most int, separator string) string {
	if len(words) <= most {
		return strings.Join(words, separator)
	}
	return fmt.Sprintf("%s … (%d more)", strings.Join(words[:most], separator), len(words)-most)
}
