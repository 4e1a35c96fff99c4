package results

import (
	"synchrony/reports/internal/golden"

	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"synchrony/checkers"
	"synchrony/properties"
	"synchrony/reports"
)

// sample is a run in which everything happened that can.
func sample() *Run {
	count := func(name string, n int) properties.Count { return properties.Count{Name: name, Cases: n} }
	return &Run{
		Tool: "verify v1.2.3", Command: "verify run --iterations 1500 --seed 7", Seed: 7, Iterations: 1500,
		Began:  time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC),
		Budget: properties.Budget{Single: 4, Random: 3, Real: 2, Shrink: 1}, Elapsed: 12345 * time.Millisecond,
		Properties: []Property{
			{
				Info: properties.Info{ID: "S1", Group: "batch", Statement: "it holds, T1 → T2 & <all>", System: "synchrony", Checkers: []string{"order"}, Source: "properties/catalogue/batch/properties.go:69"},
				Result: properties.Result{
					Cases: 1500, Schedules: 1234567, Seconds: 1.25, Covered: 210, Replayed: 1,
					Strategies: []properties.Strategy{{Name: "POS", Schedules: 234567}, {Name: "default", Schedules: 1000000}},
					Labels:     []properties.Count{count("contention: high", 1499), count("contention: none", 1), count("size: 2-5", 1500)},
					Sometimes:  []properties.Count{count("a conflict", 1400), count("an abort", 12)},
				},
			},
			{
				Info: properties.Info{ID: "S2", Group: "batch", Statement: "it does not hold", Source: "properties/catalogue/batch/properties.go:71"},
				Result: properties.Result{
					Cases: 18, Schedules: 900, Replayed: 2, Seconds: 0.5,
					Labels: []properties.Count{count("contention: none", 18)},
					Failures: []properties.Failure{{
						Checker: "order", Rule: "lost update", Reason: "two wrote", Evidence: strings.Split("1\n2\n3\n4\n5\n6\n7\n8\n9\n10", "\n"),
						Case: 17, Strategy: "POS", Size: 2, Deviations: 1, Replayed: true,
						File: "counterexamples/S2-lost-update-01234567.txtar", Found: 0.25, Shrunk: 0.2,
					}, {
						Checker: "race", Rule: "race", Reason: "known", Case: -1, Replayed: true, File: "counterexamples/S2-race-89abcdef.txtar",
					}},
					Stale: []properties.Stale{{File: "counterexamples/S2-old.txtar", Why: "task 3 cannot run at step 7", Schedules: 98}}, Uncontrolled: 2, UncontrolledBy: "in case 3 the system starts goroutines of its own", Idle: 1, Stress: 117,
				},
			},
			{
				Info:   properties.Info{ID: "S3", Group: "batch", Statement: "nobody knows"},
				Result: properties.Result{Cases: 3, Schedules: 3, Sometimes: []properties.Count{count("a cycle", 0), count("a commit", 1), count("an abort", 0)}},
			},
			{Info: properties.Info{ID: "S4", Group: "batch", Statement: "the harness broke"}, Err: errors.New("S4: no such thing")},
			{
				Info: properties.Info{ID: "V1", Group: "vm", Statement: "it could not be saved"},
				Err:  &properties.SaveError{Err: errors.New("disk full"), Text: "…"},
				Result: properties.Result{Cases: 1, Failures: []properties.Failure{{
					Checker: "order", Rule: "late", Reason: "it was late", Strategy: "default", Text: "verify counterexample 1\n",
				}}},
			},
			{Info: properties.Info{ID: "V2", Group: "vm", Statement: "ended early"}, Result: properties.Result{Cases: 1}, Interrupted: true},
		},
	}
}

func TestConsole(t *testing.T) {
	golden.Check(t, "console.txt", func(w io.Writer) error { return Console(w, sample(), false) })
}

// TestConsoleDetails: what a run says that is to be brief, or in full, or narrow.
func TestConsoleDetails(t *testing.T) {
	run := sample()
	run.Limit = time.Minute
	run.Properties = run.Properties[:5]
	run.Properties[0].Result.Strategies = []properties.Strategy{{Name: "POS", Schedules: 1234000}, {Name: "default", Schedules: 567}}
	run.Properties[2].Result.Sometimes = nil
	run.Properties[0].Result.Cases, run.Properties[3].Err = 1499, nil
	run.Properties[1].Result.Failures[0].Reason = "two wrote, and the one of them that was the later read what was there before the earlier"
	run.Properties[1].Result.Failures[0].Text = string((&properties.Counterexample{
		Property: "S2", Story: []string{"T1 reads a", "T2 writes a"}, Workload: []txtar.File{{Name: "x"}},
	}).Format())
	for _, c := range []struct {
		name   string
		detail Detail
		width  int
	}{{"brief", Brief, 0}, {"full", Full, 0}, {"narrow", Usual, 60}} {
		golden.Check(t, "console_"+c.name+".txt", func(w io.Writer) error {
			text := NewText(w, false)
			text.Detail, text.Width = c.detail, c.width
			text.Header(run)
			for i := range run.Properties {
				text.Property(&run.Properties[i])
			}
			text.Summary(run)
			return text.Err()
		})
	}
}

