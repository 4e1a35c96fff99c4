package overlap

import (
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// transfers is a batch of n transfers of 1 ms between accounts of their own.
func transfers(t *testing.T, n int) *batch.Batch {
	t.Helper()
	b := batch.NewBuilder()
	for i := range n {
		name := string(rune('a' + i))
		from, to := b.Account(name+"1", 100), b.Account(name+"2", 0)
		b.Transfer("transfer"+string(rune('1'+i)), from, to, 1).Work(time.Millisecond)
	}
	built, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return built
}

func TestOverlap(t *testing.T) {
	start := func(tx int32, at time.Duration) trace.Event {
		return trace.Event{Kind: trace.Start, Tx: tx, Time: at}
	}
	commit := func(tx int32, at time.Duration) trace.Event {
		return trace.Event{Kind: trace.Commit, Tx: tx, Time: at}
	}
	overlapping := []trace.Event{start(0, 1), start(1, 2), commit(0, 3), commit(1, 4)}
	apart := []trace.Event{start(0, 1), commit(0, 2), start(1, 3), commit(1, 4)}
	chain := []trace.Dependency{{From: 0, To: 1}}
	late := []trace.Event{start(0, 1), commit(0, 2), start(1, 2+time.Millisecond), commit(1, time.Second)}
	touching := []trace.Event{start(0, 1), commit(0, 2), start(1, 2), commit(1, 4)}
	for _, c := range []struct {
		name    string
		workers int
		mode    batch.Mode
		outcome history.Outcome
		events  []trace.Event
		edges   []trace.Dependency
		want    checkers.Status
	}{
		{"overlapping", 2, batch.Parallel, history.Committed, overlapping, nil, checkers.Pass},
		{"one after another", 2, batch.Parallel, history.Committed, apart, nil, checkers.Fail},
		{"touching is not overlapping", 2, batch.Parallel, history.Committed, touching, nil, checkers.Fail},
		{"in blocking mode", 2, batch.Blocking, history.Committed, apart, nil, checkers.Fail},
		{"dependent", 2, batch.Parallel, history.Committed, apart, chain, checkers.Pass},
		{"dependent, and late by the work of another", 2, batch.Parallel, history.Committed, late, chain, checkers.Fail},
		{"late, with too few workers", 1, batch.Parallel, history.Committed, late, chain, checkers.Pass},
		{"too few workers", 1, batch.Parallel, history.Committed, apart, nil, checkers.Pass},
		{"asked to run serially", 2, batch.Serial, history.Committed, apart, nil, checkers.Pass},
		{"not committed", 2, batch.Parallel, history.TimedOut, apart, nil, checkers.Pass},
		{"no end in the trace", 2, batch.Parallel, history.Committed, overlapping[:3], nil, checkers.Unknown},
		{"a transaction that is not there", 2, batch.Parallel, history.Committed, []trace.Event{start(7, 1)}, nil, checkers.Unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := batch.Workload{Batch: transfers(t, 2), Setup: batch.Setup{Workers: c.workers, Mode: c.mode}}
			balances := w.Batch.Balances()
			v := New().Check(w, trace.Observation{Outcome: c.outcome, Initial: balances, Final: balances, Events: c.events, Edges: c.edges})
			if v.Status != c.want {
				t.Errorf("got %v (%s), want %v", v.Status, v.Reason, c.want)
			}
		})
	}
}
