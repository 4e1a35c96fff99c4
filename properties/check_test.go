package properties_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"synchrony/executor/sched"
	"synchrony/properties"
)

// observer is a test that is looked at, and fails on its own.
type observer struct {
	testing.TB
	failed   bool
	log      strings.Builder
	deadline time.Time // zero is none
}

func (o *observer) Helper()                     {}
func (o *observer) Failed() bool                { return o.failed }
func (o *observer) Logf(f string, a ...any)     { fmt.Fprintf(&o.log, f+"\n", a...) }
func (o *observer) Error(a ...any)              { o.failed = true; fmt.Fprintln(&o.log, a...) }
func (o *observer) Errorf(f string, a ...any)   { o.failed = true; o.Logf(f, a...) }
func (o *observer) Fatal(a ...any)              { o.Error(a...); runtime.Goexit() }
func (o *observer) Fatalf(f string, a ...any)   { o.Errorf(f, a...); runtime.Goexit() }
func (o *observer) Deadline() (time.Time, bool) { return o.deadline, !o.deadline.IsZero() }

// observe runs a test, and returns it when it has ended.
func observe(t *testing.T, deadline time.Time, test func(testing.TB)) *observer {
	o := &observer{TB: t, deadline: deadline}
	done := make(chan struct{})
	go func() {
		defer close(done)
		test(o)
	}()
	<-done
	return o
}

