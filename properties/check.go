package properties

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"synchrony/checkers"
)

// What Check does unless told otherwise.
const (
	defaultIterations = 200
	defaultSeed       = 1
	// defaultPatience is for a property that has none of its own.
	defaultPatience = 10 * time.Second
	// DefaultCorpus is the folder of counterexamples, in the folder of the test.
	DefaultCorpus = "testdata/counterexamples"
)

// The variables of the environment that outweigh what a test says, so that CI can look
// for new cases at night.
const (
	SeedVariable       = "VERIFY_SEED"
	iterationsVariable = "VERIFY_ITERATIONS"
)

// EnvironmentSeed is the seed that the environment gives, or otherwise if it gives none.
func EnvironmentSeed(getenv func(string) string, otherwise uint64) (uint64, error) {
	v := getenv(SeedVariable)
	if v == "" {
		return otherwise, nil
	}
	seed, err := strconv.ParseUint(v, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is %q, and must be a whole number from 0 to 18446744073709551615", SeedVariable, v)
	}
	return seed, nil
}

// Option changes what [Check] and [Fuzz] do.
type Option func(*Spec)

// Iterations is how many cases are tested; 200 unless given.
func Iterations(n int) Option { return func(s *Spec) { s.Count = n } }

// Seed chooses the cases; 1 unless given, so that a test that has passed passes again.
func Seed(seed uint64) Option { return func(s *Spec) { s.Seed = seed } }

// Corpus is the folder of counterexamples: [DefaultCorpus] unless given, none if empty.
func Corpus(folder string) Option { return func(s *Spec) { s.Corpus = folder } }

// Schedules bounds the schedules tried for each case; [DefaultBudget] unless given.
func Schedules(b Budget) Option { return func(s *Spec) { s.Budget = b } }

// Check tests p in a Go test: it replays the counterexamples of the corpus, then tests
// cases, each under many schedules. The test fails if p is violated, with what happened
// and the file of the smallest counterexample, which from then on is replayed first; and
// if nothing was decided, for that is no pass. With go test -short, a tenth of the cases is
// tested.
//
// With go test -verify.html=FILE, a report is written, too: see [ReportBy].
//
// The environment variables VERIFY_SEED and VERIFY_ITERATIONS outweigh the options.
//
// All runs in the test's process: a system that crashes takes the test down. A run that
// waits for ever for what is not on the runtime fails the test after 20 seconds, with where its
// goroutines wait, and ends it; one that computes for ever does so until go test's timeout. Command verify runs properties in processes of their own. While a violation is
// shrunk, no other test of the process should use rapid.
//
// Under verify test the test is inconclusive: the schedules are this function's to choose, and two that choose would choose for each other.
func Check(t testing.TB, p Testable, options ...Option) {
	t.Helper()
	if h, ok := t.(interface{ Undecided(reason string) }); ok {
		h.Undecided("properties.Check chooses the schedules itself: run this test by go test")
		return
	}
	spec, err := newSpec(os.Getenv, options)
	if err != nil {
		t.Fatal(err)
	}
	if testing.Short() {
		spec.Count = (spec.Count + 9) / 10
	}
	spec.Deadline, spec.Reserve = testDeadline(t, time.Now())
	r, err := p.Run(t.Context(), spec, nil)
	if err == nil {
		report(t, Checked{p, spec, r})
	}
	for _, s := range r.Stale {
		note(t, s.String())
	}
	for _, n := range r.Notes {
		note(t, n)
	}
	if why := r.Lost(); why != "" {
		note(t, why)
	}
	for i := range r.Failures {
		f := &r.Failures[i]
		t.Error(describe(p.Info(), f, fmt.Sprintf("shrunk from case %d of seed %d", f.Case, spec.Seed)))
	}
	switch {
	case err != nil:
		t.Fatalf("%s could not be tested: %v", p.Info().ID, err)
	case r.Status() == checkers.Unknown:
		t.Errorf("%s is undecided after %d cases: %s%s", p.Info().ID, r.Cases, r.Why(), undecidedCase(p, spec, &r))
	case !t.Failed():
		t.Logf("%s: %d cases, %d schedules, seed %d; %s", p.Info().ID, r.Cases, r.Schedules, spec.Seed, r.Control())
	}
}

// undecidedCase is the first case that a checker could not decide, as lines that follow others; empty if there is none.
func undecidedCase(p Testable, spec Spec, r *Result) string {
	if r.Unknown == 0 {
		return ""
	}
	files, err := p.Case(spec, r.Undecided)
	if err != nil {
		return "" // it has no text
	}
	var b strings.Builder
	describeWorkload(&b, files)
	return strings.TrimRight("\n"+b.String(), "\n")
}

