package vm

import (
	"pgregory.net/rapid"

	"synchrony/checkers/chunks"
	"synchrony/checkers/outcome"
	"synchrony/models/program"
	"synchrony/properties"
)

// needless is V18. Under the race detector it is also about what workers count that are told at once.
func needless(s system) properties.Testable {
	return one(s, "V18", "what a RETURN or an error makes needless leaves no trace, whatever becomes of attempts at it",
		endingEarly(), []condition{abandoned, failed, succeeded, printed}, outcome.Programs(), chunks.Attempts(), chunks.Metrics())
}

// endingEarly draws programs whose chunks need nothing of each other, of which an early one ends the run. Attempts at
// those behind it are under way on other workers, and may go wrong.
func endingEarly() *rapid.Generator[program.Workload] {
	return rapid.Custom(func(t *rapid.T) program.Workload {
		b := builder{p: &program.Program{Functions: []program.Function{{Name: program.MainName}}}}
		piece := func(i int) { // as long as what ends the run
			b.push(program.Int(int64(i)))
			b.emit(program.StoreName, b.variable("x"), 0)
			b.push(program.Int(int64(i)))
			b.emit(program.Print, 0, 0)
		}
		before := rapid.IntRange(0, 1).Draw(t, "chunks before the end")
		after := rapid.IntRange(2, 4).Draw(t, "chunks after it")
		for i := range before {
			piece(i)
		}
		b.endEarly(rapid.Bool().Draw(t, "an error"))
		w := program.Workload{Setup: program.Setup{
			Mode: program.Parallel, Workers: rapid.IntRange(2, 4).Draw(t, "workers"), ChunkSize: 4, MinChunkSize: 1, Retries: -1,
		}}
		for i := range after {
			piece(before + i)
			if kind := program.FaultKind(rapid.IntRange(0, 3).Draw(t, "fault")); kind > 0 {
				w.Setup.Faults = append(w.Setup.Faults, program.Fault{Kind: kind, Chunk: before + 1 + i, After: int64(rapid.IntRange(0, 4).Draw(t, "after"))})
			}
		}
		w.Program = b.built()
		return w
	})
}
