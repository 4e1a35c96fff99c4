package checkers

import (
	"synchrony/models/batch"
	"synchrony/models/program"
	"synchrony/models/trace"
)

type (
	// OfBatch decides a question about a run of a batch.
	OfBatch = Checker[batch.Workload, trace.Observation]
	// OfProgram decides a question about a run of a program.
	OfProgram = Checker[program.Workload, trace.ProgramObservation]
)

// Func is a checker that is a function.
type Func[W, O any] struct {
	name  string
	check func(W, O) Verdict
}

// New returns the checker of that name that is a function, which must be pure.
func New[W, O any](name string, check func(W, O) Verdict) Func[W, O] { return Func[W, O]{name, check} }

// Name is the name that the checker was given.
func (f Func[W, O]) Name() string { return f.name }

// Check calls the function.
func (f Func[W, O]) Check(w W, o O) Verdict { return f.check(w, o) }

// Observed returns a checker whose function is asked about observations only that are
// well formed, as of [trace.Validate]. Of others the verdict is Unknown: no execution,
// right or wrong, shows them.
func Observed(name string, check func(batch.Workload, *trace.Observation) Verdict) OfBatch {
	return New(name, func(w batch.Workload, o trace.Observation) Verdict {
		if err := trace.Validate(&o, w.Batch); err != nil {
			return Undecided("%v", err)
		}
		return check(w, &o)
	})
}

// Logged is [Observed] for a function that needs the log of the events, too; Unknown if
// they make none.
func Logged(name string, check func(batch.Workload, *trace.Observation, *trace.Log) Verdict) OfBatch {
	return Observed(name, func(w batch.Workload, o *trace.Observation) Verdict {
		log, err := trace.NewLog(o, w.Batch)
		if err != nil {
			return Undecided("%v", err)
		}
		return check(w, o, log)
	})
}
