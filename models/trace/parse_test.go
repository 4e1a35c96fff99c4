package trace

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/schedule"
	"synchrony/models/text"
)

// twoAccounts has names that need quotes, and ones that do not.
func twoAccounts() *batch.Batch {
	return &batch.Batch{
		Accounts: []batch.Account{{Name: "alice", Balance: 100}, {Name: "bob", Balance: 50}, {Name: "7 of \"nine\"", Balance: -1}},
		Transactions: []batch.Transaction{
			{ID: "t1"}, {ID: "t2"}, {ID: "init"}, {ID: "an id # with ->"}, {ID: ""},
		},
	}
}

// drawObservation draws any observation: what it says makes no sense, but all of
// it must survive the text form.
func drawObservation(t *rapid.T, b *batch.Batch) Observation {
	tx := rapid.Int32Range(-3, int32(len(b.Transactions))+2)
	account := rapid.Map(rapid.Int32Range(-2, int32(len(b.Accounts))+1), func(i int32) batch.AccountID { return batch.AccountID(i) })
	duration := rapid.Map(rapid.Int64(), func(n int64) time.Duration { return time.Duration(n) })
	event := rapid.Custom(func(t *rapid.T) Event {
		e := Event{
			Time: duration.Draw(t, "time"), Kind: EventKind(rapid.IntRange(0, int(Rollback)+1).Draw(t, "kind")),
			Worker: rapid.Int32().Draw(t, "worker"), Tx: tx.Draw(t, "tx"),
		}
		if e.Kind == Read || e.Kind == Write {
			e.Account, e.Old, e.Version = account.Draw(t, "account"), rapid.Int64().Draw(t, "old"), tx.Draw(t, "version")
		}
		if e.Kind == Write {
			e.New = rapid.Int64().Draw(t, "new")
		}
		return e
	})
	dependency := rapid.Custom(func(t *rapid.T) Dependency {
		return Dependency{
			From: tx.Draw(t, "from"), To: tx.Draw(t, "to"), Kinds: DependencyKind(rapid.Uint8().Draw(t, "kinds")),
			Accounts: rapid.SliceOfN(account, 0, 4).Draw(t, "accounts"),
		}
	})
	step := rapid.Custom(func(t *rapid.T) schedule.Step {
		return schedule.Step{
			Task: rapid.Int32().Draw(t, "task"), Op: schedule.Op(rapid.IntRange(0, int(schedule.OpAdd)+1).Draw(t, "op")),
			Object: schedule.Object{Class: schedule.Class(rapid.IntRange(0, int(schedule.ClassUser)+1).Draw(t, "class")), Index: rapid.Int32().Draw(t, "index")},
		}
	})
	balances := rapid.OneOf(rapid.SliceOfN(rapid.Int64(), 3, 3), rapid.SliceOfN(rapid.Int64(), 0, 5))
	snapshot := rapid.Custom(func(t *rapid.T) Snapshot {
		return Snapshot{duration.Draw(t, "time"), rapid.Int32().Draw(t, "observer"), balances.Draw(t, "balances")}
	})
	count := rapid.IntRange(-5, 1_000_000)
	return Observation{
		Outcome:     history.Outcome(rapid.IntRange(1, int(history.Cancelled)+1).Draw(t, "outcome")),
		Certificate: drawCertificate(t, tx, account), Counterexample: drawCounterexample(t, tx), Unattested: drawAttestationError(t, b),
		Failure: drawFailure(t, b, int(tx.Draw(t, "failed"))), Error: rapid.String().Draw(t, "error"),
		Cycle:   rapid.SliceOfN(rapid.String(), 0, 4).Draw(t, "cycle"),
		Initial: balances.Draw(t, "initial"), Final: balances.Draw(t, "final"),
		Edges: rapid.SliceOfN(dependency, 0, 4).Draw(t, "edges"), Conflicts: rapid.SliceOfN(dependency, 0, 4).Draw(t, "conflicts"),
		Groups: rapid.SliceOfN(rapid.SliceOfN(tx, 0, 4), 0, 4).Draw(t, "groups"),
		Events: rapid.SliceOfN(event, 0, 6).Draw(t, "events"), Late: rapid.SliceOfN(event, 0, 2).Draw(t, "late"),
		Steps: rapid.SliceOfN(step, 0, 6).Draw(t, "steps"), Snapshots: rapid.SliceOfN(snapshot, 0, 3).Draw(t, "snapshots"),
		Completed: count.Draw(t, "completed"), Pending: count.Draw(t, "pending"),
		Elapsed: duration.Draw(t, "elapsed"), Limit: duration.Draw(t, "limit"), Workers: count.Draw(t, "workers"),
		Serial: rapid.Bool().Draw(t, "serial"), Executed: count.Draw(t, "executed"), Parallel: count.Draw(t, "parallel"),
		Speedup: rapid.Ptr(rapid.Float64Range(0, 16), true).Draw(t, "speedup"),
	}
}

