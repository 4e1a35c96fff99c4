package synchrony

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// chainOf is a batch of n transfers along a chain of accounts.
func chainOf(t testing.TB, n int) *batch.Batch {
	t.Helper()
	b := batch.NewBuilder()
	for i := range n + 1 {
		b.Account(fmt.Sprintf("a%d", i), 10)
	}
	for i := range n {
		b.Transfer(fmt.Sprintf("transfer%d", i), batch.AccountID(i), batch.AccountID(i+1), 10)
	}
	built, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return built
}

func TestCertificateOfACommit(t *testing.T) {
	for _, mode := range []batch.Mode{batch.Parallel, batch.Serial, batch.Blocking, batch.Auto} {
		for _, traced := range []bool{false, true} {
			b := chainOf(t, 200)
			r, err := Execute(t.Context(), nil, NewStore(b.Accounts), b, Options{Workers: 4, Mode: mode, Trace: traced})
			if err != nil {
				t.Fatal(err)
			}
			p := r.Certificate
			if p == nil || p.Method != trace.ByVersions || p.Reads != 400 || p.Writes != 400 || p.Order != nil {
				t.Fatalf("%v: %+v", mode, p)
			}
			if traced != (r.Events != nil) {
				t.Errorf("%v: %d events", mode, len(r.Events))
			}
			accesses := r.CertifiedAccesses()
			if len(accesses) != 800 || accesses[4] != (trace.CertifiedAccess{Tx: 1, Account: 1, Version: 0}) {
				t.Errorf("%v: %d accesses: %+v", mode, len(accesses), accesses[:8])
			}
		}
	}
}

func TestUncertified(t *testing.T) {
	b := chainOf(t, 3)
	r, err := Execute(t.Context(), nil, NewStore(b.Accounts), b, Options{Workers: 2, Trace: true, Uncertified: true})
	if err != nil || r.Certificate != nil || r.CertifiedAccesses() != nil {
		t.Errorf("%v %+v", err, r.Certificate)
	}
}

// tampered executes b, and changes what the workers have recorded just before it is
// checked.
func tampered(t *testing.T, b *batch.Batch, o Options, tamper func(*run)) (*Result, *Store, error) {
	t.Helper()
	store := NewStore(b.Accounts)
	var r *run
	o.PlanProver = func(*batch.Batch, []trace.Dependency) (PlanVerdict, string) {
		tamper(r)
		return PlanUnknown, ""
	}
	r, err := newRun(t.Context(), nil, store, b, o, clock.Stamp())
	if err != nil {
		t.Fatal(err)
	}
	res, err := r.execute()
	return res, store, err
}

// event is the first recorded event that is wanted.
func (r *run) recordedEvent(wanted func(*trace.Event) bool) *trace.Event {
	for _, w := range r.workers {
		for p := w.log.first; p != nil; p = p.next {
			for i := range p.events {
				if wanted(&p.events[i]) {
					return &p.events[i]
				}
			}
		}
	}
	return nil
}

// TestTamperedRecords: each lie about one access is found and named, and nothing is
// committed.
func TestTamperedRecords(t *testing.T) {
	of := func(kind trace.EventKind, tx int32) func(*trace.Event) bool {
		return func(e *trace.Event) bool { return e.Kind == kind && e.Tx == tx }
	}
	for _, c := range []struct {
		name   string
		tamper func(*run)
		want   string
	}{
		{"a stale read", func(r *run) {
			r.recordedEvent(func(e *trace.Event) bool { return of(trace.Read, 2)(e) && e.Account == 2 }).Version = history.InitialVersion
		}, `transaction transfer2 reads the balance 20 of a2 that init wrote, and serially the balance 20 that transfer1 wrote`},
		{"a wrong value read", func(r *run) { r.recordedEvent(of(trace.Read, 0)).Old++ }, "transfer0 reads the balance 11 of a0"},
		{"a lost update", func(r *run) { r.recordedEvent(of(trace.Write, 1)).Version = 7 }, "transfer1 overwrites"},
		{"another value written", func(r *run) { r.recordedEvent(of(trace.Write, 3)).New++ }, "a3"},
		{"an unrecorded write", func(r *run) { r.cells[0] = cell{99, 3} }, "the batch leaves a0 with the balance 99 that transfer3 wrote"},
		{"executed twice", func(r *run) { r.recordedEvent(of(trace.Commit, 2)).Tx = 1 }, `"transfer1" was executed twice`},
		{"a plan that is wrong", nil, "the plan is wrong: no edges"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := chainOf(t, 4)
			var res *Result
			var err error
			store := NewStore(b.Accounts)
			if c.tamper != nil {
				res, store, err = tampered(t, b, Options{Workers: 2, Mode: batch.Parallel}, c.tamper)
			} else {
				res, err = Execute(t.Context(), nil, store, b, Options{Workers: 2, PlanProver: func(*batch.Batch, []trace.Dependency) (PlanVerdict, string) {
					return PlanRefuted, "no edges"
				}})
			}
			var uncertified *CertificateError
			if !errors.As(err, &uncertified) || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			if res.Committed || res.Certificate != nil || res.Counterexample != uncertified.Counterexample || res.Counterexample.Gate != "certify" {
				t.Errorf("%+v", res)
			}
			if !slices.Equal(store.Snapshot(nil), b.Balances()) {
				t.Error("it was committed")
			}
		})
	}
}

