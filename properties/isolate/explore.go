package isolate

import (
	"context"
	"fmt"

	"synchrony/properties"
)

// Explore explores cases as [properties.Testable.Explore] does, in a child. A crash or a
// hang is a Failure by [Checker] of the case that was being explored. A child that does not answer
// soon after the deadline has explored nothing.
func (r *Runner) Explore(ctx context.Context, id string, spec properties.ExploreSpec, progress func(properties.Progress)) (properties.Exploration, error) {
	check, ok := r.Lookup(id)
	if !ok {
		return properties.Exploration{}, fmt.Errorf("there is no property %q", id)
	}
	asked := spec
	asked.Corpus = "" // what is found is saved by this process
	o, err := r.ask(ctx, request{Property: id, Explore: &asked}, limits{r.Patience, spec.Deadline}, progress)
	switch {
	case err != nil:
		return properties.Exploration{}, err
	case o.unjudged == errLate.Error():
		// It had to be ended, in the middle of a schedule, and what it had shown died with it.
		return properties.Exploration{}, nil
	case o.unjudged != "":
		return properties.Exploration{}, &NotJudgedError{o.where(), o.unjudged}
	case o.answer != nil && o.answer.Error != nil:
		return properties.Exploration{}, o.answer.Error.err()
	case o.answer != nil:
		x := *o.answer.Exploration
		if x.Failure != nil {
			err = x.Failure.Save(spec.Corpus)
		}
		return x, err
	}
	// What the cases before showed died with the child, but for their number.
	x := properties.Exploration{Cases: o.last.Case, Schedules: o.last.Schedules}
	c := example(check.Info(), spec.Program, o.death, spec.Cases[o.last.Case])
	_, reproduced, err := r.diesAgain(ctx, c, spec.Deadline)
	notRepeated := ""
	switch {
	case err == nil:
	case ctx.Err() != nil:
		notRepeated = properties.Interrupted
	default:
		notRepeated = err.Error()
	}
	x.Failure = &properties.Failure{
		Checker: Checker, Rule: c.Rule, Reason: c.Reason, Evidence: c.Evidence, Output: o.death.output,
		Case: o.last.Case, Strategy: "exploration", Replayed: reproduced, NotRepeated: notRepeated, Text: string(c.Format()),
	}
	return x, x.Failure.Save(spec.Corpus)
}