func TestConsoleInColour(t *testing.T) {
	golden.Check(t, "colour.txt", func(w io.Writer) error {
		run := sample()
		run.Interrupted, run.Iterations, run.Limit = true, 0, time.Minute
		return Console(w, run, true)
	})
}

func TestJSON(t *testing.T) {
	golden.Check(t, "run.json", func(w io.Writer) error { return JSON(w, sample()) })
}

func TestJSONOfNothing(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, &Run{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"status": "inconclusive"`, `"properties": []`, `"classification": []`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("lacks %s:\n%s", want, &b)
		}
	}
}

// TestUnmet: what never happened is told once, behind whatever else makes a property inconclusive.
func TestUnmet(t *testing.T) {
	none := []properties.Count{{Name: "a cycle"}, {Name: "a conflict", Cases: 1}, {Name: "an abort"}}
	for _, c := range []struct {
		p    Property
		want []string
	}{
		{Property{Result: properties.Result{Cases: 3, Sometimes: none}}, []string{"inconclusive: never happened: a cycle", "nor these: an abort"}},
		{Property{Result: properties.Result{Cases: 3, Sometimes: none[:2]}}, []string{"inconclusive: never happened: a cycle"}},
		{Property{Result: properties.Result{Cases: 3, Sometimes: none, Unknown: 1, UnknownBy: "state: nobody knows"}}, []string{"inconclusive: a checker could not decide: state: nobody knows", "also never happened: a cycle; an abort"}},
		{Property{Result: properties.Result{Cases: 1, Sometimes: none[:2]}, Interrupted: true}, []string{"inconclusive: interrupted after 1 case", "also never happened: a cycle"}},
	} {
		var b strings.Builder
		NewText(&b, false).Property(&c.p)
		_, after, _ := strings.Cut(b.String(), "\n")
		var got []string
		for line := range strings.Lines(after) {
			got = append(got, strings.TrimSpace(line))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestStatusOfARun: a violation outweighs a broken harness, which outweighs what
// is inconclusive.
func TestStatusOfARun(t *testing.T) {
	pass := Property{Result: properties.Result{Cases: 1}}
	open := Property{Result: properties.Result{}}
	broken := Property{Err: io.EOF, Result: properties.Result{Cases: 1}}
	fail := Property{Err: io.EOF, Interrupted: true, Result: properties.Result{Failures: make([]properties.Failure, 1)}}
	for _, c := range []struct {
		name string
		run  Run
		want reports.Status
	}{
		{"nothing", Run{}, reports.Inconclusive},
		{"pass", Run{Properties: []Property{pass, pass}}, reports.Pass},
		{"interrupted", Run{Properties: []Property{pass}, Interrupted: true}, reports.Inconclusive},
		{"inconclusive", Run{Properties: []Property{pass, open}}, reports.Inconclusive},
		{"broken", Run{Properties: []Property{open, broken, pass}}, reports.Broken},
		{"fail", Run{Properties: []Property{open, broken, fail, pass}}, reports.Fail},
	} {
		if got := c.run.Status(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestReplay(t *testing.T) {
	c := &properties.Counterexample{Checker: "order", Rule: "lost update", Reason: "two wrote", Evidence: []string{"a line"}}
	golden.Check(t, "replay.txt", func(w io.Writer) error {
		failed := properties.Replay{
			Reproduced: true, Checker: "order", Verdict: checkers.Failed("lost update", "two wrote", "a line", "\tanother"),
			Story: []string{"t1 reads", "t2 writes"},
		}
		edited, anew, passes := failed, failed, properties.Replay{Verdict: checkers.Passed(), Stale: "another hash", Runs: 500}
		edited.Because = &properties.Cause{Checker: "plan", Rule: "missing edge", Reason: "b does not wait for a"}
		edited.Verdict = checkers.Failed("write skew", "two wrote", "a line", "another")
		edited.Compare(c, "s", true, properties.Exactly)
		anew.Stale, anew.Refreshed = "another hash", c
		var err error
		for _, r := range []struct {
			first        *properties.Replay
			hits, times  int
			changed      bool
			milliseconds time.Duration
			colour       bool
		}{
			{&failed, 1, 1, false, 10, false},
			{&failed, 9, 10, true, 120, false},
			{&edited, 2, 2, false, 20, false},
			{&anew, 1, 1, true, 30, false},
			{&passes, 0, 1, true, 40, false},
			{&properties.Replay{Verdict: checkers.Passed()}, 0, 1, false, 10, false},
			{&properties.Replay{Checker: "smt", Verdict: checkers.Undecided("no time")}, 0, 1, false, 10, true},
		} {
			out := NewReplayed("a.txtar", c)
			out.Shown(r.first)
			out.Changed = r.changed
			for i := range r.times {
				out.Add(i < r.hits, r.times/10, r.milliseconds*time.Millisecond)
			}
			err = errors.Join(err, out.Text(w, r.colour, 0))
		}
		return err
	})
}

// TestReplayOnANarrowTerminal: whatever is told goes on below, as in a run.
func TestReplayOnANarrowTerminal(t *testing.T) {
	const width, long = 40, "a sentence of more words than fit into one line of so narrow a terminal"
	r := NewReplayed("a.txtar", &properties.Counterexample{Property: "S5", Checker: "order", Rule: "lost update", Reason: long, Why: []string{"It fails: " + long}})
	missed := r
	r.Shown(&properties.Replay{
		Checker: "order", Verdict: checkers.Failed("lost update", long, "step 1: "+long), Story: []string{"Before: " + long, "After: " + long},
		Stale: long, Differs: []properties.Difference{{Field: "reason", Recorded: long, Found: long}},
	})
	missed.Shown(&properties.Replay{Verdict: checkers.Passed()})
	undecided := missed
	undecided.Shown(&properties.Replay{Checker: "smt", Verdict: checkers.Undecided(long)})
	for _, r := range []*Replayed{&r, &missed, &undecided} {
		var b strings.Builder
		r.Heading(&b, long, width)
		if err := r.Text(&b, false, width); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if line = strings.TrimSuffix(line, "\n"); Columns(line) > width {
				t.Errorf("%d columns: %q", Columns(line), line)
			}
		}
		if why := strings.Contains(b.String(), "\nIt fails: a sentence"); why != (r.Found != nil) {
			t.Errorf("told what it depends on: %t\n%s", why, &b)
		}
	}
}

// TestReplaysJSON: one shape for counterexamples of properties and of tests, and for what could not be replayed.
func TestReplaysJSON(t *testing.T) {
	golden.Check(t, "replay.json", func(w io.Writer) error {
		c := &properties.Counterexample{Property: "S5", Checker: "order", Rule: "lost update", Reason: "two wrote", Evidence: []string{"a line"}}
		reproduced := NewReplayed("a.txtar", c)
		first := properties.Replay{
			Checker: "order", Verdict: checkers.Failed("lost update", "three wrote", "another line"), Story: []string{"t1 reads", "t2 writes"}, Runs: 1,
		}
		first.Compare(c, "s", true, properties.Exactly)
		first.Because = &properties.Cause{Checker: "plan", Rule: "missing edge", Reason: "b does not wait for a"}
		reproduced.Shown(&first)
		reproduced.Add(true, 1, 10*time.Millisecond)
		reproduced.Add(false, 2, 20*time.Millisecond)
		passes := NewReplayed("b.txtar", &properties.Counterexample{Property: "pool.TestClose", Checker: "test", Rule: "deadlock", Reason: "all wait"})
		passes.Shown(&properties.Replay{Checker: "test", Verdict: checkers.Passed(), Runs: 1})
		passes.Changed = true
		passes.Add(false, 1, time.Second)
		undecided := NewReplayed("c.txtar", &properties.Counterexample{Property: "P1", Checker: "same end", Rule: "differs", Reason: "it differs"})
		undecided.Shown(&properties.Replay{Checker: "smt", Verdict: checkers.Undecided("no time"), Stale: "another hash", Runs: 1000})
		undecided.Add(false, 1, time.Second)
		unread := Replayed{File: "d.txtar", Status: reports.Broken, Error: "cannot read d.txtar: no such file"}
		return ReplaysJSON(w, []Replayed{reproduced, passes, undecided, unread})
	})
}

// TestWriteErrorsAreReported: a full disk is not a success.
func TestWriteErrorsAreReported(t *testing.T) {
	for name, render := range map[string]func(io.Writer) error{
		"console": func(w io.Writer) error { return Console(w, sample(), false) },
		"json":    func(w io.Writer) error { return JSON(w, sample()) },
	} {
		if err := render(golden.Full{}); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%s: %v, want the writer's error", name, err)
		}
	}
}
