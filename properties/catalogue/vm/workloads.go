package vm

import (
	"pgregory.net/rapid"

	"synchrony/checkers/outcome"
	"synchrony/generators/programs"
	"synchrony/models/program"
)

// workloads draws from a profile. A program of which it can't be decided what it may
// show, since too many interleavings are to be told apart, is drawn again without races and
// timeouts.
func workloads(o programs.Options) *rapid.Generator[program.Workload] {
	calm := o
	calm.Racy, calm.JoinLimit = 0, 0
	any, quiet := programs.Programs(o), programs.Programs(calm)
	return rapid.Custom(func(t *rapid.T) program.Workload {
		w := bounded(any.Draw(t, "workload").Workload)
		if mayDiffer(w) && !outcome.Decidable(w) {
			return bounded(quiet.Draw(t, "workload without races").Workload)
		}
		return w
	})
}

// maxSteps is far more than any drawn program needs. It keeps a machine that is broken,
// and misses the end of a loop, from going on for seconds in each schedule.
const maxSteps = 50_000

func bounded(w program.Workload) program.Workload {
	if w.Setup.Limits.Steps == 0 {
		w.Setup.Limits.Steps = maxSteps
	}
	return w
}

// mayDiffer reports whether a program may have several outcomes.
func mayDiffer(w program.Workload) bool {
	if limitsJoins(w.Program) {
		return true
	}
	l := programs.Classify(w)
	return l.Has("shared: racy")
}

// mostly draws from one generator, and in one of five cases from another.
func mostly(often, rarely *rapid.Generator[program.Workload]) *rapid.Generator[program.Workload] {
	return rapid.Custom(func(t *rapid.T) program.Workload {
		if rapid.IntRange(0, 4).Draw(t, "kind of workload") == 4 {
			return rarely.Draw(t, "workload")
		}
		return often.Draw(t, "workload")
	})
}

// heavy draws programs for mode auto that last: loops and calls between which little is
// passed on. Their cost is not known before they run, so that they begin alone, and are
// handed to workers on the way.
func heavy() *rapid.Generator[program.Workload] {
	o := with(programs.AnyProgram(), func(o *programs.Options) {
		o.MaxStatements, o.Loops, o.Calls, o.Maps, o.Forks, o.Variables = 30, 12, 10, 1, 1, programs.Separate
	})
	return rapid.Map(workloads(o), func(w program.Workload) program.Workload {
		w.Setup.Mode, w.Setup.Workers = program.Auto, max(2, w.Setup.Workers)
		return w
	})
}

// persistent draws programs with a chunk of which every attempt fails, if that chunk is
// there.
func persistent(o programs.Options) *rapid.Generator[program.Workload] {
	g := workloads(o)
	return rapid.Custom(func(t *rapid.T) program.Workload {
		w := g.Draw(t, "workload")
		kind := program.FaultKind(1 + rapid.IntRange(0, 2).Draw(t, "kind"))
		chunk := rapid.IntRange(0, 2).Draw(t, "chunk")
		after := int64(rapid.IntRange(0, 6).Draw(t, "after"))
		attempts := 1 + program.DefaultRetries
		if r := w.Setup.Retries; r != 0 {
			attempts = 1 + max(r, 0)
		}
		w.Setup.Faults = nil
		for a := range attempts {
			w.Setup.Faults = append(w.Setup.Faults, program.Fault{Kind: kind, Chunk: chunk, Attempt: a, After: after})
		}
		return w
	})
}
