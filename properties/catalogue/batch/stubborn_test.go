package batch

import (
	"fmt"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/models/batch"
	"synchrony/models/history"
)

// TestStubbornCode ends batches of stubborn code in each way, and then tells the checker of S30 something else.
func TestStubbornCode(t *testing.T) {
	outcomes := map[history.Outcome]int{}
	for n := range 60 { // which code is stubborn, and what ends the batch, depends on the digest
		b, err := batch.Parse("b.ae", fmt.Appendf(nil, `
accounts { a: 5000; b: 0; c: 5000; d: 0; }
atomic_batch { intent transfer1(a, b, %d) intent transfer2(c, d, 1) intent transfer3(a, b, 1) }
`, n+1))
		if err != nil {
			t.Fatal(err)
		}
		w := hurried(batch.Workload{Batch: b, Setup: batch.Setup{Workers: 2, Mode: batch.Parallel}})
		run := func() (o outlived) {
			t.Helper()
			record := sched.Run(sched.Default(), sched.Options{PatientClock: true}, func(rt *sched.Runtime) { o, err = stubborn{}.Run(t.Context(), rt, w) })
			if record.Stuck != nil || err != nil {
				t.Fatal(record.Stuck, err)
			}
			return o
		}
		o := run()
		outcomes[o.Outcome]++
		if v := (leavesCode{}).Check(w, o); v.Status != checkers.Pass {
			t.Fatalf("what happened is refused: %s", v.Reason)
		}
		o.Prepares = 1
		if v := (leavesCode{}).Check(w, o); w.Setup.TransactionTimeout == 0 && v.Rule != "work after the end" {
			t.Errorf("a prepare that began after the end: %v %q", v.Status, v.Rule)
		}
		for _, c := range []struct {
			rule   string
			change func(*outlived)
		}{
			{"wrong outcome", func(o *outlived) { o.Outcome = 0 }},
			{"waits without end", func(o *outlived) { o.Waited = 1 }},
			{"late return", func(o *outlived) { o.Elapsed = time.Second }},
			{"work after the end", func(o *outlived) { o.Begun = 3 }},
			{"late effect", func(o *outlived) { o.Later = nil }},
			{"late effect", func(o *outlived) { o.Next.Outcome = history.Aborted }},
			{"late effect", func(o *outlived) { o.Next.Balances = o.AtReturn }},
			{"not rolled back", func(o *outlived) {
				o.Outcome, o.AtReturn, o.Later = history.TimedOut, []int64{1}, []int64{1}
			}},
		} {
			o := run()
			c.change(&o)
			if v := (leavesCode{}).Check(w, o); v.Rule != c.rule {
				t.Errorf("%s: %v %q", c.rule, v.Status, v.Rule)
			}
		}
	}
	testFailingAlone(t)
	for _, want := range []history.Outcome{history.Committed, history.TimedOut, history.Cancelled} {
		if outcomes[want] == 0 {
			t.Errorf("no batch was %v: %v", want, outcomes)
		}
	}
}

// testFailingAlone executes a batch that only its first transaction ends, which fails, while all others go on: what else became of it is refused.
func testFailingAlone(t *testing.T) {
	t.Helper()
	b, err := batch.Parse("b.ae", []byte(`
accounts { a: 0; b: 0; c: 5; d: 0; e: 5; f: 0; }
atomic_batch { intent transfer1(a, b, 1) intent transfer2(c, d, 1) intent transfer3(e, f, 1) }
`))
	if err != nil {
		t.Fatal(err)
	}
	w := untimed(batch.Workload{Batch: b, Setup: batch.Setup{Workers: 2, Mode: batch.Parallel}})
	var o outlived
	record := sched.Run(sched.Default(), sched.Options{PatientClock: true}, func(rt *sched.Runtime) { o, err = stubborn{}.Run(t.Context(), rt, w) })
	if record.Stuck != nil || err != nil {
		t.Fatal(record.Stuck, err)
	}
	if v := (leavesCode{}).Check(w, o); v.Status != checkers.Pass {
		t.Fatalf("what happened is refused: %s", v.Reason)
	}
	if o.Outcome = history.Committed; (leavesCode{}).Check(w, o).Rule != "wrong outcome" {
		t.Error("a batch that can only fail is committed")
	}
}