func drawCertificate(t *rapid.T, tx *rapid.Generator[int32], account *rapid.Generator[batch.AccountID]) *Certificate {
	if rapid.Bool().Draw(t, "no certificate") {
		return nil
	}
	access := rapid.Custom(func(t *rapid.T) CertifiedAccess {
		return CertifiedAccess{tx.Draw(t, "tx"), account.Draw(t, "account"), tx.Draw(t, "version"), rapid.Bool().Draw(t, "write")}
	})
	return &Certificate{
		Method: rapid.String().Draw(t, "method"), Plan: rapid.String().Draw(t, "plan"), Elapsed: time.Duration(rapid.Int64().Draw(t, "elapsed")),
		Order: rapid.SliceOfN(tx, 0, 3).Draw(t, "order"), Accesses: rapid.SliceOfN(access, 0, 4).Draw(t, "accesses"),
		Reads: rapid.Int().Draw(t, "reads"), Writes: rapid.Int().Draw(t, "writes"),
	}
}

func drawCounterexample(t *rapid.T, tx *rapid.Generator[int32]) *Counterexample {
	if rapid.Bool().Draw(t, "no counterexample") {
		return nil
	}
	c := &Counterexample{Gate: rapid.String().Draw(t, "gate"), Reason: rapid.String().Draw(t, "reason"), Txs: rapid.SliceOfN(tx, 0, 3).Draw(t, "txs")}
	if rapid.Bool().Draw(t, "mismatch") {
		c.Mismatch = &VersionMismatch{batch.AccountID(rapid.IntRange(0, 4).Draw(t, "account")), tx.Draw(t, "expected"), tx.Draw(t, "seen")}
	}
	return c
}

func drawAttestationError(t *rapid.T, b *batch.Batch) *batch.AttestationError {
	if rapid.Bool().Draw(t, "no attestation error") {
		return nil
	}
	e := &batch.AttestationError{
		Tx: rapid.IntRange(0, len(b.Transactions)-1).Draw(t, "tx"), Param: rapid.String().Draw(t, "param"), Source: rapid.String().Draw(t, "source"),
		Problem: batch.AttestationProblem(rapid.IntRange(1, 4).Draw(t, "problem")),
	}
	e.ID = b.Transactions[e.Tx].ID
	if e.Problem == batch.Expired {
		e.Expires = time.Unix(rapid.Int64Range(0, 1e10).Draw(t, "expires"), 5).UTC()
	}
	return e
}

func drawFailure(t *rapid.T, b *batch.Batch, tx int) *batch.Failure {
	if rapid.Bool().Draw(t, "no failure") {
		return nil
	}
	f := &batch.Failure{
		Tx: tx, ID: rapid.String().Draw(t, "id"), Kind: batch.FailureKind(rapid.IntRange(0, 9).Draw(t, "kind")),
		Condition: rapid.String().Draw(t, "condition"), Detail: rapid.String().Draw(t, "detail"), Stack: rapid.String().Draw(t, "stack"),
	}
	if tx >= 0 && tx < len(b.Transactions) && rapid.Bool().Draw(t, "right id") {
		f.ID = b.Transactions[tx].ID
	}
	f.Values = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) batch.Value {
		return batch.Value{Name: rapid.String().Draw(t, "name"), Value: rapid.Int64().Draw(t, "value")}
	}), 0, 3).Draw(t, "values")
	if cause := rapid.String().Draw(t, "cause"); cause != "" {
		f.Err = errors.New(cause)
	}
	return f
}

func TestFormatParseRoundTrip(t *testing.T) {
	b := twoAccounts()
	cause := func(p cmp.Path) bool { return p.Last().String() == ".Err" }
	sameText := cmp.FilterPath(cause, cmp.Comparer(func(x, y error) bool {
		return (x == nil) == (y == nil) && (x == nil || x.Error() == y.Error())
	}))
	rapid.Check(t, func(t *rapid.T) {
		want := drawObservation(t, b)
		text := Format(want, b)
		got, err := Parse("drawn", text, b)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), sameText); diff != "" {
			t.Fatalf("-want +got:\n%s\n%s", diff, text)
		}
	})
}

