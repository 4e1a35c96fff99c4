package synchrony

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/batch"
)

// clock is the runtime of plain goroutines.
var clock *sched.Runtime

// hanging adds a transaction that moves 1 from a to b, and does not return before
// release is closed.
func hanging(b *batch.Builder, id string, started, release chan struct{}) {
	b.Add(batch.Transaction{ID: id, Reads: []batch.AccountID{accA, accB}, Writes: []batch.AccountID{accA, accB},
		Apply: func(v batch.View) error {
			close(started)
			<-release
			v.SetBalance(accA, v.Balance(accA)-1)
			v.SetBalance(accB, v.Balance(accB)+1)
			return nil
		}})
}

// refusing is a transaction that fails once another has started.
func refusing(id string, started <-chan struct{}) batch.Transaction {
	return batch.Transaction{ID: id, Apply: func(batch.View) error {
		<-started
		return errRefused
	}}
}

// TestHangingTransactionExpires leaves a transaction behind that does not return in
// time; and then lets it. The time is that of a bubble, which passes only when all
// wait: no transaction that runs is ever too slow.
func TestHangingTransactionExpires(t *testing.T) {
	for _, mode := range modes {
		for name, o := range map[string]Options{
			"batch":       {Timeout: time.Millisecond},
			"transaction": {TransactionTimeout: time.Millisecond},
			"cancelled":   {Timeout: batch.NoTimeout},
		} {
			t.Run(fmt.Sprintf("%v/%s", mode, name), func(t *testing.T) {
				o.Workers, o.Mode, o.Trace = 2, mode, true
				synctest.Test(t, func(t *testing.T) { expire(t, name, o) })
			})
		}
	}
}

