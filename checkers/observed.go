package checkers

import (
	"strings"

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

// Observed returns a checker whose function is asked about observations of valid batches only that are
// well formed, as of [trace.Validate]. Of others the verdict is Unknown: no execution,
// right or wrong, shows them. It remembers whether the batch it saw last was valid.
func Observed(name string, check func(batch.Workload, *trace.Observation) Verdict) OfBatch {
	invalid := Remember((*batch.Batch).Validate)
	return New(name, func(w batch.Workload, o trace.Observation) Verdict {
		if err := invalid(w.Batch); err != nil {
			first, _, _ := strings.Cut(err.Error(), "\n")
			return Undecided("malformed: the batch is invalid: %s", first)
		}
		if err := trace.Validate(&o, w.Batch); err != nil {
			return Undecided("%v", err)
		}
		return check(w, &o)
	})
}

// Ran returns a checker whose function is asked about runs of valid programs, whose globals are among their variables, and
// about such runs that were refused. Of others the verdict is Unknown: an invalid program has no runs that could be judged. It
// remembers whether the program it saw last was valid.
func Ran(name string, check func(program.Workload, *trace.ProgramObservation) Verdict) OfProgram {
	invalid := Remember(program.Validate)
	return New(name, func(w program.Workload, o trace.ProgramObservation) Verdict {
		if err := invalid(w.Program); err != nil && (w.Program == nil || o.End != trace.ProgramRefused) {
			return Undecided("malformed: %v", err)
		}
		if o.Globals < 0 || o.Globals > len(o.Variables) {
			return Undecided("malformed: %d of %d variables are globals", o.Globals, len(o.Variables))
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
