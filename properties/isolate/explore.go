package isolate

import (
	"context"
	"fmt"

	"synchrony/properties"
)

// Explore explores cases as [properties.Testable.Explore] does, in a child. A crash or a
// hang is a Failure by [Checker] of the case that was being explored.
func (r *Runner) Explore(ctx context.Context, id string, spec properties.ExploreSpec, progress func(properties.Progress)) (properties.Exploration, error) {
	check, ok := r.Lookup(id)
	if !ok {
		return properties.Exploration{}, fmt.Errorf("there is no property %q", id)
	}
	o, err := r.ask(ctx, request{Property: id, Explore: &spec}, r.Patience, progress)
	if err != nil {
		return properties.Exploration{}, err
	}
	if o.death == nil {
		if o.answer.Error != nil {
			return properties.Exploration{}, o.answer.Error.err()
		}
		return *o.answer.Exploration, nil
	}
	// What the cases before showed died with the child, but for their number.
	x := properties.Exploration{Cases: o.last.Case, Schedules: o.last.Schedules}
	c := example(check.Info(), o.death, spec.Cases[o.last.Case])
	_, reproduced, err := r.diesAgain(ctx, c)
	if err != nil {
		return x, err
	}
	x.Failure = &properties.Failure{
		Checker: Checker, Rule: c.Rule, Reason: c.Reason, Evidence: c.Evidence,
		Case: o.last.Case, Strategy: "exploration", Replayed: reproduced, Text: string(c.Format()),
	}
	if spec.Corpus != "" {
		if x.Failure.File, err = c.Save(spec.Corpus); err != nil {
			return x, &properties.SaveError{Err: err, Text: x.Failure.Text}
		}
	}
	return x, nil
}