func TestParseByHand(t *testing.T) {
	o, err := Parse("hand", `
# the first transfer of the example
outcome committed
initial bob 50 alice 100 "7 of \"nine\"" 0
  1ns w0 start t1          # begins
  2ns w0 write t1 alice 100 -> 90 over init
step t2 write cell/alice
step t2 rmw counter/t1
step t2 lock mutex/3
`, twoAccounts())
	if err != nil {
		t.Fatal(err)
	}
	want := Observation{
		Outcome: history.Committed, Initial: []int64{100, 50, 0},
		Events: []Event{{Time: 1}, {Time: 2, Kind: Write, Old: 100, New: 90, Version: history.InitialVersion}},
		Steps: []schedule.Step{
			{Task: 2, Op: schedule.OpWrite, Object: schedule.Object{Class: schedule.ClassCell, Index: 0}}, {Task: 2, Op: schedule.OpRMW, Object: schedule.Object{Class: schedule.ClassCounter, Index: 0}}, {Task: 2, Op: schedule.OpLock, Object: schedule.Object{Class: schedule.ClassMutex, Index: 3}},
		},
	}
	if diff := cmp.Diff(want, o); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestParseEarlier: what earlier versions wrote of attestations and certificates still reads.
func TestParseEarlier(t *testing.T) {
	earlier := []string{
		`counterexample "oracles" "r" t1`,
		`oracle t1 "amount" "feed" "unknown oracle" "2030-01-01T00:00:00Z"`,
		`counterexample "prove" "r" t1`,
		"proof \"recorded versions\" 120ns 1 reads 0 writes\nproved t1 read alice init",
	}
	now := []string{
		`counterexample "attestations" "r" t1`,
		`unattested t1 "amount" "feed" "unknown source" "2030-01-01T00:00:00Z"`,
		`counterexample "certify" "r" t1`,
		"certificate \"recorded versions\" 120ns 1 reads 0 writes\ncertified t1 read alice init",
	}
	for i := range now {
		got, err := Parse("earlier", "outcome aborted\n"+earlier[i]+"\n", twoAccounts())
		want, err2 := Parse("now", "outcome aborted\n"+now[i]+"\n", twoAccounts())
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" || cmp.Equal(got, Observation{Outcome: history.Aborted}) {
			t.Errorf("%s\n-want +got:\n%s", now[i], diff)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, tc := range []struct{ line, want string }{
		{"12ns w0 read t1 alicia 100 from init", `the batch has no account "alicia"`},
		{"12ns w0 start t9", `the batch has no transaction "t9"`},
		{"12ns w0 jump t1", `unknown event "jump": want one of start, read, write, commit, rollback`},
		{"12ns w0 read t1 alice 100", "the line ends where from is expected"},
		{"12ns w0 read t1 alice many from init", `"many" is not a balance`},
		{"12ns w0 write t1 alice 1 to 2 over init", `"to" where "->" is expected`},
		{"12ns x0 start t1", `"x0" is not a worker: want w0, w1, …`},
		{"12 w0 start t1", `"12" is not a time or a key`},
		{"12ns w0 start t1 t2", `unexpected "t2"`},
		{"initial alice 100", "no balance for bob"},
		{"initial alice 100 alice 90", "a second balance for alice"},
		{"edge t1 -> t2 RAR alice", `unknown reason "RAR"`},
		{"outcome fine", `unknown outcome "fine"`},
		{"error oops", "the error is expected in double quotes"},
		{`error "oops`, "does not end"},
		{`condition "x"`, "condition without a failure line before it"},
		{`failure t1 "mood"`, `unknown failure kind "mood"`},
		{"failure t1 guard", "a kind of failure is expected in double quotes"},
		{"step t1 write cell/carol", `the batch has no account "carol"`},
		{"step t1 write desk/1", `unknown class "desk"`},
		{"step t1 write mutex", "is no object"},
		{"snapshot 1ns alice 100", `"alice" is not an observer`},
	} {
		_, err := Parse("f.txt", "outcome committed\n"+tc.line+"\n", twoAccounts())
		var syntax *text.Error
		if !errors.As(err, &syntax) || syntax.Line != 2 || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s:\n got %v\nwant f.txt:2 and %s", tc.line, err, tc.want)
		}
	}
	if _, err := Parse("f.txt", "", twoAccounts()); err == nil || !strings.Contains(err.Error(), "needs a line: outcome") {
		t.Errorf("an empty trace: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("outcome committed\n12ns w0 read t1 alice 100 from init\nstep t2 write cell/alice\n")
	b := twoAccounts()
	f.Fuzz(func(t *testing.T, src string) {
		o, err := Parse("fuzz", src, b)
		if err != nil {
			return
		}
		if _, err := Parse("again", Format(o, b), b); err != nil {
			t.Fatal(err)
		}
	})
}