// note tells something that is no failure, also where go test does not show the logs of what
// passes.
func note(t testing.TB, text string) {
	t.Helper()
	t.Logf("%s", text)
	t.Cleanup(func() {
		if !t.Failed() && !testing.Verbose() { // else its log is shown
			fmt.Fprintf(os.Stderr, "%s: %s\n", t.Name(), text)
		}
	})
}

// newSpec is what the options and the environment come to.
func newSpec(getenv func(string) string, options []Option) (Spec, error) {
	s := Spec{Seed: defaultSeed, Count: defaultIterations, Budget: DefaultBudget, Corpus: DefaultCorpus, Program: testProgram(), Patience: defaultPatience}
	for _, o := range options {
		if o != nil { // as one that is chosen by a condition may be
			o(&s)
		}
	}
	var err error
	if s.Seed, err = EnvironmentSeed(getenv, s.Seed); err != nil {
		return s, err
	}
	if v := getenv(iterationsVariable); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			return s, fmt.Errorf("%s is %q, and must be a whole number from 1 to %d", iterationsVariable, v, math.MaxInt)
		}
		s.Count = n
	}
	return s, nil
}

// testDeadline is when a test must be done, before go test's own timeout ends it without a
// word, and how much of that time is for shrinking. Both are zero without a timeout.
func testDeadline(t testing.TB, now time.Time) (deadline time.Time, reserve time.Duration) {
	d, ok := t.(interface{ Deadline() (time.Time, bool) })
	if !ok {
		return time.Time{}, 0
	}
	end, ok := d.Deadline()
	if !ok {
		return time.Time{}, 0
	}
	left := end.Sub(now)
	return end.Add(-left / 20), left / 10
}

// describe tells a failure to who reads a test's log. origin says which case it was.
func describe(in Info, f *Failure, origin string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s is violated: %s\n  %s, %s: %s\n", in.ID, in.Statement, f.Checker, f.Rule, f.Reason)
	for _, e := range f.Evidence {
		fmt.Fprintf(&b, "    %s\n", e)
	}
	if c, err := ParseCounterexample(f.File, []byte(f.Text)); err == nil {
		describeWorkload(&b, c.Workload)
		if len(c.Story) > 0 {
			fmt.Fprintf(&b, "  what happened:\n    %s\n", strings.Join(c.Story, "\n    "))
		}
		if len(c.Why) > 0 {
			fmt.Fprintf(&b, "  why:\n    %s\n", strings.Join(c.Why, "\n    "))
		}
	}
	if f.Case >= 0 {
		size := ""
		if f.Size > 0 { // else the property counts none
			size = fmt.Sprintf(", of size %d", f.Size)
		}
		fmt.Fprintf(&b, "  %s (%s)%s; %s\n", origin, f.Strategy, size, f.control())
	}
	switch {
	case f.Case < 0:
		fmt.Fprintf(&b, "  known: replayed from %s", f.File)
	case f.File != "":
		fmt.Fprintf(&b, "  saved as %s, which is replayed first from now on: commit it", f.File)
	default:
		fmt.Fprintf(&b, "  not saved, as there is no corpus")
	}
	if f.Refreshed {
		fmt.Fprintf(&b, "\n  its schedule no longer fitted the system: it was found anew, and the file written anew")
	}
	if repeats := f.Repeats(); repeats != "" {
		fmt.Fprintf(&b, "\n  %s", repeats)
	}
	return b.String()
}

// describeWorkload tells a workload's text.
func describeWorkload(b *strings.Builder, files []txtar.File) {
	for _, w := range files {
		name := w.Name
		if name == jsonFile {
			name = "case"
		}
		fmt.Fprintf(b, "  the %s:\n", name)
		for line := range strings.Lines(strings.TrimRight(string(w.Data), "\n")) {
			fmt.Fprintf(b, "    %s\n", strings.TrimSuffix(line, "\n"))
		}
	}
}

// control says how far the schedule was chosen on which it failed.
func (f *Failure) control() string {
	if f.Strategy == byStress || f.Strategy == byGoroutines {
		return "disturbed: it failed on real goroutines, with pauses at random, so that no schedule repeats it"
	}
	return "controlled: its schedule deviates from the default " + times(f.Deviations)
}

// times is "never", "once", "2 times".
func times(n int) string {
	switch n {
	case 0:
		return "never"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
