package mutants

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"synchrony/properties/campaign"
	"synchrony/properties/isolate"
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

// Campaign tries mutants, several at once. What each shows does not depend on how
// many run at once, nor on the order in which they end.
type Campaign struct {
	Judge      Judge
	Mutants    []*Mutant
	Iterations int // cases for each property, unless a mutant asks for more
	Jobs       int
	End        time.Time // no mutant is begun after it; zero is never
	Keep       string    // folder for the counterexamples, each under its mutant's name; empty for none
}

// Fit reports whether the program as it is passes the properties that the mutants
// name, with as many cases as any of them gets. The error is an [*UnfitError] if not.
func (c *Campaign) Fit(ctx context.Context) error {
	cases := map[string]int{}
	for _, m := range c.Mutants {
		cases[m.KilledBy] = max(cases[m.KilledBy], cmp.Or(m.Cases, c.Iterations))
	}
	ids := slices.Sorted(maps.Keys(cases))
	return campaign.InOrder(ctx, len(ids), c.Jobs, func(ctx context.Context, i int) (Outcome, error) {
		o, err := c.Judge.Fit(ctx, ids[i], cases[ids[i]])
		var unjudged *isolate.NotJudgedError
		if errors.As(err, &unjudged) {
			o, err = Outcome{Status: Broken, Why: unjudged.Error()}, nil
		}
		if err == nil && o.Status != Survived {
			err = &UnfitError{ids[i], o}
		}
		return o, err
	}, func(int, Outcome) {})
}

// Run tries the mutants. It calls done for each, in their order, on the caller's
// goroutine, and returns the first error of the judge, after which no more are tried.
func (c *Campaign) Run(ctx context.Context, done func(int, Record)) error {
	return campaign.InOrder(ctx, len(c.Mutants), c.Jobs, func(ctx context.Context, i int) (Record, error) {
		m := c.Mutants[i]
		if !c.End.IsZero() && time.Now().After(c.End) {
			return Record{Mutant: m, Result: NotTried, Why: "the time was over"}, nil
		}
		r, err := c.Judge.Try(ctx, m)
		var unjudged *isolate.NotJudgedError
		if errors.As(err, &unjudged) {
			return Record{Mutant: m, Result: DoesNotRun, Why: unjudged.Error()}, nil
		}
		if err != nil {
			return r, err
		}
		return r, r.keep(c.Keep)
	}, done)
}
