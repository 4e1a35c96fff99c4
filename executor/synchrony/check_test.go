package synchrony

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synchrony/executor/sched"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// check compares an observation of an execution, without timeouts, with the
// specification. It returns what is wrong.
func check(b *batch.Batch, want batch.Outcome, obs *trace.Observation) error {
	switch {
	case want.Cycle != nil:
		if obs.Outcome != history.Refused || !slices.Equal(obs.Cycle, want.Cycle.Cycle) {
			return fmt.Errorf("outcome %v with cycle %v, want %v", obs.Outcome, obs.Cycle, want.Cycle.Cycle)
		}
	case want.Failure != nil:
		if obs.Outcome != history.Aborted || !want.Failure.Same(obs.Failure) {
			return fmt.Errorf("outcome %v with failure %v, want %v", obs.Outcome, obs.Failure, want.Failure)
		}
	case obs.Outcome != history.Committed:
		return fmt.Errorf("outcome %v: %s", obs.Outcome, obs.Error)
	}
	if !slices.Equal(obs.Final, want.Balances) {
		return fmt.Errorf("final balances %v, want %v", obs.Final, want.Balances)
	}
	for _, s := range obs.Snapshots {
		if !slices.Equal(s.Balances, obs.Initial) && !slices.Equal(s.Balances, want.Balances) {
			return fmt.Errorf("an observer saw %v, which is neither %v nor %v", s.Balances, obs.Initial, want.Balances)
		}
	}
	if len(obs.Late) > 0 {
		return fmt.Errorf("late events: %v", obs.Late)
	}
	if err := checkConflicts(b, obs.Conflicts); err != nil {
		return err
	}
	if obs.Outcome == history.Refused {
		return nil
	}
	return checkEvents(b, want, obs)
}

func checkConflicts(b *batch.Batch, got []trace.Dependency) error {
	var want []trace.Dependency
	for _, c := range batch.Conflicts(b) {
		d := trace.Dependency{From: int32(c.From), To: int32(c.To)}
		add := func(kind trace.DependencyKind, accounts []batch.AccountID) {
			if len(accounts) > 0 {
				d.Kinds |= kind
				d.Accounts = append(d.Accounts, accounts...)
			}
		}
		add(trace.RAW, c.RAW)
		add(trace.WAR, c.WAR)
		add(trace.WAW, c.WAW)
		slices.Sort(d.Accounts)
		d.Accounts = slices.Compact(d.Accounts)
		want = append(want, d)
	}
	same := slices.EqualFunc(want, got, func(x, y trace.Dependency) bool {
		return x.From == y.From && x.To == y.To && x.Kinds == y.Kinds && slices.Equal(x.Accounts, y.Accounts)
	})
	if !same {
		return fmt.Errorf("conflicts (-want +got):\n%s", cmp.Diff(want, got))
	}
	return nil
}

// checkEvents holds the trace against the specification's reads and writes, and
// against the dependencies.
func checkEvents(b *batch.Batch, want batch.Outcome, obs *trace.Observation) error {
	n := len(b.Transactions)
	started, ended := make([]int, n), make([]int, n)
	reads, writes := make([][]batch.Access, n), make([][]batch.Access, n)
	rolledBack := make([]bool, n)
	for at, e := range obs.Events {
		access := batch.Access{Account: e.Account, Old: e.Old, New: e.New, Writer: int(e.Version)}
		switch e.Kind {
		case trace.Start:
			started[e.Tx] = at + 1
		case trace.Read:
			if !slices.Contains(reads[e.Tx], access) {
				reads[e.Tx] = append(reads[e.Tx], access)
			}
		case trace.Write:
			writes[e.Tx] = append(writes[e.Tx], access)
		case trace.Commit:
			ended[e.Tx] = at + 1
		case trace.Rollback:
			rolledBack[e.Tx] = true
		}
	}
	for _, d := range slices.Concat(obs.Edges, obs.Conflicts) {
		if started[d.To] > 0 && (ended[d.From] == 0 || ended[d.From] > started[d.To]) {
			return fmt.Errorf("%d started before %d, which it depends on, had finished", d.To, d.From)
		}
	}
	committed := obs.Outcome == history.Committed
	for tx := range n {
		if rolledBack[tx] != (started[tx] > 0 && !committed) {
			return fmt.Errorf("transaction %d: rolled back is %v", tx, rolledBack[tx])
		}
		if committed && ended[tx] == 0 {
			return fmt.Errorf("transaction %d did not commit", tx)
		}
		if ended[tx] == 0 {
			continue
		}
		byAccount := func(x, y batch.Access) int { return int(x.Account - y.Account) }
		slices.SortFunc(reads[tx], byAccount)
		slices.SortFunc(writes[tx], byAccount)
		effect := want.Effects[tx]
		if b.Transactions[tx].Call != nil && !slices.Equal(reads[tx], effect.Reads) {
			return fmt.Errorf("transaction %d read %v, want %v", tx, reads[tx], effect.Reads)
		}
		if !slices.Equal(writes[tx], effect.Writes) {
			return fmt.Errorf("transaction %d wrote %v, want %v", tx, writes[tx], effect.Writes)
		}
	}
	if committed && obs.Executed != n {
		return fmt.Errorf("%d executed of %d", obs.Executed, n)
	}
	if obs.Serial && obs.Parallel != 0 || obs.Parallel > obs.Executed {
		return fmt.Errorf("%d executed in parallel, of %d; serial is %v", obs.Parallel, obs.Executed, obs.Serial)
	}
	return nil
}

// runAndCheck runs a batch on the system and checks what that showed.
func runAndCheck(t testing.TB, rt *sched.Runtime, b *batch.Batch, want batch.Outcome, setup batch.Setup) *trace.Observation {
	t.Helper()
	obs, err := System{}.Run(context.Background(), rt, batch.Workload{Batch: b, Setup: setup})
	if err != nil {
		t.Fatal(err)
	}
	if err := check(b, want, &obs); err != nil {
		t.Fatalf("%+v: %v", setup, err)
	}
	return &obs
}
