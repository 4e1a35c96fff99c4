package batch

import (
	"fmt"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/executor/synchrony"
	"synchrony/models/batch"
	"synchrony/models/history"
)

// whoEnds returns a batch of two transfers of which one ends the context at the given moment.
func whoEnds(t *testing.T, when moment) batch.Workload {
	t.Helper()
	for n := range 1000 { // the moment depends on the batch's digest
		b, err := batch.Parse("b.ae", fmt.Appendf(nil, `
accounts { a: 5000; b: 0; c: 5000; d: 0; }
atomic_batch { intent transfer1(a, b, %d) intent transfer2(c, d, 1) }
`, n+1))
		if err != nil {
			t.Fatal(err)
		}
		w := batch.Workload{Batch: b, Setup: batch.Setup{Workers: 2, Mode: batch.Parallel, Timeout: batch.NoTimeout}}
		w.Batch.Transactions[0].Work = time.Second
		if _, m, err := asJudged(w); err != nil || m == when {
			return w
		}
	}
	t.Fatalf("no batch of the first thousand ends its context at moment %d", when)
	return batch.Workload{}
}

// TestEndsOnce ends the context at each moment there is, and then tells the checker of S28 something else.
func TestEndsOnce(t *testing.T) {
	for _, when := range []moment{inPrepare, thenFailing, thenCommitting} {
		w := whoEnds(t, when)
		run := func() endedRun {
			t.Helper()
			var o endedRun
			var err error
			record := sched.Run(sched.Default(), sched.Options{PatientClock: true}, func(rt *sched.Runtime) {
				o, err = ending{synchrony.System{}}.Run(t.Context(), rt, w)
			})
			if record.Stuck != nil || err != nil {
				t.Fatal(record.Stuck, err)
			}
			o.RecordSteps(record.Steps, record.Tasks)
			return o
		}
		o := run()
		if v := (endsOnce{}).Check(w, o); v.Status != checkers.Pass {
			t.Errorf("moment %d: what happened is refused: %s", when, v.Reason)
		}
		if o.At < 0 || o.Outcome != history.Cancelled || o.Noticed != (when == inPrepare) {
			t.Errorf("moment %d: the context ended after %v, the batch was %v, noticed: %t", when, o.At, o.Outcome, o.Noticed)
		}
		for _, c := range []struct {
			what, rule string
			change     func(*endedRun)
		}{
			{"a timeout without a limit", "wrong outcome", func(o *endedRun) { o.Outcome = history.TimedOut }},
			{"a cancellation that nobody asked for", "early cancellation", func(o *endedRun) { o.At = -1 }},
			{"a batch that goes on", "late return", func(o *endedRun) { o.Elapsed = time.Second }},
			{"a refusal", "wrong outcome", func(o *endedRun) { o.Outcome = history.Refused }},
			{"a failure of nobody's", "", func(o *endedRun) {
				o.Outcome, o.Failure = history.Aborted, w.Batch.RejectedFailure(0, errGivenUp)
			}},
			{"half a rollback", "partial effect", func(o *endedRun) { o.Final[0]++ }},
		} {
			o := run()
			c.change(&o)
			if v := (endsOnce{}).Check(w, o); v.Status != checkers.Fail || c.rule != "" && v.Rule != c.rule {
				t.Errorf("moment %d, %s: %v %s (%s), want %s", when, c.what, v.Status, v.Rule, v.Reason, c.rule)
			}
		}
	}
}

// TestTimeIsNotJudgedOnGoroutines: a real run may take any time to return.
func TestTimeIsNotJudgedOnGoroutines(t *testing.T) {
	w := whoEnds(t, thenFailing)
	w.Batch.Transactions[0].Work = 0
	o, err := ending{synchrony.System{}}.Run(t.Context(), nil, w)
	if err != nil {
		t.Fatal(err)
	}
	o.Elapsed = time.Hour
	if v := (endsOnce{}).Check(w, o); v.Status != checkers.Pass {
		t.Errorf("%s: %s", v.Rule, v.Reason)
	}
}
