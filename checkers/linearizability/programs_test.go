package linearizability_test

import (
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// TestFallbackUndoes: of a run that began again from its initial state, only what was executed after that counts; of one that went
// on from where it was, all.
func TestFallbackUndoes(t *testing.T) {
	w, err := program.ParseWorkload("case", []byte(".set mode parallel\nLOAD_CONST 60\nATOMIC_ADD P\nSTORE_NAME a\n"))
	if err != nil {
		t.Fatal(err)
	}
	add := func(task int32, result, at int64) trace.SharedCall {
		return trace.SharedCall{
			Task: task, Op: program.AtomicAdd, Args: []program.Value{program.Int(60)}, Result: program.Int(result),
			Chunk: -1, Call: time.Duration(at), Return: time.Duration(at),
		}
	}
	inChunk := add(1, 60, 4)
	inChunk.Chunk = 0
	for _, c := range []struct {
		name  string
		why   trace.FallbackReason
		calls []trace.SharedCall
		left  int64
		want  checkers.Status
	}{
		{"again, from what was there at first", trace.AttemptsUsedUp, []trace.SharedCall{add(1, 60, 1), add(2, 60, 8)}, 60, checkers.Pass},
		{"again, as half of the time was over", trace.TimeShort, []trace.SharedCall{add(1, 60, 1), add(2, 60, 8)}, 60, checkers.Pass},
		{"again at the same time", trace.AttemptsUsedUp, []trace.SharedCall{add(1, 60, 1), add(2, 60, 7)}, 60, checkers.Pass},
		{"again, and nothing undone", trace.AttemptsUsedUp, []trace.SharedCall{add(1, 60, 1), add(2, 120, 8)}, 120, checkers.Fail},
		{"again, and the undone left", trace.AttemptsUsedUp, []trace.SharedCall{add(1, 60, 1)}, 60, checkers.Fail},
		{"again, and what was merged is undone, too", trace.AttemptsUsedUp, []trace.SharedCall{inChunk, add(2, 60, 8)}, 60, checkers.Pass},
		{"on from there", trace.LimitNear, []trace.SharedCall{add(1, 60, 1), add(2, 120, 8)}, 120, checkers.Pass},
		{"on from there, and the first undone", trace.LimitNear, []trace.SharedCall{add(1, 60, 1), add(2, 60, 8)}, 60, checkers.Fail},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := trace.ProgramObservation{
				End: trace.ProgramRan, Variables: []string{"a", "P"}, Globals: 1, Chunks: make([]trace.Chunk, 2), Calls: c.calls,
				Outcome: program.Outcome{Shared: []program.Binding{{Name: "P", Value: program.Int(c.left)}}},
				Events: []trace.ChunkEvent{
					{Kind: trace.ChunkStart, Time: 3},
					{Kind: trace.ChunkSucceed, Time: 4},
					{Kind: trace.ChunkMerge, Time: 4},
					{Kind: trace.ChunkStart, Time: 4, Chunk: 1},
					{Kind: trace.ChunkFail, Time: 5, Chunk: 1},
					{Kind: trace.ChunkFallback, Time: 7, Why: c.why},
				},
			}
			if got := linearizability.Programs().Check(*w, o); got.Status != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}