// TestSerialReExecution: what was not recorded is executed again, and the result
// says so.
func TestSerialReExecution(t *testing.T) {
	for _, traced := range []bool{false, true} {
		b := chainOf(t, 200)
		res, store, err := tampered(t, b, Options{Workers: 4, Mode: batch.Parallel, Trace: traced}, func(r *run) {
			for _, w := range r.workers {
				w.log.length.Store(0)
			}
			r.cells[3].value = 12345 // so that only a real execution can be right
		})
		if err != nil {
			t.Fatal(err)
		}
		if res.Certificate.Method != trace.BySerialExecution || res.Certificate.Reads != 400 {
			t.Errorf("%+v", res.Certificate)
		}
		if got, want := store.Snapshot(nil), batch.RunSerially(b).Balances; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		if traced && len(res.Events) != 200*6 {
			t.Errorf("%d events", len(res.Events))
		}
	}
}

// TestGoFormIsNotExecutedAgain: Apply runs at most once, so nothing is committed.
func TestGoFormIsNotExecutedAgain(t *testing.T) {
	calls := 0
	b, err := batch.NewBuilder().Add(batch.Transaction{ID: "t", Apply: func(batch.View) error { calls++; return nil }}).Build()
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = tampered(t, b, Options{Workers: 1}, func(r *run) { r.workers[0].log.length.Store(0) })
	if err == nil || !strings.Contains(err.Error(), `accesses of transaction "t" were not recorded`) || calls != 1 {
		t.Errorf("%v, %d calls", err, calls)
	}
}

func TestPlanProverIsNamed(t *testing.T) {
	b := chainOf(t, 3)
	r, err := Execute(t.Context(), nil, NewStore(b.Accounts), b, Options{
		Workers: 2,
		PlanProver: func(_ *batch.Batch, edges []trace.Dependency) (PlanVerdict, string) {
			return PlanProved, fmt.Sprint(len(edges), " edges")
		},
	})
	if err != nil || r.Certificate.Plan != "2 edges" {
		t.Errorf("%v %+v", err, r.Certificate)
	}
}

// TestCounterexamplesOfRefusals: every gate that says no leaves one.
func TestCounterexamplesOfRefusals(t *testing.T) {
	for text, want := range map[string]string{
		"accounts { a: 1; b: 0; } atomic_batch { intent transfer1(a, b, 1) intent transfer2(a, b, 1) }":                                      "execute [1]",
		"accounts { a: 1; b: 0; } atomic_batch { intent transfer1(a, b, 1) after transfer2 intent transfer2(a, b, 1) }":                      "conflicts [0 1]",
		"accounts { a: 1; b: 0; } intent p(from: Account, external n: Amount) {} atomic_batch { intent transfer1(a, b, 1) intent p1(a, 3) }": "attestations [1]",
	} {
		b, err := batch.Parse("test.ae", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		store := NewStore(b.Accounts)
		r, err := Execute(t.Context(), nil, store, b, Options{Workers: 2})
		if err == nil || r.Certificate != nil || r.Counterexample == nil || r.Counterexample.Reason != err.Error() ||
			fmt.Sprint(r.Counterexample.Gate, " ", r.Counterexample.Txs) != want {
			t.Errorf("%s: %v: %+v, want %s", text, err, r.Counterexample, want)
		}
		if !slices.Equal(store.Snapshot(nil), b.Balances()) {
			t.Error("something was committed")
		}
	}
}

// BenchmarkCertify shows what a certificate costs: ns per transaction, by the batch's size.
func BenchmarkCertify(b *testing.B) {
	for _, n := range []int{3, 100, 10_000} {
		for _, o := range []struct {
			name string
			Options
		}{
			{"off", Options{Workers: 2, Uncertified: true}}, {"on", Options{Workers: 2}}, {"traced", Options{Workers: 2, Trace: true, Uncertified: true}},
		} {
			b.Run(fmt.Sprintf("n=%d/%s", n, o.name), func(b *testing.B) {
				independent := pairsOf(b, n)
				store := NewStore(independent.Accounts)
				for b.Loop() {
					if _, err := Execute(b.Context(), nil, store, independent, o.Options); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/tx")
			})
		}
	}
}

// pairsOf is a batch of n transfers, of which every other one gives back, so that it
// can be executed again and again.
func pairsOf(b *testing.B, n int) *batch.Batch {
	builder := batch.NewBuilder()
	for i := range n + 1 {
		builder.Account(fmt.Sprintf("a%d", i), 1_000_000_000)
	}
	for i := range n {
		from, to := batch.AccountID(i/2*2), batch.AccountID(i/2*2+1)
		if i%2 == 1 {
			from, to = to, from
		}
		if int(to) > n {
			to = 0
		}
		builder.Transfer(fmt.Sprintf("transfer%d", i), from, to, 1)
	}
	built, err := builder.Build()
	if err != nil {
		b.Fatal(err)
	}
	return built
}
