package auto

import (
	"context"
	"errors"
	"slices"
	"time"

	"synchrony/properties/campaign"
	"synchrony/properties/isolate"
)

// Judge tests mutants, somewhere: a [Tester] does it here. Its methods may be called from several goroutines. An *isolate.NotJudgedError
// says that nobody could.
type Judge interface {
	// Baseline tests the program as it is as hard as mutants of a package that survive. The error is an [*UnfitError] if it does not pass.
	Baseline(ctx context.Context, folder string) error
	// Test puts a mutant through the stages until one kills it. The error says that the judge failed, or ctx ended.
	Test(ctx context.Context, m *Mutant) (Result, error)
}

// Campaign tests mutants, several at once. What becomes of each does not depend on how
// many are tested at once.
type Campaign struct {
	Judge   Judge
	Mutants []*Mutant
	Jobs    int
	End     time.Time // no mutant is begun after it; zero is never
}

// Baseline tests the program as it is as hard as mutants of these packages that survive. The
// error is an [*UnfitError] if it does not pass.
func (c *Campaign) Baseline(ctx context.Context, packages []string) error {
	var different []string // packages that are tested differently
	for _, p := range packages {
		if !slices.ContainsFunc(different, func(d string) bool { return kind(d) == kind(p) }) {
			different = append(different, p)
		}
	}
	for _, p := range different {
		if err := c.Judge.Baseline(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// Run tests the mutants. It calls done for each, in their order, on the caller's
// goroutine. It returns the first error of the judge, after which no mutant is begun; those
// that were not begun have no verdict.
func (c *Campaign) Run(ctx context.Context, done func(Result)) error {
	return campaign.InOrder(ctx, len(c.Mutants), c.Jobs, func(ctx context.Context, i int) (Result, error) {
		if err := ctx.Err(); err != nil || !c.End.IsZero() && time.Now().After(c.End) {
			return describe(c.Mutants[i]), err
		}
		r, err := c.Judge.Test(ctx, c.Mutants[i])
		var unjudged *isolate.NotJudgedError
		if errors.As(err, &unjudged) {
			r, err = describe(c.Mutants[i]), nil
			r.How = unjudged.Error()
		}
		return r, err
	}, func(_ int, r Result) { done(r) })
}
