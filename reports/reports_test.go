package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"synchrony/checkers"
	"synchrony/executor/synchrony"
	"synchrony/models/batch"
	"synchrony/models/schedule"
	"synchrony/models/trace"
	"synchrony/properties"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares what render writes with a file in testdata.
func golden(t *testing.T, name string, render func(io.Writer) error) {
	t.Helper()
	var b bytes.Buffer
	if err := render(&b); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s (-want +got; go test -update rewrites it):\n%s", path, diff)
	}
}

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
					Property: "S1", Cases: 1500, Schedules: 1234567, Seconds: 1.25, Covered: 210, Replayed: 1,
					Strategies: []properties.Strategy{{Name: "POS", Schedules: 234567}, {Name: "default", Schedules: 1000000}},
					Labels:     []properties.Count{count("contention: high", 1499), count("contention: none", 1), count("size: 2-5", 1500)},
					Sometimes:  []properties.Count{count("a conflict", 1400), count("an abort", 12)},
				},
			},
			{
				Info: properties.Info{ID: "S2", Group: "batch", Statement: "it does not hold", Source: "properties/catalogue/batch/properties.go:71"},
				Result: properties.Result{
					Property: "S2", Cases: 18, Schedules: 900, Seconds: 0.5,
					Labels: []properties.Count{count("contention: none", 18)},
					Failures: []properties.Failure{{
						Checker: "order", Rule: "lost update", Reason: "two wrote", Evidence: strings.Split("1\n2\n3\n4\n5\n6\n7\n8\n9\n10", "\n"),
						Case: 17, Strategy: "POS", Size: 2, Deviations: 1, Replayed: true,
						File: "counterexamples/S2-lost-update-01234567.txtar", Found: 0.25, Shrunk: 0.2,
					}, {
						Checker: "race", Rule: "race", Reason: "known", Case: -1, Replayed: true, File: "counterexamples/S2-race-89abcdef.txtar",
					}},
					Stale: []string{"counterexamples/S2-old.txtar"},
				},
			},
			{
				Info:   properties.Info{ID: "S3", Group: "batch", Statement: "nobody knows"},
				Result: properties.Result{Property: "S3", Cases: 3, Sometimes: []properties.Count{count("a cycle", 0), count("a commit", 1), count("an abort", 0)}},
			},
			{Info: properties.Info{ID: "S4", Group: "batch", Statement: "the harness broke"}, Err: errors.New("S4: no such thing")},
			{
				Info: properties.Info{ID: "V1", Group: "vm", Statement: "it could not be saved"},
				Err:  &properties.SaveError{Err: errors.New("disk full"), Text: "…"},
				Result: properties.Result{Failures: []properties.Failure{{
					Checker: "order", Rule: "late", Reason: "it was late", Strategy: "default", Text: "verify counterexample 1\n",
				}}},
			},
			{Info: properties.Info{ID: "V2", Group: "vm", Statement: "ended early"}, Result: properties.Result{Property: "V2", Cases: 1}, Interrupted: true},
		},
	}
}

