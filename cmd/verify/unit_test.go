package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"synchrony/properties"
	"synchrony/reports"
)

func TestDidYouMean(t *testing.T) {
	candidates := []string{"run", "replay", "list", "exec", "--iterations"}
	for word, want := range map[string]string{
		"rnu": "run", "RUN": "run", "lst": "list", "repaly": "replay", "--itertion": "--iterations",
		"frobnicate": "", "x": "", "": "",
	} {
		hint := ""
		if want != "" {
			hint = "; did you mean " + want + "?"
		}
		if got := didYouMean(word, candidates); got != hint {
			t.Errorf("%q: %q, want %q", word, got, hint)
		}
	}
}

func TestQuote(t *testing.T) {
	for word, want := range map[string]string{
		"S1": "S1", "a/b-c.d": "a/b-c.d", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, "$(x)": "'$(x)'",
	} {
		if got := quote(word); got != want {
			t.Errorf("quote(%q) = %s, want %s", word, got, want)
		}
	}
}

// TestTimeIsSharedFairly: each property gets what is left, divided by the rounds
// that are left; nobody gets more than there is.
func TestTimeIsSharedFairly(t *testing.T) {
	for _, c := range []struct {
		checks, jobs int
		want         []time.Duration // when all start at once
	}{
		{4, 2, []time.Duration{30 * time.Minute, 30 * time.Minute, time.Hour, time.Hour}},
		{3, 1, []time.Duration{20 * time.Minute, 30 * time.Minute, time.Hour}},
		{1, 8, []time.Duration{time.Hour}},
	} {
		start := time.Now()
		p := &campaign{checks: make([]properties.Testable, c.checks), jobs: c.jobs, end: start.Add(time.Hour)}
		for i, want := range c.want {
			k, spec, ok := p.take()
			if got := spec.Deadline.Sub(start).Round(time.Minute); k != i || !ok || got != want {
				t.Errorf("%d properties, %d jobs: property %d (%v) ends after %v, want %v", c.checks, c.jobs, k, ok, got, want)
			}
			if spec.Deadline.After(p.end) {
				t.Errorf("%d properties, %d jobs: property %d ends after the run", c.checks, c.jobs, k)
			}
		}
		if _, _, ok := p.take(); ok {
			t.Errorf("%d properties: there is one more", c.checks)
		}
	}
}

// TestUnsavedFailure: a counterexample that could not be saved is still a
// violation, with all that its text says.
func TestUnsavedFailure(t *testing.T) {
	text := string((&properties.Counterexample{
		Property: "S1", System: "s", Checker: "order", Rule: "late", Reason: "it was late", Evidence: []string{"fact"},
	}).Format()) + "-- workload --\nx\n"
	f := unsavedFailure(text)
	if f.Checker != "order" || f.Rule != "late" || f.Reason != "it was late" || len(f.Evidence) != 1 || f.Text != text {
		t.Errorf("unexpected failure: %+v", f)
	}
	p := reports.Property{Result: properties.Result{Failures: []properties.Failure{f}}, Err: &properties.SaveError{Err: errors.New("disk full"), Text: text}}
	if p.Status() != reports.Fail {
		t.Errorf("status is %s, want fail", p.Status())
	}
}

func TestMeter(t *testing.T) {
	var out strings.Builder
	m := newMeter(&out, 3, 200)
	m.progress(properties.Progress{Property: "S1", Case: 16, Schedules: 100, Phase: "testing"})
	m.progress(properties.Progress{Property: "S1", Case: 17, Schedules: 120, Phase: "testing"})
	m.progress(properties.Progress{Property: "S2", Case: 5, Schedules: 30, Phase: "shrinking"})
	m.progress(properties.Progress{Property: "S3", Case: -1, Phase: "replaying"})
	for _, want := range []string{"0 of 3 properties; 22 cases, 150 schedules (", "S1 17/200, S2 shrinking case 5, S3 replaying"} {
		if line := m.line(); !strings.Contains(line, want) {
			t.Errorf("lacks %q: %s", want, line)
		}
	}
	m.finish(&reports.Property{Info: properties.Info{ID: "S1"}, Result: properties.Result{Cases: 200, Schedules: 1000}})
	if line := m.line(); !strings.Contains(line, "1 of 3 properties; 205 cases, 1030 schedules (") || strings.Contains(line, "S1") {
		t.Errorf("after S1 has finished: %s", line)
	}
	m.show()
	if got := out.String(); strings.Count(got, "\n") != 1 || strings.ContainsAny(got, "\r\x1b") {
		t.Errorf("off a terminal, progress is plain lines: %q", got)
	}
}

// TestMeterOnATerminal: the live line is never longer than the terminal is wide,
// and is removed before anything else is printed.
func TestMeterOnATerminal(t *testing.T) {
	var out strings.Builder
	m := newMeter(&out, 100, 0)
	m.live = true
	for i := range 50 {
		m.progress(properties.Progress{Property: fmt.Sprint("S", i), Case: i, Phase: "testing"})
	}
	m.show()
	shown := strings.TrimSuffix(strings.TrimPrefix(out.String(), "\r"), "\x1b[K")
	if n := len(shown); n != columns(&out)-1 {
		t.Errorf("the line has %d columns: %q", n, shown)
	}
	out.Reset()
	m.undisturbed(func() { out.WriteString("result\n") })
	if got := out.String(); got != "\r\x1b[Kresult\n" {
		t.Errorf("the live line was not removed: %q", got)
	}
}
