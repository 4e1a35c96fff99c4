package execution

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"synchrony/executor/synchrony"
	"synchrony/models/batch"
	"synchrony/models/schedule"
	"synchrony/models/trace"
	"synchrony/reports/internal/golden"
	"testing"
	"time"
)

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
	if r.Certificate != nil {
		r.Certificate.Elapsed = 1200 * time.Nanosecond
	}
	for i := range r.Events {
		r.Events[i].Time = time.Duration(i) * 100
	}
	return executionOf(b, r)
}

func executionOf(b *batch.Batch, r *synchrony.Result) *Execution {
	e := &Execution{Batch: b, Observation: r.Observation(), Plan: Plan{r.Why(), r.AverageParallelism, r.SerialEstimate}}
	e.Observation.Initial, e.Observation.Conflicts = b.Balances(), r.Conflicts()
	return e
}

func TestExecution(t *testing.T) {
	for name, amount := range map[string]string{"committed": "7", "aborted": "20"} {
		t.Run(name, func(t *testing.T) {
			e := execute(t, amount)
			golden.Check(t, name+".txt", func(w io.Writer) error { return Text(w, e, true, false) })
			golden.Check(t, name+".json", func(w io.Writer) error { return JSON(w, e) })
			golden.Check(t, name+".trace.json", func(w io.Writer) error { return ChromeExecution(w, e.Batch, e.Observation.Events) })
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
	e := executionOf(b, r)
	if pairs, tooMany := e.conflicts(); pairs != nil || tooMany < 499_500 {
		t.Errorf("%d pairs and %d not listed, want none and at least 499,500", len(pairs), tooMany)
	}
	var out bytes.Buffer
	if err := Text(&out, e, false, false); err != nil {
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
	golden.Repeats(t, func(w io.Writer) error { return ChromeSteps(w, steps, []string{"main", "worker 0"}) })
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