func TestCheck(t *testing.T) {
	right, wrong := property(adder{locked: true}, total{}), property(adder{}, total{})
	undecidable := property(adder{locked: true}, total{}, undecided{})
	corpus := t.TempDir()
	for _, c := range []struct {
		name    string
		p       properties.Testable
		options []properties.Option
		end     time.Duration // of the time there is, from now; 0 is none
		failed  bool
		want    []string // in the log
	}{
		{"a property that holds", right, []properties.Option{properties.Iterations(30), nil, properties.Seed(7)}, time.Hour, false, []string{"A1: 30 cases, ", ", seed 7; controlled\n"}},
		{
			"a violation", wrong, []properties.Option{properties.Corpus(corpus)}, 0, true,
			[]string{
				"A1 is violated: no addition is lost\n  total, lost update: the shares add up to 2, and the counter is 1\n  the shares:\n    1 1\n",
				"\n  shrunk from case ", " of seed 1 (single deviation), of size 2; controlled: its schedule deviates from the default once\n  saved as " + corpus + "/A1-lost-update-", "replayed first from now on: commit it\n",
			},
		},
		{"a known violation", wrong, []properties.Option{properties.Corpus(corpus), properties.Iterations(0)}, 0, true, []string{"  known: replayed from " + corpus}},
		{"a violation that is mended", right, []properties.Option{properties.Corpus(corpus)}, 0, false, []string{"is of a system that has changed since (", " schedules searched anew", "A1: 200 cases"}},
		{"a violation, and no corpus", wrong, []properties.Option{properties.Corpus("")}, 0, true, []string{"not saved, as there is no corpus\n"}},
		{"few schedules", wrong, []properties.Option{properties.Corpus(""), properties.Schedules(properties.Budget{})}, 0, false, []string{"200 cases, 200 schedules"}},
		{"nothing decided", undecidable, []properties.Option{properties.Corpus("")}, 0, true, []string{"A1 is undecided after 200 cases: a checker could not decide: case 0, ", "\n  the shares:\n    "}},
		{"no time", right, []properties.Option{properties.Corpus("")}, -time.Hour, true, []string{"A1 is undecided after 0 cases: no case was run"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var end time.Time
			if c.end != 0 {
				end = time.Now().Add(c.end)
			}
			o := observe(t, end, func(t testing.TB) { properties.Check(t, c.p, c.options...) })
			if o.failed != c.failed {
				t.Errorf("failed: %v, want %v", o.failed, c.failed)
			}
			for _, want := range c.want {
				if !strings.Contains(o.log.String(), want) {
					t.Errorf("the log lacks %q:\n%s", want, &o.log)
				}
			}
		})
	}
	t.Run("a corpus that cannot be written", func(t *testing.T) {
		file := filepath.Join(corpus, "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		o := observe(t, time.Time{}, func(t testing.TB) { properties.Check(t, wrong, properties.Corpus(file)) })
		if !o.failed || !strings.Contains(o.log.String(), "A1 could not be tested: cannot save the counterexample: ") {
			t.Errorf("failed: %v\n%s", o.failed, &o.log)
		}
	})
}

// blocked waits for ever for a lock that is not the runtime's.
type blocked struct{}

func (blocked) Name() string { return "blocked" }

func (blocked) Run(context.Context, *sched.Runtime, int) (int, error) {
	var mu sync.Mutex
	mu.Lock()
	mu.Lock()
	return 0, nil
}

// TestCheckOfBlocked: a run that waits for ever fails the test, with where it waits, though the property has no patience of its own.
func TestCheckOfBlocked(t *testing.T) {
	p := &properties.Property[int, int]{ID: "B1", Statement: "it ends", System: blocked{}, Generator: rapid.Just(1)}
	soon := func(s *properties.Spec) { s.Patience = 50 * time.Millisecond }
	o := observe(t, time.Time{}, func(t testing.TB) { properties.Check(t, p, properties.Corpus(""), soon) })
	if !o.failed || !strings.Contains(o.log.String(), "watchdog, hang: the run never ends: for 50ms nothing has moved") || !strings.Contains(o.log.String(), "sync.Mutex.Lock at check_test.go:") {
		t.Errorf("failed: %v\n%s", o.failed, &o.log)
	}
}

// TestCheckByEnvironment: what CI says outweighs what the test says.
func TestCheckByEnvironment(t *testing.T) {
	right := property(adder{locked: true}, total{})
	check := func() *observer {
		return observe(t, time.Time{}, func(t testing.TB) { properties.Check(t, right, properties.Seed(7), properties.Corpus("")) })
	}
	t.Setenv("VERIFY_SEED", "9")
	t.Setenv("VERIFY_ITERATIONS", "12")
	if o := check(); o.failed || !strings.Contains(o.log.String(), "A1: 12 cases") || !strings.Contains(o.log.String(), "seed 9; controlled\n") {
		t.Errorf("the log is\n%s", &o.log)
	}
	t.Setenv("VERIFY_SEED", "-1")
	if o := check(); !o.failed || !strings.HasPrefix(o.log.String(), `VERIFY_SEED is "-1", and must be a whole number from 0`) {
		t.Errorf("the log is\n%s", &o.log)
	}
	t.Setenv("VERIFY_SEED", "")
	t.Setenv("VERIFY_ITERATIONS", "none")
	if o := check(); !o.failed || !strings.HasPrefix(o.log.String(), `VERIFY_ITERATIONS is "none", and must be a whole number from 1 to 9223372036854775807`) {
		t.Errorf("the log is\n%s", &o.log)
	}
}

// TestFuzzedCases: of the cases that a fuzzer draws, those that fail are saved with a
// minimal schedule, and what is right passes.
func TestFuzzedCases(t *testing.T) {
	s := properties.Spec{Budget: properties.Budget{Single: 8, Random: 4, Shrink: 1000}, Corpus: t.TempDir()}
	found := 0
	rapid.Check(t, func(rt *rapid.T) {
		f, err := properties.Try(t.Context(), property(adder{}, total{}), rt, s)
		if err != nil {
			rt.Fatal(err)
		}
		if f == nil {
			return
		}
		found++
		if f.Deviations != 1 || !f.Replayed || f.Checker != "total" {
			rt.Fatalf("got %+v", f)
		}
		if _, err := properties.LoadCounterexample(f.File); err != nil {
			rt.Fatal(err)
		}
	})
	if found == 0 {
		t.Error("nothing was found")
	}
	rapid.Check(t, func(rt *rapid.T) {
		if f, err := properties.Try(t.Context(), property(adder{locked: true}, total{}), rt, s); f != nil || err != nil {
			rt.Fatalf("found in what is right: %+v, %v", f, err)
		}
	})
}

// FuzzAdder is a fuzz test as anybody would write it.
func FuzzAdder(f *testing.F) { properties.Fuzz(f, property(adder{locked: true}, total{})) }

// chooser is the T of a test whose schedules verify test chooses.
type chooser struct {
	testing.TB
	reason string
}

func (c *chooser) Helper()                 {}
func (c *chooser) Undecided(reason string) { c.reason = reason }

// TestCheckUnderVerifyTest: two that choose schedules would choose for each other, so that a test that checks a property is undecided there, and says where it belongs.
func TestCheckUnderVerifyTest(t *testing.T) {
	c := &chooser{TB: t}
	properties.Check(c, property(adder{}, total{}))
	if !strings.Contains(c.reason, "run this test by go test") {
		t.Errorf("it says %q", c.reason)
	}
}
