package auto

import (
	"context"
	"time"

	"synchrony/properties/campaign"
)

// Campaign tests mutants, several at once. What becomes of each does not depend on how
// many are tested at once.
type Campaign struct {
	Tester  *Tester
	Mutants []*Mutant
	Jobs    int
	End     time.Time // no mutant is begun after it; zero is never
}

// Run tests the mutants. It calls done for each, in their order, on the caller's
// goroutine. It returns the first error of the workspace, after which no mutant is begun; those
// that were not begun have no verdict.
func (c *Campaign) Run(ctx context.Context, done func(Result)) error {
	return campaign.InOrder(ctx, len(c.Mutants), c.Jobs, func(ctx context.Context, i int) (Result, error) {
		if err := ctx.Err(); err != nil || !c.End.IsZero() && time.Now().After(c.End) {
			return describe(c.Mutants[i]), err
		}
		return c.Tester.test(ctx, c.Mutants[i])
	}, func(_ int, r Result) { done(r) })
}
