package mutants

import (
	"context"
	"slices"
	"time"

	"synchrony/properties"
	"synchrony/properties/isolate"
)

// Comparison is how strategies are compared on a mutant: each searches by itself, with the
// same cases, until it has found the mutant.
type Comparison struct {
	Child     []string // the program's arguments that make it call [isolate.Serve]
	Lookup    func(id string) (properties.Testable, bool)
	Seeds     int // of the cases; each strategy runs with all
	Cases     int // for each seed at most
	Schedules int // for each case at most, beside the default one
}

// Findings are how soon each strategy found a mutant.
type Findings struct {
	Mutant *Mutant
	// ByDefault says that the default schedules of the cases show it: no strategy is needed.
	ByDefault  bool
	Strategies []Finding // in the order of [properties.Strategies]; none if ByDefault
}

// Finding is how soon one strategy found a mutant.
type Finding struct {
	Strategy string
	Found    int // with how many of the seeds
	// Median is of the schedules that were run until then, over all seeds; -1 if less than half
	// of them found it.
	Median int
}

// patience is how long a search may show no sign of life.
const patience = 30 * time.Second

// Compare runs each strategy on a mutant, with as many seeds.
func (l *Lab) Compare(ctx context.Context, m *Mutant, c Comparison) (Findings, error) {
	f := Findings{Mutant: m}
	v, err := l.Variant(m)
	if err != nil {
		return f, err
	}
	binary, err := l.Build(ctx, v)
	if err != nil {
		return f, err
	}
	r := &isolate.Runner{Executable: binary, Arguments: c.Child, Patience: patience, Lookup: c.Lookup}
	run := func(strategy string, schedules, seed int) (int, error) {
		spec := properties.Spec{
			Seed: uint64(seed), Count: c.Cases, Budget: properties.Budget{Random: schedules, Strategy: strategy},
		}
		res, err := r.Run(ctx, m.KilledBy, spec, func(properties.Progress) {})
		if err != nil || len(res.Failures) == 0 {
			return -1, err
		}
		return res.Failures[0].Schedules, nil
	}
	found, err := run("random", 0, 1)
	if f.ByDefault = found >= 0; f.ByDefault || err != nil {
		return f, err
	}
	for _, strategy := range properties.Strategies() {
		finding := Finding{Strategy: strategy}
		var counts []int
		for seed := range c.Seeds {
			n, err := run(strategy, c.Schedules, seed+1)
			if err != nil {
				return f, err
			}
			if n >= 0 {
				counts = append(counts, n)
			}
		}
		finding.Found, finding.Median = len(counts), -1
		slices.Sort(counts)
		if half := c.Seeds / 2; half < len(counts) {
			finding.Median = counts[half]
		}
		f.Strategies = append(f.Strategies, finding)
	}
	return f, nil
}

// EachFindings compares strategies on mutants, up to jobs at once, and calls done with what
// each showed, in their order, on the caller's goroutine. It stops at the first error.
func EachFindings(ctx context.Context, l *Lab, list []*Mutant, c Comparison, jobs int, done func(Findings)) error {
	return InOrder(ctx, len(list), jobs, func(ctx context.Context, i int) (Findings, error) {
		return l.Compare(ctx, list[i], c)
	}, func(_ int, f Findings) { done(f) })
}
