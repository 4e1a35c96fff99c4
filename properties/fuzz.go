package properties

import (
	"context"
	"math/rand/v2"
	"os"
	"testing"

	"pgregory.net/rapid"
)

// A fuzzer begins with some inputs that are long enough for any case to be drawn of them:
// it is good at shortening, and bad at adding what means something.
const (
	fuzzSeeds = 16
	fuzzInput = 4 << 10 // bytes
)

// Fuzz lets Go's fuzzer, which is guided by the coverage of the code under test, draw the
// cases of p and the seeds of their schedules:
//
//	func FuzzTransfers(f *testing.F) { properties.Fuzz(f, transfers.Property(…)) }
//
//	go test -fuzz FuzzTransfers -fuzztime 1m -fuzzminimizetime 1x
//
// It tries fewer schedules for each case than Check, to see more cases. What it finds is saved in the corpus with a minimal schedule, where [Check] and verify
// replay it; the fuzzer itself keeps its input in testdata/fuzz. The workload is not shrunk.
func Fuzz(f *testing.F, p Testable, options ...Option) {
	f.Helper()
	target, ok := p.(fuzzable)
	if !ok {
		f.Fatalf("%s cannot be fuzzed: it is a %T, which has no generator", p.Info().ID, p)
	}
	spec, err := newSpec(os.Getenv, append([]Option{Schedules(Budget{Single: 8, Random: 4, Shrink: DefaultBudget.Shrink})}, options...))
	if err != nil {
		f.Fatal(err)
	}
	for i := range uint64(fuzzSeeds) {
		var input [fuzzInput]byte
		_, _ = rand.NewChaCha8([32]byte{byte(spec.Seed), byte(i)}).Read(input[:]) // never fails
		f.Add(input[:])
	}
	ctx := f.Context()
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		failure, err := target.try(ctx, t, spec)
		if err != nil {
			t.Fatal(err)
		}
		if failure != nil {
			t.Fatal(describe(p.Info(), failure, "found by the fuzzer"))
		}
	}))
}

// try tests the case that t draws, and saves what it finds.
func (p *Property[W, O]) try(ctx context.Context, t *rapid.T, spec Spec) (*Failure, error) {
	p, err := p.complete()
	if err != nil {
		return nil, err
	}
	w := p.Generator.Draw(t, "workload")
	seed := rapid.Uint64().Draw(t, "seed of the schedules")
	e := &engine[W, O]{Property: p, program: spec.Program}
	found, err := e.search(ctx, w, seed, spec.Budget, "", func(*attempt[O]) {})
	if found == nil || err != nil {
		return nil, err
	}
	small := shrunk[W, O]{workload: w, finding: *found}
	if err := e.minimiseSchedule(ctx, &small, func() bool { return small.runs > spec.Budget.Shrink }); err != nil {
		return nil, err
	}
	failure, err := e.saved(ctx, &small, spec.Corpus)
	return &failure, err
}

// fuzzable is a Testable whose cases a fuzzer can draw: any *Property.
type fuzzable interface {
	try(ctx context.Context, t *rapid.T, spec Spec) (*Failure, error)
}
