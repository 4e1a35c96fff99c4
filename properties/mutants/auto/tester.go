package auto

import (
	"context"
	"fmt"
	"os"
	"time"

	"synchrony/properties/mutants"
)

// Verdict is what became of a mutant.
type Verdict string

// The verdicts.
const (
	Killed   Verdict = "killed"
	Survived Verdict = "survived"
	// Listed mutants are on the list of equivalent ones, and are not run.
	Listed    Verdict = "equivalent"
	NotTested Verdict = "not tested" // the time was over
)

// Result is what became of one mutant, and how.
type Result struct {
	Name     string  `json:"name"`
	Operator string  `json:"operator"`
	Key      string  `json:"key"`
	Verdict  Verdict `json:"verdict"`
	// By is the property that killed it; with How it is told how: by which checker and rule, or
	// that it crashed, hung, or kept a property from seeing what it is about.
	By  string `json:"by,omitempty"`
	How string `json:"how,omitempty"`
	// Stage is the last stage of tests that it was put through, from 1.
	Stage int `json:"stage,omitempty"`
	// Reason is why it is equivalent.
	Reason       string  `json:"reason,omitempty"`
	Diff         string  `json:"diff"`
	BuildSeconds float64 `json:"buildSeconds"`
	TestSeconds  float64 `json:"testSeconds"`
}

// Tester decides what becomes of mutants. It may be used by many goroutines.
type Tester struct {
	Lab        *mutants.Lab
	Seed       uint64
	Equivalent Equivalent
}

// stage is a round of tests that a mutant has to survive.
type stage struct {
	properties []string
	iterations int
	// last says that the unmutated program meets everything there that the properties want to
	// see, so that not to see it is a difference, too.
	last bool
	race bool // the binary is built with the race detector
}

// patience is how long a property may show no sign of life; its first case takes milliseconds.
const patience = 5 * time.Second

// shrinkTime is what is spent on a smaller counterexample, which nobody is going to read.
const shrinkTime = time.Millisecond

// stageTime bounds a property in a stage. Unmutated, it takes a tenth of that at most.
const stageTime = 45 * time.Second

// stages are the tests of a package's mutants, the quick ones that kill most first.
func stages(m *Mutant) []stage {
	first, all := "S", batchProperties
	if m.Package() == "executor/vm" {
		first, all = "V", programProperties
	}
	list := []stage{
		{properties: []string{first}, iterations: 30},
		{properties: all, iterations: 25},
		{properties: all, iterations: 200, last: true},
	}
	for _, op := range Operators() {
		if op.Name == m.Operator && op.Concurrency {
			list = append(list, stage{properties: []string{first}, iterations: 10, race: true})
		}
	}
	return list
}

// The properties that mutants of each package are tested with, those that kill most first.
// Those about parsing alone run nothing of these packages.
var (
	batchProperties = []string{
		"S22", "S12", "S23", "S9", "S11", "S3", "S7", "S14", "S24", "S20", "S15", "S19", "S10", "S13",
		"S8", "S1", "S6", "S5", "S18", "S21", "S25", "S4", "S2",
	}
	programProperties = []string{"V1", "V8", "V9", "V5", "V6", "V10", "V4", "V4b", "V7", "V2", "V11", "V3", "V14", "V13"}
)

// Baseline tests the unmutated program as hard as a mutant that survives. The error says
// which property does not pass: nothing can be said of mutants then.
func (t *Tester) Baseline(ctx context.Context, packages []string) error {
	binary, err := t.Lab.Build(ctx, mutants.Variant{Name: "the unmutated program"})
	if err != nil {
		return err
	}
	defer os.Remove(binary)
	for _, p := range packages {
		for _, s := range stages(&Mutant{Path: p + "/"}) {
			o, err := t.run(ctx, binary, s)
			if err != nil {
				return err
			}
			if by, how := killedBy(o, s); by != "" {
				return fmt.Errorf("the unmutated program does not pass %s: %s", by, how)
			}
		}
	}
	return nil
}

// describe is a result before there is a verdict.
func describe(m *Mutant) Result {
	return Result{Name: m.Name(), Operator: m.Operator, Key: m.Key(), Diff: m.Diff(), Verdict: NotTested}
}

// Test puts a mutant through the stages until one kills it. The error says that the
// lab failed, or ctx ended.
func (t *Tester) Test(ctx context.Context, m *Mutant) (Result, error) {
	r := describe(m)
	if reason, ok := t.Equivalent[r.Key]; ok {
		r.Verdict, r.Reason = Listed, reason
		return r, nil
	}
	r.Verdict = Survived
	variant := mutants.Variant{Name: m.Name(), Path: m.Path, Source: m.Source()}
	binary := ""
	defer func() { _ = os.Remove(binary) }() // the lab's folder goes with everything in it
	race := false
	for _, s := range stages(m) {
		if binary == "" || s.race != race {
			_ = os.Remove(binary)
			began := time.Now()
			var flags []string
			if race = s.race; race {
				flags = append(flags, "-race")
			}
			var err error
			if binary, err = t.Lab.Build(ctx, variant, flags...); err != nil {
				return r, err
			}
			r.BuildSeconds += time.Since(began).Seconds()
		}
		o, err := t.run(ctx, binary, s)
		if err != nil {
			return r, err
		}
		r.Stage++
		r.TestSeconds += o.Seconds
		if r.By, r.How = killedBy(o, s); r.By != "" {
			r.Verdict = Killed
			break
		}
	}
	return r, nil
}

func (t *Tester) run(ctx context.Context, binary string, s stage) (mutants.Outcome, error) {
	return t.Lab.Run(ctx, binary, s.properties, mutants.Budget{
		Seed: t.Seed, Iterations: s.iterations, Patience: patience, Time: stageTime, ShrinkTime: shrinkTime, Race: s.race,
	})
}

// killedBy says which property an outcome differs in from that of the unmutated
// program, and how; nothing if it does not. A harness that fails, or does not end,
// differs; so does a run that does not meet what it should, if there was time for that.
func killedBy(o mutants.Outcome, s stage) (by, how string) {
	switch o.Status {
	case mutants.Survived:
		return "", ""
	case mutants.Killed:
		return o.Property, o.Failure.Checker + ", " + o.Failure.Rule
	case mutants.Inconclusive:
		if !s.last {
			return "", ""
		}
	case mutants.TimedOut:
		if s.race { // which is slow, and how slow depends on the machine
			return "", ""
		}
	}
	return o.Property, string(o.Status) + ": " + o.Why
}
