package mutants

import (
	"context"
	"time"
)

// Judge tries mutants, somewhere: a [Bench] does it here. Its methods may be called from several goroutines. An *isolate.NotJudgedError
// says that nobody could.
type Judge interface {
	// Fit runs a property on the program as it is, with so many cases.
	Fit(ctx context.Context, property string, cases int) (Outcome, error)
	// Try builds a mutant, has its property find it, and replays the counterexample: 10 times on the mutant, which must fail each time, and
	// on the program as it is, which must pass. The error says that the judge failed, or ctx ended.
	Try(ctx context.Context, m *Mutant) (Record, error)
}

// Settings are what the mutants of a campaign have in common.
type Settings struct {
	Budget Budget
	// Others are the properties to be asked if a mutant's own does not find it.
	Others func(property string) []string
}

// Bench is a workspace with the program as it is, built. It is a [Judge].
type Bench struct {
	*Workspace
	Settings
	plain string // its binary
}

// NewBench builds the program as it is.
func NewBench(ctx context.Context, w *Workspace, s Settings) (*Bench, error) {
	plain, err := w.Build(ctx, Variant{Name: "the program as it is"})
	return &Bench{w, s, plain}, err
}

// Fit implements [Judge].
func (b *Bench) Fit(ctx context.Context, property string, cases int) (Outcome, error) {
	budget := b.Budget
	budget.Iterations = cases
	o, err := b.run(ctx, b.plain, []string{property}, budget)
	o.Failure.File = "" // in the workspace's folder
	return o, err
}

// Try implements [Judge].
func (b *Bench) Try(ctx context.Context, m *Mutant) (Record, error) {
	began := time.Now()
	r := Record{Mutant: m}
	err := b.try(ctx, &r)
	r.Seconds = time.Since(began).Seconds()
	return r, err
}
