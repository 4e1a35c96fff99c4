package batch

import (
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/executor/synchrony"
	"synchrony/models/batch"
	"synchrony/models/history"
)

// TestTimeoutNamesWhatTookLong holds the transaction that a timeout's error names against the work of it.
func TestTimeoutNamesWhatTookLong(t *testing.T) {
	for work, good := range map[time.Duration]bool{time.Second: true, time.Second / 2: false} {
		w := batch.Workload{
			Batch: &batch.Batch{Transactions: []batch.Transaction{{ID: "t", Work: work}}},
			Setup: batch.Setup{TransactionTimeout: time.Second},
		}
		why := misnamed(w, answer{Elapsed: 2 * time.Second, Timeout: &synchrony.TimeoutError{Limit: time.Second, Transaction: "t"}})
		if (why == "") != good {
			t.Errorf("a transaction of %v that a limit of %v ended: %q", work, time.Second, why)
		}
	}
}

// TestAtOnce runs a batch three times at once, of which the first two commit, and then
// tells the checker of S26 something else.
func TestAtOnce(t *testing.T) {
	b, err := batch.Parse("b.ae", []byte(`
accounts { a: 30; b: 0; }
atomic_batch { intent transfer1(a, b, 10) }
`))
	if err != nil {
		t.Fatal(err)
	}
	w := batch.Workload{Batch: b, Setup: batch.Setup{Workers: 2, Mode: batch.Parallel, Timeout: batch.NoTimeout}}
	run := func(w batch.Workload) joint {
		t.Helper()
		var j joint
		record := sched.Run(sched.Default(), sched.Options{PatientClock: true}, func(rt *sched.Runtime) {
			j, err = together{}.Run(t.Context(), rt, w)
		})
		if record.Stuck != nil || err != nil {
			t.Fatal(record.Stuck, err)
		}
		return j
	}
	if v := (oneAfterAnother{}).Check(w, run(w)); v.Status != checkers.Pass {
		t.Errorf("what happened is refused: %s", v.Reason)
	}
	for _, c := range []struct {
		what, rule string
		change     func(*joint)
	}{
		{"a copy lost", "wrong balances", func(j *joint) { j.Balances = []int64{20, 10} }},
		{"a version lost", "wrong version", func(j *joint) { j.Version = 1 }},
		{"a torn read", "wrong balances", func(j *joint) { j.Single = []int64{20, 20} }},
		{"an account that is none", "wrong balances", func(j *joint) { j.Outside = 1 }},
		{"a result that says something else later", "wrong balances", func(j *joint) { j.Before = []int64{20, 10} }},
		{"a commit denied", "wrong result", func(j *joint) { j.Answers[0].Outcome, j.Answers[0].Committed = history.Aborted, false }},
		{"an error that is none", "wrong outcomes", func(j *joint) { j.Answers[0].Outcome = 0 }},
		{"a result at odds with its error", "wrong result", func(j *joint) { j.Answers[0].Committed = false }},
		{"balances that never were", "wrong outcomes", func(j *joint) { j.Answers[2].Balances = []int64{25, 5} }},
		{"the balances before", "wrong result", func(j *joint) { j.Answers[0].Balances = []int64{30, 0} }},
		{"a certificate without its plan", "wrong result", func(j *joint) { j.Answers[0].Plan = "" }},
		{"a commit of what was refuted", "wrong outcomes", func(j *joint) { j.Answers[2] = j.Answers[1] }},
		{"a refutation of nobody's", "wrong outcomes", func(j *joint) { j.Answers[0] = j.Answers[2] }},
		{"a timeout without a limit", "wrong outcomes", func(j *joint) { j.Answers[0].Outcome, j.Answers[0].Committed = history.TimedOut, false }},
		{"a cancellation of nobody's", "wrong result", func(j *joint) { j.Answers[1].Outcome, j.Answers[1].Committed = history.Cancelled, false }},
		{"a commit after the context's end", "late commit", func(j *joint) { j.Ended = &j.Answers[0] }},
		{"a misuse unnoticed", "wrong outcomes", func(j *joint) { j.Misused[len(j.Misused)-1] = nil }},
		{"another number of workers", "wrong outcomes", func(j *joint) { j.Pools[1].workers++ }},
		{"no number of workers", "wrong outcomes", func(j *joint) { j.Pools = nil }},
		{"a plan refuted too late", "wrong outcomes", func(j *joint) { j.Overtaken = &answer{Outcome: history.Aborted, Refuted: true} }},
		{"an end that nobody knows", "wrong outcomes", func(j *joint) { j.Overtaken = &answer{} }},
		{"an earlier definition", "wrong outcomes", func(j *joint) { j.Changed[1] = history.Committed }},
		{"a batch about other accounts", "wrong outcomes", func(j *joint) { j.Foreign[1] = nil }},
		{"a batch refused that is about the same ones", "wrong outcomes", func(j *joint) { j.Same = j.Foreign[0] }},
		{"a limit that is not the batch's", "wrong result", func(j *joint) { j.Answers[1].Timeout = &synchrony.TimeoutError{Limit: 1} }},
		{"a limit that was not passed", "wrong result", func(j *joint) { j.Answers[1].Timeout = &synchrony.TimeoutError{Limit: time.Hour} }},
		{"a limit of no transaction", "wrong result", func(j *joint) {
			j.Answers[1].Timeout = &synchrony.TimeoutError{Limit: 1, Transaction: "t9"}
		}},
		{"a mode without a reason", "wrong result", func(j *joint) { j.Answers[0].Why = "" }},
		{"a mode with another's reason", "wrong result", func(j *joint) { j.Answers[0].Serial = true }},
	} {
		j := run(w)
		c.change(&j)
		if v := (oneAfterAnother{}).Check(w, j); v.Status != checkers.Fail || v.Rule != c.rule {
			t.Errorf("%s: %v %s (%s), want %s", c.what, v.Status, v.Rule, v.Reason, c.rule)
		}
	}

	late := w
	late.Setup.Timeout = 5
	j := run(w)
	j.Answers[1] = answer{Outcome: history.TimedOut, Err: j.Answers[2].Err, Limit: 5, Elapsed: 2 * lateness, Why: "parallel", Balances: []int64{30, 0}}
	if v := (oneAfterAnother{}).Check(late, j); v.Rule != "late return" {
		t.Errorf("a late return: %s (%s)", v.Rule, v.Reason)
	}
}