// expire executes a batch whose second transaction hangs, which ends in the way
// that name says.
func expire(t *testing.T, name string, o Options) {
	started, release := make(chan struct{}), make(chan struct{})
	b := makeBatch(t, func(b *batch.Builder) {
		b.Transfer("t0", accC, accD, 1)
		hanging(b, "t1", started, release)
		b.Transfer("t2", accA, accD, 1)
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if name == "cancelled" {
		go func() {
			<-started
			cancel()
		}()
	}
	s := NewStore(b.Accounts)
	r, err := newRun(ctx, nil, s, b, o, clock.Stamp())
	if err != nil {
		t.Fatal(err)
	}
	res, err := r.execute()
	var timeout *TimeoutError
	var canceled *CanceledError
	switch {
	case errors.As(err, &timeout):
		if (timeout.Transaction == "t1") != (name == "transaction") || timeout.Completed+timeout.Pending != 3 {
			t.Errorf("%+v", timeout)
		}
	case !errors.As(err, &canceled) || name != "cancelled":
		t.Errorf("error %v", err)
	}
	events := len(res.Events)
	close(release)
	r.tasks.Wait(nil)
	if late := r.lateEvents(); len(late) > 0 || len(res.Events) != events {
		t.Errorf("late events %v", late)
	}
	if !slices.Equal(s.Snapshot(nil), b.Balances()) || s.Version(nil) != 0 {
		t.Errorf("balances %v", s.Snapshot(nil))
	}
}

// TestFailureDoesNotWaitForLaterTransactions: a transaction that hangs does not
// matter if one before it fails.
func TestFailureDoesNotWaitForLaterTransactions(t *testing.T) {
	for _, mode := range []batch.Mode{batch.Parallel, batch.Blocking} {
		started, release := make(chan struct{}), make(chan struct{})
		b := makeBatch(t, func(b *batch.Builder) {
			b.Add(refusing("t0", started))
			hanging(b, "t1", started, release)
			b.Transfer("t2", accA, accB, 1)
		})
		s := NewStore(b.Accounts)
		r, err := newRun(t.Context(), nil, s, b, Options{Workers: 2, Mode: mode, Timeout: batch.NoTimeout}, clock.Stamp())
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.execute()
		var f *batch.Failure
		if !errors.As(err, &f) || f.Tx != 0 || !errors.Is(err, errRefused) {
			t.Errorf("mode %v: %v", mode, err)
		}
		close(release)
		r.tasks.Wait(nil)
		if !slices.Equal(s.Snapshot(nil), b.Balances()) {
			t.Errorf("balances %v", s.Snapshot(nil))
		}
	}
}

// TestFailureCountsWhatAnAbandonedWorkerHasDone: a worker is inside a transaction that hangs and no longer matters, and
// has executed another before, which it has not reported.
func TestFailureCountsWhatAnAbandonedWorkerHasDone(t *testing.T) {
	for _, mode := range []batch.Mode{batch.Parallel, batch.Blocking} {
		started, release := make(chan struct{}), make(chan struct{})
		b := makeBatch(t, func(b *batch.Builder) {
			b.Add(refusing("t0", started))
			b.Add(touch("t1", accA))
			hanging(b, "t2", started, release)
		})
		s := NewStore(b.Accounts)
		r, err := newRun(t.Context(), nil, s, b, Options{Workers: 2, Mode: mode, Timeout: batch.NoTimeout}, clock.Stamp())
		if err != nil {
			t.Fatal(err)
		}
		res, err := r.execute()
		var f *batch.Failure
		if !errors.As(err, &f) || f.Tx != 0 || res.Executed != 2 {
			t.Errorf("mode %v: executed %d, %v", mode, res.Executed, err)
		}
		close(release)
		r.tasks.Wait(nil)
	}
}

// TestIndependentTransactionsOverlap: each of two waits until both run.
func TestIndependentTransactionsOverlap(t *testing.T) {
	for _, mode := range []batch.Mode{batch.Parallel, batch.Blocking} {
		var both sync.WaitGroup
		both.Add(2)
		meet := func(batch.View) error {
			both.Done()
			both.Wait()
			return nil
		}
		b := makeBatch(t, func(b *batch.Builder) {
			b.Add(batch.Transaction{ID: "t0", Apply: meet}).Add(batch.Transaction{ID: "t1", Apply: meet})
		})
		if _, err := Execute(t.Context(), nil, NewStore(b.Accounts), b, Options{Workers: 2, Mode: mode}); err != nil {
			t.Error(err)
		}
	}
}

// TestGoexitIsAFailure: it must not cost the batch a worker.
func TestGoexitIsAFailure(t *testing.T) {
	for _, mode := range modes {
		for _, prepare := range []bool{false, true} {
			b := makeBatch(t, func(b *batch.Builder) {
				b.Transfer("t0", accA, accB, 1)
				gone := batch.Transaction{ID: "t1", Apply: func(batch.View) error { runtime.Goexit(); return nil }}
				if prepare {
					gone.Apply = func(batch.View) error { return nil }
					gone.Prepare = func(context.Context) error { runtime.Goexit(); return nil }
				}
				b.Add(gone).Transfer("t2", accC, accD, 1)
			})
			_, err := Execute(t.Context(), nil, NewStore(b.Accounts), b, Options{Workers: 1, Mode: mode})
			var f *batch.Failure
			if !errors.As(err, &f) || f.Kind != batch.Panicked || f.Tx != 1 {
				t.Errorf("mode %v, prepare %v: %v", mode, prepare, err)
			}
		}
	}
}

// TestBatchesWaitForTheStore: one at a time, and a waiting one expires, too.
func TestBatchesWaitForTheStore(t *testing.T) {
	started, release := make(chan struct{}), make(chan struct{})
	first := makeBatch(t, func(b *batch.Builder) { hanging(b, "t", started, release) })
	second := makeBatch(t, func(b *batch.Builder) { b.Transfer("t", accC, accD, 1) })
	s := NewStore(first.Accounts)
	done := make(chan error)
	go func() {
		_, err := Execute(context.Background(), nil, s, first, Options{Workers: 1, Timeout: batch.NoTimeout})
		done <- err
	}()
	<-started
	res, err := Execute(t.Context(), nil, s, second, Options{Workers: 1, Timeout: time.Millisecond})
	var timeout *TimeoutError
	if !errors.As(err, &timeout) || timeout.Pending != 1 || res.Executed != 0 {
		t.Errorf("the second, behind a hanging one: %v", err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := Execute(context.Background(), nil, s, second, Options{Workers: 2}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if want := []int64{99, 101, 92, 108}; !slices.Equal(s.Snapshot(nil), want) {
		t.Errorf("balances %v, want %v", s.Snapshot(nil), want)
	}
}

// TestOneNanosecond: the shortest timeout works, on any number of transactions.
func TestOneNanosecond(t *testing.T) {
	for _, n := range []int{0, 1, 100} {
		for _, mode := range modes {
			b := makeBatch(t, chainWithFailures(n))
			s := NewStore(b.Accounts)
			res, err := Execute(t.Context(), nil, s, b, Options{Workers: 4, Mode: mode, Timeout: 1})
			var timeout *TimeoutError
			if !errors.As(err, &timeout) || timeout.Completed+timeout.Pending != n || res.Limit != 1 || s.Version(nil) != 0 {
				t.Errorf("%d transactions, mode %v: %v", n, mode, err)
			}
		}
	}
}
