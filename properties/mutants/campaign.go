package mutants

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"synchrony/properties/campaign"
)

// Sample draws n of the mutants by a seed, and keeps their order; all if there are
// no more.
func Sample(all []*Mutant, n int, seed uint64) []*Mutant {
	if n >= len(all) {
		return all
	}
	chosen := rand.New(rand.NewPCG(seed, 0)).Perm(len(all))[:n]
	slices.Sort(chosen)
	out := make([]*Mutant, n)
	for i, k := range chosen {
		out[i] = all[k]
	}
	return out
}

// UnfitError says that the program as it is does not pass a property, so that no
// mutant can be judged by that.
type UnfitError struct {
	Property string
	Outcome  Outcome
}

func (e *UnfitError) Error() string {
	why := e.Outcome.Why
	if e.Outcome.Status == Killed {
		why = e.Outcome.Failure.Reason
	}
	return fmt.Sprintf("the program without any mutation does not pass %s (%s: %s): verify run %s says more; mutants say nothing until it passes",
		e.Property, e.Outcome.Status, why, e.Property)
}

// Fit reports whether the program as it is passes the properties that the mutants
// name, with as many cases as any of them gets. The error is an [*UnfitError] if not.
func (w *Workspace) Fit(ctx context.Context, plain string, all []*Mutant, b Budget, jobs int) error {
	cases := map[string]int{}
	var ids []string
	for _, m := range all {
		if _, known := cases[m.KilledBy]; !known {
			ids = append(ids, m.KilledBy)
		}
		cases[m.KilledBy] = max(cases[m.KilledBy], m.budget(b).Iterations)
	}
	slices.Sort(ids)
	return campaign.InOrder(ctx, len(ids), jobs, func(ctx context.Context, i int) (Outcome, error) {
		budget := b
		budget.Iterations = cases[ids[i]]
		o, err := w.run(ctx, plain, ids[i:i+1], budget)
		if err == nil && o.Status != Survived {
			err = &UnfitError{ids[i], o}
		}
		return o, err
	}, func(int, Outcome) {})
}

// Campaign tries mutants, several at once. What each shows does not depend on how
// many run at once, nor on the order in which they end.
type Campaign struct {
	Workspace *Workspace
	Mutants   []*Mutant
	Settings  Settings
	Jobs      int
	End       time.Time // no mutant is begun after it; zero is never
}

// Run tries the mutants. It calls done for each, in their order, on the caller's
// goroutine, and returns the first error of the workspace, after which no more are tried.
func (c *Campaign) Run(ctx context.Context, done func(int, Record)) error {
	return campaign.InOrder(ctx, len(c.Mutants), c.Jobs, func(ctx context.Context, i int) (Record, error) {
		m := c.Mutants[i]
		if !c.End.IsZero() && time.Now().After(c.End) {
			return Record{Mutant: m, Result: NotTried, Why: "the time was over"}, nil
		}
		return c.Workspace.Try(ctx, m, c.Settings)
	}, done)
}
