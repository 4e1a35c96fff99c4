package mutants

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"synchrony/properties"
	"synchrony/properties/campaign"
	"synchrony/properties/isolate"
)

// Comparison is how ways to choose schedules are compared on a mutant: each searches by
// itself, case after case of the same sequences, until it has found the mutant.
type Comparison struct {
	Child      []string // the program's arguments that make it call [isolate.Serve]
	Lookup     func(id string) (properties.Testable, bool)
	Strategies []properties.NamedBudget
	Seeds      int // of the cases: 1, 2, … Each strategy runs with all
	Default    int // cases for each seed whose default schedules must not show the mutant, or it is left out
	Schedules  int // for each seed: what takes more counts as not found
}

// Findings are how soon each strategy found a mutant.
type Findings struct {
	Mutant     *Mutant
	Default    Finding   // by the default schedules of the first cases
	Strategies []Finding // in their order; none if those were enough
}

// Finding is how soon one strategy found a mutant.
type Finding struct {
	Name  string `json:"name"`  // of the strategy
	Found int    `json:"found"` // with how many of the seeds
	// Median is the number of schedules, over all cases, with which half of the seeds found it; 0 if
	// less than half did.
	Median int `json:"median,omitempty"`
}

// Enough reports whether it found the mutant with at least half of the seeds.
func (f *Finding) Enough() bool { return f.Median > 0 }

// patience is how long a search may show no sign of life.
const patience = 30 * time.Second

// compare runs each strategy on a mutant, with all seeds. What is found is not shrunk.
func (w *Workspace) compare(ctx context.Context, m *Mutant, c Comparison) (Findings, error) {
	f := Findings{Mutant: m}
	v, err := w.Variant(m)
	if err != nil {
		return f, err
	}
	binary, err := w.Build(ctx, v)
	if err != nil {
		return f, err
	}
	defer func() { _ = os.Remove(binary) }() // Close would, too
	r := &isolate.Runner{Executable: binary, Arguments: c.Child, Patience: patience, Lookup: c.Lookup}
	f.Default, err = c.find(ctx, r, m, properties.NamedBudget{Name: "default"}, c.Default)
	if err != nil || f.Default.Enough() {
		return f, err
	}
	for _, strategy := range c.Strategies {
		finding, err := c.find(ctx, r, m, strategy, c.Schedules)
		if err != nil {
			return f, err
		}
		f.Strategies = append(f.Strategies, finding)
	}
	return f, nil
}

// find lets a strategy search with all seeds, on so many schedules for each.
func (c *Comparison) find(ctx context.Context, r *isolate.Runner, m *Mutant, strategy properties.NamedBudget, schedules int) (Finding, error) {
	finding := Finding{Name: strategy.Name}
	var counts []int
	for seed := range c.Seeds {
		spec := properties.Spec{Seed: uint64(seed + 1), Count: schedules, Schedules: schedules, Budget: strategy.Budget}
		res, err := r.Run(ctx, m.KilledBy, spec, func(properties.Progress) {})
		if err != nil {
			return finding, err
		}
		if len(res.Failures) == 0 {
			continue
		}
		n := res.Failures[0].Schedules
		if res.Failures[0].Checker == isolate.Checker {
			if res.Failures[0].Rule == "hang" { // how many schedules that took depends on time
				return finding, fmt.Errorf("%s by %s, seed %d: %s; leave this mutant out", m.Name, strategy.Name, seed+1, res.Failures[0].Reason)
			}
			n = res.Schedules + 1 // how many of its last case the process had run died with it
		}
		if n <= schedules {
			counts = append(counts, n)
		}
	}
	finding.Found, finding.Median = len(counts), median(counts, c.Seeds)
	return finding, nil
}

// median returns the least number that at least half of n numbers do not exceed, of which only some
// are given and the others are infinite; 0 if it is infinite, too.
func median(given []int, n int) int {
	half := (n - 1) / 2
	if half >= len(given) {
		return 0
	}
	slices.Sort(given)
	return given[half]
}

// EachFindings compares strategies on mutants, up to jobs at once, and calls done with what
// each showed, in their order, on the caller's goroutine. It stops at the first error.
func EachFindings(ctx context.Context, w *Workspace, list []*Mutant, c Comparison, jobs int, done func(Findings)) error {
	return campaign.InOrder(ctx, len(list), jobs, func(ctx context.Context, i int) (Findings, error) {
		return w.compare(ctx, list[i], c)
	}, func(_ int, f Findings) { done(f) })
}
