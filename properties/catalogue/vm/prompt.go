package vm

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/overlap"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
)

// prompt is V22.
func prompt(s system) properties.Testable {
	p := one(s, "V22", "a chunk is attempted as soon as those have succeeded that it waits for, if there is a worker for each; all attempts that it may have fit into half the time of the run, however long they hang",
		layered(), []condition{hung, retried, {Name: "two chunks behind the first that hung", Holds: func(w program.Workload, o trace.ProgramObservation) bool {
			applies := overlap.AppliesToProgram(w, &o)
			n := 0
			for _, e := range o.Events {
				if e.Kind == trace.ChunkTimeout && e.Chunk > 0 {
					n++
				}
			}
			return applies && n > 1
		}}}, overlap.Programs(), timeForRetries{})
	p.PatientClock, p.Real = true, nil
	return p
}

// timeForRetries decides that no attempt hangs for so long that the attempts which its chunk may have would not be over within the first half of
// the run's time: the other half is for what falls back. Its rule is "no time for retries".
type timeForRetries struct{}

func (timeForRetries) Name() string { return "time for retries" }

func (timeForRetries) Check(w program.Workload, o trace.ProgramObservation) checkers.Verdict {
	type attempt struct{ chunk, attempt int32 }
	began := map[attempt]time.Duration{}
	attempts, half := time.Duration(w.Setup.Retries+1), w.Setup.RunTimeout()/2
	for _, e := range o.Events {
		switch a := (attempt{e.Chunk, e.Attempt}); e.Kind {
		case trace.ChunkStart:
			began[a] = e.Time
		case trace.ChunkTimeout:
			if hung := e.Time - began[a]; hung*attempts >= half {
				return checkers.Failed("no time for retries", fmt.Sprintf("attempt %d at chunk %d hung for %v, and a chunk may have %d, for which there are %v", e.Attempt, e.Chunk, hung, attempts, half))
			}
		}
	}
	return checkers.Passed()
}

// layered draws programs of chunks in two or three layers: one, then several that read what it wrote, then some that read what one of these wrote each.
// Attempts at many of them hang at first, and there is a worker for each.
func layered() *rapid.Generator[program.Workload] {
	return rapid.Custom(func(t *rapid.T) program.Workload {
		b := builder{p: &program.Program{Functions: []program.Function{{Name: program.MainName}}}}
		piece := func(from int32, name string) (to int32) { // writes a variable by another
			b.emit(program.LoadName, from, 0)
			b.push(program.Int(1))
			b.emit(program.Add, 0, 0)
			to = b.variable(name)
			b.emit(program.StoreName, to, 0)
			return to
		}
		b.push(program.Int(int64(rapid.IntRange(0, 9).Draw(t, "value"))))
		b.push(program.Int(1))
		b.emit(program.Add, 0, 0)
		first := b.variable("a")
		b.emit(program.StoreName, first, 0)
		width, depth := rapid.IntRange(2, 4).Draw(t, "chunks at once"), rapid.IntRange(1, 2).Draw(t, "layers")
		n := 1
		for i := range width {
			name := string(rune('b' + i))
			second := piece(first, name)
			n++
			if depth > 1 && rapid.Bool().Draw(t, "another behind") {
				piece(second, name+"2")
				n++
			}
		}
		w := program.Workload{Program: b.built(), Setup: program.Setup{
			Mode: program.Parallel, Workers: n + rapid.IntRange(0, 2).Draw(t, "more workers"), ChunkSize: 4, MinChunkSize: 1, Retries: 2,
		}}
		for c := range n {
			if rapid.IntRange(0, 9).Draw(t, "hangs") > 1 {
				w.Setup.Faults = append(w.Setup.Faults, program.Fault{Kind: program.HangAttempt, Chunk: c, After: int64(rapid.IntRange(0, 3).Draw(t, "after"))})
			}
		}
		return w
	})
}
