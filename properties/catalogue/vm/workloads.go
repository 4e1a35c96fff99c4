package vm

import (
	"pgregory.net/rapid"

	"synchrony/checkers/outcome"
	"synchrony/generators/programs"
	"synchrony/models/program"
)

// workloads draws from a profile.
func workloads(o programs.Options) *rapid.Generator[program.Workload] {
	return changed(o, func(_ *rapid.T, w program.Workload) program.Workload { return w })
}

// Workloads draws from a profile programs of which can be decided what they may show.
func Workloads(o programs.Options) *rapid.Generator[program.Workload] { return workloads(o) }

// changed draws from a profile, and changes what was drawn. A program of which it can't be
// decided what it may show, since too many interleavings are to be told apart, is drawn again: without
// races and timeouts, and, if the change brings those back, without forks, so that it shows one thing only.
func changed(o programs.Options, change func(*rapid.T, program.Workload) program.Workload) *rapid.Generator[program.Workload] {
	quiet := with(o, func(o *programs.Options) { o.Racy, o.JoinLimit = 0, 0 })
	alone := with(quiet, func(o *programs.Options) { o.Forks, o.Barriers = 0, 0 })
	var attempts []*rapid.Generator[programs.Drawn]
	for _, o := range []programs.Options{o, quiet, alone} {
		attempts = append(attempts, programs.Programs(o))
	}
	return rapid.Custom(func(t *rapid.T) (w program.Workload) {
		for _, g := range attempts {
			w = change(t, bounded(g.Draw(t, "workload").Workload))
			if !mayDiffer(w) || outcome.Decidable(w) {
				break
			}
		}
		return w
	})
}

// scaled draws large programs.
func scaled() *rapid.Generator[program.Workload] {
	return rapid.Map(programs.Scaled(), func(d programs.Drawn) program.Workload { return d.Workload })
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

// mostly draws from one generator, and in one of ten cases each from the others; one that is named twice in two of ten.
func mostly(often *rapid.Generator[program.Workload], rarely ...*rapid.Generator[program.Workload]) *rapid.Generator[program.Workload] {
	return rapid.Custom(func(t *rapid.T) program.Workload {
		if kind := 9 - rapid.IntRange(0, 9).Draw(t, "kind of workload"); kind < len(rarely) {
			return rarely[kind].Draw(t, "workload")
		}
		return often.Draw(t, "workload")
	})
}

// limitedCalls draws programs in which nearly every statement is a call of straight code, and a limit strikes at a border of
// that code or at the end, or just does not: what comes after a return is then all that is left of the run.
func limitedCalls() *rapid.Generator[program.Workload] {
	return workloads(with(programs.Functions(), func(o *programs.Options) {
		o.MaxStatements, o.Calls, o.Maps, o.Forks, o.Limits = 6, 60, 1, 1, 100
		o.Loops, o.Prints, o.Returns = 0, 0, 1 // a machine looks at its limits in loops and at a PRINT anyway
	}))
}

// heavy draws programs for mode auto that last: loops and calls between which little is
// passed on. Their cost is not known before they run, so that they begin alone, and are
// handed to workers on the way.
func heavy() *rapid.Generator[program.Workload] { return lasting(programs.AnyProgram()) }

func lasting(o programs.Options) *rapid.Generator[program.Workload] {
	o = with(o, func(o *programs.Options) {
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
	return changed(o, func(t *rapid.T, w program.Workload) program.Workload {
		kind := drawnFault(t)
		chunk := rapid.IntRange(0, 2).Draw(t, "chunk")
		w.Setup.Faults = everyAttempt(w.Setup, program.Fault{Kind: kind, Chunk: chunk, After: int64(rapid.IntRange(0, 6).Draw(t, "after"))})
		return w
	})
}

func drawnFault(t *rapid.T) program.FaultKind {
	return program.FaultKind(1 + rapid.IntRange(0, 2).Draw(t, "kind"))
}

// everyAttempt is a fault in each attempt at a chunk that the configuration allows.
func everyAttempt(s program.Setup, f program.Fault) []program.Fault {
	attempts := 1 + program.DefaultRetries
	if s.Retries != 0 {
		attempts = 1 + max(s.Retries, 0)
	}
	var all []program.Fault
	for f.Attempt = range attempts {
		all = append(all, f)
	}
	return all
}
