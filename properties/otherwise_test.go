package properties_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/properties"
)

// TestFailsOtherwise: what a replay shows is told though another checker finds it than the one that the file names, be the file's schedule good, or stale, or missing.
func TestFailsOtherwise(t *testing.T) {
	p := property(adder{}, total{})
	found, hash := run(t, p, spec(50)).Failures[0], regexp.MustCompile("hash [0-9a-f]{16}")
	for name, change := range map[string]func(text string) string{
		"its schedule": func(text string) string { return text },
		"a stale one":  func(text string) string { return hash.ReplaceAllString(text, "hash 0000000000000001") },
		"none": func(text string) string {
			return text[:strings.Index(text, "-- schedule --")]
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := properties.ParseCounterexample("found", []byte(change(found.Text)))
			if err != nil {
				t.Fatal(err)
			}
			c.Checker = "what there was"
			r, err := p.Replay(t.Context(), c)
			if err != nil || r.Reproduced || r.Verdict.Status != checkers.Fail || r.Checker != "total" || len(r.Story) == 0 {
				t.Errorf("%v: reproduced %v, by %s: %v", err, r.Reproduced, r.Checker, r.Verdict)
			}
			corpus := t.TempDir()
			path := filepath.Join(corpus, "A1-other.txtar")
			if err := os.WriteFile(path, c.Format(), 0o644); err != nil {
				t.Fatal(err)
			}
			s := spec(0)
			s.Corpus = corpus
			known := run(t, p, s)
			if len(known.Failures) != 1 || known.Failures[0].Checker != "total" || len(known.Notes) != 1 ||
				!strings.Contains(known.Notes[0], path+" fails otherwise than it says") {
				t.Errorf("%+v", known)
			}
		})
	}
}

// TestReplaysAsTheyCome: what is replayed of a system that is not under control counts as runs as they come, and not as schedules.
func TestReplaysAsTheyCome(t *testing.T) {
	p := of(goroutines(nil, false))
	corpus := t.TempDir()
	c := properties.Counterexample{Property: "A1", Checker: "total", Rule: "lost update", Reason: "none"}
	var err error
	if c.Workload, err = p.Codec.Format(shares{1, 2}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(corpus, "A1-known.txtar"), c.Format(), 0o644); err != nil {
		t.Fatal(err)
	}
	s := spec(0)
	s.Corpus = corpus
	if r := run(t, p, s); r.Schedules != 0 || r.Stress == 0 || r.Replayed != 1 {
		t.Errorf("%d schedules, %d runs as they come", r.Schedules, r.Stress)
	}
}

// TestDiagnosed: a failing case is diagnosed when it is told, and not in each run that shrinking tries; the diagnosis is what the file and replays say.
func TestDiagnosed(t *testing.T) {
	p, asked := property(adder{}, total{}), 0
	p.Diagnose = func(_ shares, _ int, v checkers.Verdict) checkers.Verdict {
		asked++
		v.Rule, v.Reason = "diagnosed", "because of "+v.Reason
		return v
	}
	r := run(t, p, spec(50))
	f := r.Failures[0]
	if f.Rule != "diagnosed" || !strings.HasPrefix(f.Reason, "because of the shares") || !f.Replayed || asked > 3 || r.Schedules < 20 {
		t.Errorf("asked %d times in %d schedules; replayed %v: %s: %s", asked, r.Schedules, f.Replayed, f.Rule, f.Reason)
	}
	c, err := properties.ParseCounterexample("found", []byte(f.Text))
	if err != nil || c.Rule != "diagnosed" || c.Reason != f.Reason {
		t.Fatalf("%v: %+v", err, c)
	}
	if rep, err := p.Replay(t.Context(), c); err != nil || !rep.Reproduced || len(rep.Differs) > 0 {
		t.Errorf("%v: %+v", err, rep)
	}
}

// TestNothingChosen: of a run that took no step on the runtime, no story tells of a schedule, and nothing is said of the order of its steps.
func TestNothingChosen(t *testing.T) {
	p := of(system(func(_ *sched.Runtime, w shares) int { return min(len(w), 1) }))
	p.Explain = func(w shares, _ int, r *sched.Record) []string { return properties.TellSchedule(r, nil) }
	p.Acts = func(w shares, _ int) []properties.Act {
		return []properties.Act{{Who: "a", What: "writes x", Object: "x", Changes: true}, {Who: "b", What: "reads x", Object: "x"}}
	}
	f := run(t, p, spec(50)).Failures[0]
	if strings.Contains(f.Text, "default schedule") || strings.Contains(f.Text, "sampled schedules") || !strings.Contains(f.Text, "It ran as it does") {
		t.Error(f.Text)
	}
}

// positive is a workload that says what it cannot be.
type positive int

func (p positive) Validate() error {
	if p <= 0 {
		return os.ErrInvalid
	}
	return nil
}

// TestJSONValidates: a workload that is refused by its own method is refused when it is read.
func TestJSONValidates(t *testing.T) {
	codec := properties.JSON[positive]()
	files, err := codec.Format(7)
	if err != nil {
		t.Fatal(err)
	}
	if w, err := codec.Parse(files); err != nil || w != 7 {
		t.Errorf("%v, %v", w, err)
	}
	files[0].Data = []byte("-7")
	if _, err := codec.Parse(files); err == nil || !strings.Contains(err.Error(), "workload.json: invalid") {
		t.Errorf("%v", err)
	}
	p := properties.Property[positive, positive]{ID: "echo", System: echo[positive]{}, Generator: rapid.Just(positive(1))}
	if _, err := p.Replay(t.Context(), &properties.Counterexample{Property: "echo", Workload: files}); err == nil {
		t.Error("it is replayed")
	}
}
