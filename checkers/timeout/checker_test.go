package timeout

import (
	"math"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/schedule"
	"synchrony/models/trace"
)

// nothing is what transactions do here.
func nothing(batch.View) error { return nil }

// run is a batch of one transaction that works for work, under a setup, ended as o
// says.
func run(work time.Duration, setup batch.Setup, o trace.Observation) (batch.Workload, trace.Observation) {
	o.Initial, o.Final = []int64{}, []int64{}
	return batch.Workload{Batch: &batch.Batch{Transactions: []batch.Transaction{{ID: "t", Work: work, Apply: nothing}}}, Setup: setup}, o
}

func TestLimits(t *testing.T) {
	const longest = time.Duration(math.MaxInt64)
	for _, tc := range []struct {
		name       string
		work       time.Duration
		asked, got time.Duration
		want       string
	}{
		{"asked and got", 0, time.Second, time.Second, ""},
		{"none asked, none got", 0, batch.NoTimeout, 0, ""},
		{"default", 0, 0, 30 * time.Second, ""},
		{"a nanosecond short", 0, 0, 30*time.Second - 1, "default limit too short"},
		{"ten times the work", time.Minute, 0, 10 * time.Minute, ""},
		{"nine times the work", time.Minute, 0, 9 * time.Minute, "default limit too short"},
		{"more work than there is time", longest / 2, 0, longest, ""},
		{"no default", 0, 0, 0, "default limit too short"},
		{"more than asked", 0, time.Second, time.Second + 1, "wrong limit"},
		{"less than asked", 0, time.Second, time.Second - 1, "wrong limit"},
		{"one though none asked", 0, batch.NoTimeout, time.Hour, "wrong limit"},
	} {
		w, o := run(tc.work, batch.Setup{Timeout: tc.asked}, trace.Observation{Outcome: history.Committed, Limit: tc.got})
		for _, c := range []interface {
			Check(batch.Workload, trace.Observation) checkers.Verdict
		}{New(), Limit()} {
			if v := c.Check(w, o); v.Rule != tc.want {
				t.Errorf("%s: %v %q: %s, want %q", tc.name, v.Status, v.Rule, v.Reason, tc.want)
			}
		}
	}
}

func TestDueEnds(t *testing.T) {
	for _, tc := range []struct {
		name    string
		outcome history.Outcome
		setup   batch.Setup
		limit   time.Duration
		elapsed time.Duration
		want    string
	}{
		{"at the limit", history.TimedOut, batch.Setup{Timeout: 5}, 5, 5, ""},
		{"before it", history.TimedOut, batch.Setup{Timeout: 5}, 5, 4, "early timeout"},
		{"at the transaction's limit", history.TimedOut, batch.Setup{Timeout: 5, TransactionTimeout: 2}, 5, 3, ""},
		{"before both", history.TimedOut, batch.Setup{Timeout: 5, TransactionTimeout: 2}, 5, 1, "early timeout"},
		{"without any", history.TimedOut, batch.Setup{Timeout: batch.NoTimeout}, 0, time.Hour, "early timeout"},
		{"cancelled in time", history.Cancelled, batch.Setup{Timeout: 5, CancelAfter: 3}, 5, 3, ""},
		{"cancelled too early", history.Cancelled, batch.Setup{Timeout: 5, CancelAfter: 3}, 5, 2, "early cancellation"},
		{"cancelled by the clock", history.Cancelled, batch.Setup{Timeout: 5}, 5, 9, "early cancellation"},
	} {
		w, o := run(0, tc.setup, trace.Observation{
			Outcome: tc.outcome, Limit: tc.limit, Elapsed: tc.elapsed, Pending: 1, Error: `"t" took longer than 2ns: 0 completed, 1 pending`,
		})
		if v := New().Check(w, o); v.Rule != tc.want {
			t.Errorf("%s: %v %q: %s, want %q", tc.name, v.Status, v.Rule, v.Reason, tc.want)
		}
	}
}

