package vm

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"synchrony/models/program"
)

// TestRunsLeaveNothingBehind: a run uses the memory of those before it, whatever their mode and however they ended, and
// shows nothing of them; nor does it change what they gave.
func TestRunsLeaveNothingBehind(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawProgram(t)
		u, err := load(p)
		if err != nil {
			t.Fatal(err)
		}
		l := &loaded{unit: u, plans: make(map[BytecodeChunker]*plan)} // for all runs
		l.fine = l.pieces(nil, eager())
		var limits []program.Limits
		var got []Result
		for range rapid.IntRange(2, 5).Draw(t, "runs") {
			c := drawConfig(t)
			for range rapid.IntRange(0, 2).Draw(t, "faults") {
				kind := rapid.SampledFrom([]program.FaultKind{program.FailAttempt, program.PanicAttempt}).Draw(t, "kind")
				c.Faults = append(c.Faults, fault(kind, rapid.IntRange(0, 3).Draw(t, "chunk"), 0, rapid.Int64Range(0, 9).Draw(t, "after")))
			}
			v, err := New(nil, c)
			if err != nil {
				t.Fatal(err)
			}
			v.config.costs = eager()
			v.loaded[p] = l
			r, err := v.Run(context.Background(), p)
			if err != nil {
				t.Fatal(err)
			}
			limits, got = append(limits, c.Limits), append(got, r)
		}
		for i, r := range got {
			want, err := program.Run(p, limits[i])
			if err != nil {
				t.Fatal(err)
			}
			if diff := want.Diff(r.Outcome); diff != "" {
				t.Fatalf("run %d: specification (-) and run (+) differ:\n%s%s", i, diff, program.Disassemble(p))
			}
		}
	})
}
