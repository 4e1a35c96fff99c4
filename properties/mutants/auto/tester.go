package auto

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"synchrony/properties"
	"synchrony/properties/isolate"
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
	NotTested Verdict = "not tested" // the time was over, or nobody could
)

// Result is what became of one mutant, and how.
type Result struct {
	Name     string  `json:"name"`
	Operator string  `json:"operator"`
	Key      string  `json:"key"`
	Verdict  Verdict `json:"verdict"`
	// By is the property that killed it, and How the checker and the rule; or how else the
	// property did not pass: it could not be run to its end, or did not see what it is about. Of a mutant that nobody could test, How is why.
	By  string `json:"by,omitempty"`
	How string `json:"how,omitempty"`
	// Stage is the last stage of tests that it was put through, from 1.
	Stage   int     `json:"stage,omitempty"`
	Reason  string  `json:"reason,omitempty"` // why it is equivalent
	Diff    string  `json:"diff"`
	Seconds float64 `json:"seconds"`
}

// Tester decides here what becomes of mutants. It is a [Judge].
type Tester struct {
	Workspace  *mutants.Workspace
	Schemata   *Schemata
	Equivalent Equivalent
	Child      []string // the program's arguments that make it call [isolate.Serve]
	Lookup     func(id string) (properties.Testable, bool)
	Judges     []string // the properties about checkers, with which the mutants of checkers are tested
	Seed       uint64   // of the cases

	plain, race build
}

// build is a program of the schemata, built when it is first needed.
type build struct {
	mu   sync.Mutex
	made bool // or it cannot be, which err says
	path string
	err  error
}

// binary is the program, as make makes it, unless it was made before. What was interrupted is made anew.
func (b *build) binary(ctx context.Context, make func() (string, error)) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.made {
		b.path, b.err = make()
		b.made = ctx.Err() == nil
	}
	return b.path, b.err
}

// runner returns a runner of the properties of a mutant; number 0 is the program as it was.
func (t *Tester) runner(ctx context.Context, number int, race bool) (*isolate.Runner, error) {
	b, script, flags := &t.plain, mutants.Limited, []string(nil)
	env := []string{fmt.Sprintf("%s=%d", selectEnv, number)}
	if race { // whose shadow memory is larger than any bound
		b, script, flags = &t.race, `exec "$0" "$@"`, []string{"-race"}
		env = append(env, "GORACE=halt_on_error=1")
	}
	binary, err := b.binary(ctx, func() (string, error) {
		return t.Workspace.BuildFiles(ctx, "the program with its mutants", t.Schemata.Files, flags...)
	})
	if err != nil {
		return nil, err
	}
	return &isolate.Runner{
		Executable: "/bin/sh", Arguments: append([]string{"-c", script, binary}, t.Child...), Environment: env,
		Patience: patience, Lookup: t.Lookup,
	}, nil
}

// UnfitError says that the program as it is does not pass what mutants are tested with, so
// that nothing can be said of them.
type UnfitError struct {
	Property string `json:"property"`
	How      string `json:"how"`
}

func (e *UnfitError) Error() string {
	return fmt.Sprintf("the program without any mutation does not pass %s: %s; mutants say nothing until it does", e.Property, e.How)
}

// Baseline implements [Judge].
func (t *Tester) Baseline(ctx context.Context, folder string) error {
	for _, s := range t.stages(folder, true) {
		by, how, err := t.run(ctx, 0, s)
		if err != nil {
			return err
		}
		if by != "" {
			return &UnfitError{by, how}
		}
	}
	return nil
}

// describe is a result before there is a verdict.
func describe(m *Mutant) Result {
	return Result{Name: m.Name(), Operator: m.Operator, Key: m.key(), Diff: m.diff(), Verdict: NotTested}
}

// Test implements [Judge].
func (t *Tester) Test(ctx context.Context, m *Mutant) (Result, error) {
	began := time.Now()
	r := describe(m)
	if reason, ok := t.Equivalent[r.Key]; ok {
		r.Verdict, r.Reason = Listed, reason
		return r, nil
	}
	r.Verdict = Survived
	for _, s := range t.stages(m.Package(), m.concurrent()) {
		var err error
		if r.By, r.How, err = t.run(ctx, t.Schemata.number[m], s); err != nil {
			return r, err
		}
		r.Stage++
		if r.By != "" {
			r.Verdict = Killed
			break
		}
	}
	r.Seconds = time.Since(began).Seconds()
	return r, nil
}

// run puts a mutant through one stage. It says which property killed it, and how.
func (t *Tester) run(ctx context.Context, number int, s stage) (by, how string, err error) {
	runner, err := t.runner(ctx, number, s.race)
	if err != nil {
		return "", "", err
	}
	for _, id := range s.properties {
		spec := properties.Spec{
			Seed: t.Seed, Count: s.cases(id), Budget: properties.DefaultBudget, ShrinkTime: shrinkTime,
			Deadline: time.Now().Add(stageTime),
		}
		r, err := runner.Run(ctx, id, spec, func(properties.Progress) {})
		if ctx.Err() != nil {
			return "", "", ctx.Err()
		}
		if how := s.difference(spec.Count, r, err); how != "" {
			return id, how, nil
		}
	}
	return "", "", nil
}

// difference says in which way a property did not pass that the program as it was passes;
// nothing if it passed. A harness that fails, or does not come to an end, is a difference;
// so is not to see what the property is about, where there was enough to see.
func (s stage) difference(cases int, r properties.Result, err error) string {
	var unsaved *properties.SaveError
	switch {
	case len(r.Failures) > 0:
		return r.Failures[0].Checker + ", " + r.Failures[0].Rule
	case err != nil && !errors.As(err, &unsaved):
		first, _, _ := strings.Cut(err.Error(), "\n")
		return "error: " + first
	case s.race: // nothing but races, and how far it comes depends on the machine
		return ""
	case r.Cases < cases:
		return fmt.Sprintf("timed out: %d of %d cases in %v", r.Cases, cases, stageTime)
	case s.last && r.Why() != "":
		return "inconclusive: " + r.Why()
	}
	return ""
}