// TestLateCommit holds a commit's events against the limit, to the nanosecond.
func TestLateCommit(t *testing.T) {
	for at, want := range map[time.Duration]string{5: "", 6: "late commit"} {
		w, o := run(0, batch.Setup{Workers: 1, Timeout: 5}, trace.Observation{
			Outcome: history.Committed, Limit: 5, Elapsed: 9,
			Events: []trace.Event{{Time: 1, Kind: trace.Start}, {Time: at, Kind: trace.Commit}},
		})
		if v := New().Check(w, o); v.Rule != want {
			t.Errorf("a commit at %v of 5: %v %q: %s, want %q", at, v.Status, v.Rule, v.Reason, want)
		}
	}
}

// TestCommitBeyondATransactionsLimit holds the work of each transaction against the limit on it.
func TestCommitBeyondATransactionsLimit(t *testing.T) {
	for work, want := range map[time.Duration]string{5: "", 6: "late commit"} {
		w, o := run(work, batch.Setup{Workers: 1, Timeout: batch.NoTimeout, TransactionTimeout: 5}, trace.Observation{Outcome: history.Committed, Elapsed: 9})
		if v := New().Check(w, o); v.Rule != want {
			t.Errorf("a commit of work of %v with a limit of 5: %v %q: %s, want %q", work, v.Status, v.Rule, v.Reason, want)
		}
	}
}

func TestMessagesNameBothCounts(t *testing.T) {
	for message, ok := range map[string]bool{
		"0 of 1 done, 1 pending": true,
		"pending: 1, done: 0":    true,
		"10 done":                false, // neither 1 nor 0
		"0 completed":            false,
		"":                       false,
	} {
		w, o := run(0, batch.Setup{Timeout: 5}, trace.Observation{Outcome: history.TimedOut, Limit: 5, Elapsed: 5, Pending: 1, Error: message})
		if v := New().Check(w, o); (v.Status == checkers.Pass) != ok {
			t.Errorf("%q: %v %s", message, v.Status, v.Reason)
		}
	}
}

// TestMessagesNameWhoTookTooLong: if a transaction's own limit alone was passed, the error says whose, and which.
func TestMessagesNameWhoTookTooLong(t *testing.T) {
	for message, ok := range map[string]bool{
		`"t" took longer than 2ns: 0 completed, 1 pending`:       true,
		`"other" took longer than 2ns: 0 completed, 1 pending`:   false,
		`"t" took longer than 9ns: 0 completed, 1 pending`:       false,
		`the batch took longer than 2ns: 0 completed, 1 pending`: false,
	} {
		w, o := run(0, batch.Setup{Timeout: 5, TransactionTimeout: 2}, trace.Observation{Outcome: history.TimedOut, Limit: 5, Elapsed: 3, Pending: 1, Error: message})
		if v := New().Check(w, o); (v.Status == checkers.Pass) != ok {
			t.Errorf("%q: %v %s", message, v.Status, v.Reason)
		}
	}
}

// TestTimersFireOneAfterAnother holds a controlled run to all its timers and its work
// together, and to no more: one transaction's timer may fire before the next one's is
// armed.
func TestTimersFireOneAfterAnother(t *testing.T) {
	b := &batch.Batch{Transactions: []batch.Transaction{{ID: "t1", Apply: nothing}, {ID: "t2", Work: 1000, Apply: nothing}}}
	setup := batch.Setup{Timeout: batch.NoTimeout, TransactionTimeout: 500, CancelAfter: 300}
	for elapsed, want := range map[time.Duration]string{2301: "", 2302: "late return"} {
		o := trace.Observation{
			Outcome: history.TimedOut, Initial: []int64{}, Final: []int64{}, Elapsed: elapsed, Pending: 2, Error: `"t2" took longer than 500ns: 0 completed, 2 pending`,
			Steps: []schedule.Step{{Op: schedule.OpNow}},
		}
		if v := New().Check(batch.Workload{Batch: b, Setup: setup}, o); v.Rule != want {
			t.Errorf("%v: %v %q: %s, want %q", elapsed, v.Status, v.Rule, v.Reason, want)
		}
	}
}
