package spoiled

import (
	"regexp"

	"synchrony/models/batch"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// equivalent is a class of changes that may leave a recording as right as it was.
type equivalent[W, O any] struct {
	class string // of Change.Class: a regular expression
	why   string
	// holds says of which changes of the class that is; nil is of all that no checker refuses.
	holds func(W, *O, Change) bool
}

// Equivalents says why a change leaves a recording as right as it was, for all that anybody can tell.
type Equivalents[W, O any] struct {
	classes []*regexp.Regexp
	list    []equivalent[W, O]
}

func compile[W, O any](list []equivalent[W, O]) Equivalents[W, O] {
	e := Equivalents[W, O]{list: list}
	for _, q := range list {
		e.classes = append(e.classes, regexp.MustCompile("^(?:"+q.class+")$"))
	}
	return e
}

// Why says why the recording o of a run of w is as right after the change; "" if it is wrong then.
func (e Equivalents[W, O]) Why(w W, o *O, c Change) string {
	for i, q := range e.list {
		if e.classes[i].MatchString(c.Class()) && (q.holds == nil || q.holds(w, o, c)) {
			return q.why
		}
	}
	return ""
}

// Batches and Programs are the equivalents for runs of both.
func Batches() Equivalents[batch.Workload, trace.Observation] { return compile(batchEquivalents) }

// Programs are the equivalents for runs of programs.
func Programs() Equivalents[program.Workload, trace.ProgramObservation] {
	return compile(programEquivalents)
}

// OfRuntime is what a recording has of the runtime and not of the system: nobody spoils it.
var OfRuntime = Skipped{"Steps": "the scheduler wrote them down itself"}

// ButSetup is all of a workload but how it is run.
var ButSetup = Skipped{"Batch": "ButWork is for that", "Program": "ButWork is for that"}

// ButWork is all of a workload but what is run; and of that what is for the specification to execute, for whether that does it
// right is not a checker's question.
var ButWork = Skipped{
	"Setup": "ButSetup is for that", "Batch.Intents": "the specification executes them",
	"Batch.Transactions[].Call.Intent": "the specification executes it", "Program.Functions[].Lines": "they are where the source has the instructions",
}
