package proof

import (
	"context"
	"fmt"

	"synchrony/checkers/smt"
	"synchrony/models/batch"
	"synchrony/models/trace"
	"synchrony/properties"
)

// Plan makes a counterexample of inputs and an order that refute a plan.
func Plan(ctx context.Context, e *smt.PlanCounterexample, plan []trace.Dependency) (*properties.Counterexample, error) {
	w := ordering{Batch: unsigned(e.Batch), Order: e.Other}
	for _, d := range plan {
		w.Plan = append(w.Plan, edge{int(d.From), int(d.To)})
	}
	return confirmed(ctx, planned(), w)
}

// Conservation makes a counterexample of inputs with which an intent mints or burns.
func Conservation(ctx context.Context, e *smt.IntentCounterexample) (*properties.Counterexample, error) {
	return confirmed(ctx, conserving(), unsigned(e.Batch))
}

// Overflow makes a counterexample of inputs with which an intent overflows.
func Overflow(ctx context.Context, e *smt.IntentCounterexample) (*properties.Counterexample, error) {
	return confirmed(ctx, bounded(), unsigned(e.Batch))
}

// unsigned is the batch without attestations: those that it had are for other values,
// and the sequential specification does not ask for any.
func unsigned(b *batch.Batch) *batch.Batch {
	c := *b
	c.Attestations = nil
	return &c
}

// confirmed makes a counterexample of w and replays it from its text, so that what is
// saved is known to reproduce. An error says that it does not, or has no text.
func confirmed[W, O any](ctx context.Context, p *properties.Property[W, O], w W) (*properties.Counterexample, error) {
	files, err := p.Codec.Format(w)
	if err != nil {
		return nil, fmt.Errorf("%s: the inputs have no text form: %w", p.ID, err)
	}
	c := &properties.Counterexample{Property: p.ID, System: p.System.Name(), Checker: p.Checkers[0].Name(), Workload: files}
	r, err := p.Replay(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.ID, err)
	}
	if !r.Reproduced {
		return nil, fmt.Errorf("%s: what refutes it is lost in its text form", p.ID)
	}
	c.Rule, c.Reason, c.Evidence, c.Story = r.Verdict.Rule, r.Verdict.Reason, r.Verdict.Evidence, r.Story
	return c, nil
}