func TestConsole(t *testing.T) {
	golden(t, "console.txt", func(w io.Writer) error { return Console(w, sample(), false) })
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
		golden(t, "console_"+c.name+".txt", func(w io.Writer) error {
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
	golden(t, "colour.txt", func(w io.Writer) error {
		run := sample()
		run.Interrupted, run.Iterations, run.Limit = true, 0, time.Minute
		return Console(w, run, true)
	})
}

func TestJSON(t *testing.T) {
	golden(t, "run.json", func(w io.Writer) error { return JSON(w, sample()) })
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
		want Status
	}{
		{"nothing", Run{}, Inconclusive},
		{"pass", Run{Properties: []Property{pass, pass}}, Pass},
		{"interrupted", Run{Properties: []Property{pass}, Interrupted: true}, Inconclusive},
		{"inconclusive", Run{Properties: []Property{pass, open}}, Inconclusive},
		{"broken", Run{Properties: []Property{open, broken, pass}}, Broken},
		{"fail", Run{Properties: []Property{open, broken, fail, pass}}, Fail},
	} {
		if got := c.run.Status(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestReplay(t *testing.T) {
	c := &properties.Counterexample{Checker: "order", Rule: "lost update", Reason: "two wrote"}
	golden(t, "replay.txt", func(w io.Writer) error {
		failed := &properties.Replay{
			Reproduced: true, Checker: "order", Verdict: checkers.Failed("lost update", "two wrote", "a line", "\tanother"),
			Story: []string{"t1 reads", "t2 writes"},
		}
		passed := &properties.Replay{Verdict: checkers.Passed()}
		undecided := &properties.Replay{Checker: "smt", Verdict: checkers.Undecided("no time")}
		return errors.Join(
			Replay(w, c, failed, 1, 1, 10*time.Millisecond, false),
			Replay(w, c, failed, 9, 10, 120*time.Millisecond, false),
			Replay(w, c, passed, 0, 1, 10*time.Millisecond, false),
			Replay(w, c, undecided, 0, 1, 10*time.Millisecond, true),
		)
	})
}

// chain is a batch of two transactions, the second of which waits for the first.
const chain = `
accounts { alice: 100; bob: -9223372036854775808; carol: 5; }
atomic_batch {
  intent transfer1(alice, carol, 10)
  intent transfer2(carol, alice, AMOUNT)
}`

func execute(t *testing.T, amount string) *Execution {
	t.Helper()
	b, err := batch.Parse("chain.ae", []byte(strings.Replace(chain, "AMOUNT", amount, 1)))
	if err != nil {
		t.Fatal(err)
	}
	r, _ := synchrony.Execute(t.Context(), nil, synchrony.NewStore(b.Accounts), b, synchrony.Options{
		Workers: 2, Mode: batch.Serial, Trace: true,
		PlanProver: func(*batch.Batch, []trace.Dependency) (synchrony.PlanVerdict, string) {
			return synchrony.PlanProved, "footprints"
		},
	})
	// Times differ from run to run.
	r.Elapsed = 1500 * time.Nanosecond
	if r.Proof != nil {
		r.Proof.Elapsed = 1200 * time.Nanosecond
	}
	for i := range r.Events {
		r.Events[i].Time = time.Duration(i) * 100
	}
	return &Execution{Batch: b, Before: b.Balances(), Result: r}
}

func TestExecution(t *testing.T) {
	for name, amount := range map[string]string{"committed": "7", "aborted": "20"} {
		t.Run(name, func(t *testing.T) {
			e := execute(t, amount)
			golden(t, name+".txt", func(w io.Writer) error { return ExecutionText(w, e, true, false) })
			golden(t, name+".json", func(w io.Writer) error { return ExecutionJSON(w, e) })
			golden(t, name+".trace.json", func(w io.Writer) error { return ChromeExecution(w, e.Batch, e.Result.Events) })
		})
	}
}

// TestExecutionWithTooManyConflicts: half a million pairs are counted, not listed.
func TestExecutionWithTooManyConflicts(t *testing.T) {
	b := &batch.Batch{Accounts: []batch.Account{{Name: "a"}}}
	for i := range 1000 {
		b.Transactions = append(b.Transactions, batch.Transaction{
			ID: "t" + string(rune('a'+i%26)) + strings.Repeat("x", i/26), Reads: []batch.AccountID{0}, Writes: []batch.AccountID{0},
			Apply: func(batch.View) error { return nil },
		})
	}
	r, err := synchrony.Execute(t.Context(), nil, synchrony.NewStore(b.Accounts), b, synchrony.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	e := &Execution{Batch: b, Before: b.Balances(), Result: r}
	if pairs, tooMany := e.Conflicts(); pairs != nil || tooMany < 499_500 {
		t.Errorf("%d pairs and %d not listed, want none and at least 499,500", len(pairs), tooMany)
	}
	var out bytes.Buffer
	if err := ExecutionText(&out, e, false, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"too many to list", "and 900 more groups, which --json shows"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("lacks %q:\n%s", want, &out)
		}
	}
}

func TestChromeSteps(t *testing.T) {
	var b bytes.Buffer
	steps := []schedule.Step{{Task: 0, Op: schedule.OpSpawn, Object: schedule.Object{Class: schedule.ClassTask, Index: 1}}, {Task: 1, Op: schedule.OpBegin}}
	if err := ChromeSteps(&b, steps, []string{"main", "worker 0"}); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		TraceEvents []map[string]any `json:"traceEvents"`
	}
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.TraceEvents) != 4 || doc.TraceEvents[2]["name"] != "spawn task/1" || doc.TraceEvents[3]["tid"] != 1.0 {
		t.Errorf("unexpected events: %s", &b)
	}
	b.Reset()
	if err := ChromeSteps(&b, nil, nil); err != nil || !strings.Contains(b.String(), `"traceEvents":[]`) {
		t.Errorf("no steps: %v, %s", err, &b)
	}
}

// TestWriteErrorsAreReported: a full disk is not a success.
func TestWriteErrorsAreReported(t *testing.T) {
	e := execute(t, "7")
	for name, render := range map[string]func(io.Writer) error{
		"console":   func(w io.Writer) error { return Console(w, sample(), false) },
		"json":      func(w io.Writer) error { return JSON(w, sample()) },
		"execution": func(w io.Writer) error { return ExecutionText(w, e, true, false) },
		"trace":     func(w io.Writer) error { return ChromeExecution(w, e.Batch, e.Result.Events) },
	} {
		if err := render(full{}); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%s: %v, want the writer's error", name, err)
		}
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWords(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567", 12345: "12,345"} {
		if got := thousands(n); got != want {
			t.Errorf("thousands(%d) = %q, want %q", n, got, want)
		}
	}
	for _, c := range []struct {
		n, total int
		want     string
	}{{0, 0, "-"}, {0, 10, "0.0 %"}, {1, 100000, "< 0.1 %"}, {99999, 100000, "> 99.9 %"}, {1, 3, "33.3 %"}, {3, 3, "100.0 %"}} {
		if got := percent(c.n, c.total); got != c.want {
			t.Errorf("percent(%d, %d) = %q, want %q", c.n, c.total, got, c.want)
		}
	}
}
