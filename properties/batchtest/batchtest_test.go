package batchtest_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/properties"
	"synchrony/properties/batchtest"
)

// run tests an executor on so many blocks.
func run(t *testing.T, e batchtest.Executor, count int, options ...batchtest.Option) properties.Result {
	t.Helper()
	budget := properties.Budget{Single: 4, Random: 4, Shrink: 4000}
	r, err := batchtest.Property(e, options...).Run(t.Context(), properties.Spec{Seed: 1, Count: count, Budget: budget}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// all is everything that can be asked of an executor.
func all(p batchtest.Policy) []batchtest.Option {
	return []batchtest.Option{batchtest.MaxTxs(16), batchtest.Failures(p), batchtest.Panics(), batchtest.Ranges(), batchtest.Stores(2), batchtest.Estimates()}
}

// TestRight: an executor that is right passes, whatever is asked of it, and the blocks meet all conditions.
func TestRight(t *testing.T) {
	for _, p := range []batchtest.Policy{batchtest.Isolate, batchtest.RollBack, batchtest.KeepPrefix} {
		r := run(t, batchtest.Executor{Report: occ{policy: p}.run}, 96, all(p)...)
		for _, f := range r.Failures {
			t.Errorf("%v:\n%s", p, f.Text)
		}
		if r.Status() != checkers.Pass || r.Stress == 0 || r.Uncontrolled == 0 {
			t.Errorf("%v: %v: %s; %d runs as they come, %d cases not controlled: %s", p, r.Status(), r.Why(), r.Stress, r.Uncontrolled, r.Lost())
		}
	}
}

// TestFaults: each fault of an executor that runs on real goroutines is found, said in the block's words, and shrunk.
func TestFaults(t *testing.T) {
	state := func(e occ) batchtest.Executor { // says nothing but the state
		return batchtest.Executor{Run: func(ctx context.Context, initial batchtest.State, txs []batchtest.Tx) (batchtest.State, error) {
			r, err := e.run(ctx, initial, txs)
			return r.State, err
		}}
	}
	for name, c := range map[string]struct {
		executor batchtest.Executor
		policy   batchtest.Policy
		rules    []string
		says     string
		size     int
	}{
		"lost update": {state(occ{unvalidated: true, policy: batchtest.Isolate}), batchtest.Isolate, []string{"stale read", "stale view"}, "it is as if t", 2},
		"lost update, reported": {
			batchtest.Executor{Report: occ{unvalidated: true, policy: batchtest.Isolate}.run}, batchtest.Isolate,
			[]string{"G-single", "G-single-realtime", "G2-item", "G2-item-realtime"}, "which t", 2,
		},
		"writes of failed transactions": {state(occ{dirty: true, policy: batchtest.Isolate}), batchtest.Isolate, []string{"aborted write", "lost write"}, "it is as if", 1},
		"no rollback":                   {state(occ{first: true, policy: batchtest.RollBack}), batchtest.RollBack, []string{"no rollback"}, "had not been rolled back", 2},
		"the wrong policy":              {state(occ{policy: batchtest.RollBack}), batchtest.Isolate, []string{"error"}, "the executor returned an error, though the block is to succeed", 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := run(t, c.executor, 200, batchtest.Failures(c.policy))
			if len(r.Failures) == 0 {
				t.Fatalf("%v: %s", r.Status(), r.Why())
			}
			f := r.Failures[0]
			if !slices.Contains(c.rules, f.Rule) || !strings.Contains(f.Reason, c.says) || f.Size > c.size || f.Hits == 0 || !f.Replayed {
				t.Errorf("size %d, %d of %d, replayed %v:\n%s", f.Size, f.Hits, f.Runs, f.Replayed, f.Text)
			}
		})
	}
}

// TestGoexit: an executor that ends its goroutine is told so, of the smallest block, and not taken for one that starts goroutines.
func TestGoexit(t *testing.T) {
	r := run(t, batchtest.Executor{Run: func(_ context.Context, initial batchtest.State, txs []batchtest.Tx) (batchtest.State, error) {
		runtime.Goexit()
		return initial, nil
	}}, 10)
	if len(r.Failures) != 1 {
		t.Fatalf("%v: %s", r.Status(), r.Why())
	}
	f := r.Failures[0]
	if f.Checker != "ending" || f.Rule != "goexit" || !strings.Contains(f.Reason, "ended its goroutine (by runtime.Goexit, as t.Fatal does) and returned nothing") || !f.Replayed || strings.Contains(r.Lost(), "goroutines of its own") {
		t.Errorf("replayed %v, lost %q:\n%s", f.Replayed, r.Lost(), f.Text)
	}
}

// TestHang: an executor that waits for ever is told with the places where it waits, and the test goes on.
func TestHang(t *testing.T) {
	r := run(t, batchtest.Executor{Run: func(_ context.Context, initial batchtest.State, txs []batchtest.Tx) (batchtest.State, error) {
		if len(txs) == 0 {
			return initial, nil
		}
		var mu sync.Mutex
		var group sync.WaitGroup
		never := make(chan struct{})
		mu.Lock()
		group.Go(func() { mu.Lock() })
		group.Go(func() { <-never })
		group.Wait()
		return initial, nil
	}}, 50, batchtest.Patience(100*time.Millisecond))
	if len(r.Failures) != 1 {
		t.Fatalf("%v: %s", r.Status(), r.Why())
	}
	f := r.Failures[0]
	if f.Checker != "watchdog" || f.Rule != "hang" || !strings.Contains(f.Reason, "goroutines wait") || !strings.Contains(f.Reason, "chan receive at batchtest_test.go:") {
		t.Errorf("%s", f.Text)
	}
}

// TestHangOfWhatMoves: an executor that looks for ever for what nobody does hangs, too, if its other runs are short; else nobody knows.
func TestHangOfWhatMoves(t *testing.T) {
	var stop atomic.Bool
	defer stop.Store(true)
	executor := func(short bool) batchtest.Executor {
		return batchtest.Executor{Run: func(ctx context.Context, initial batchtest.State, txs []batchtest.Tx) (batchtest.State, error) {
			if short && len(txs) < 4 {
				r, err := occ{policy: batchtest.Isolate}.run(ctx, initial, txs)
				return r.State, err
			}
			for !stop.Load() {
				runtime.Gosched()
			}
			return initial, nil
		}}
	}
	r := run(t, executor(true), 50, batchtest.Patience(500*time.Millisecond))
	if len(r.Failures) != 1 {
		t.Fatalf("%v: %s", r.Status(), r.Why())
	}
	f := r.Failures[0]
	if f.Checker != "watchdog" || f.Rule != "hang" || !strings.Contains(f.Reason, "it has taken 1.5s, where no other took more than") || !strings.Contains(f.Text, "batchtest_test.go:") {
		t.Errorf("%s", f.Text)
	}
	c, err := properties.ParseCounterexample("found", []byte(f.Text))
	if err != nil {
		t.Fatal(err)
	}
	rep, err := batchtest.Property(executor(true), batchtest.Patience(500*time.Millisecond)).Replay(t.Context(), c)
	if err != nil || !rep.Reproduced {
		t.Errorf("%v, by %s: %v", err, rep.Checker, rep.Verdict)
	}
	if r := run(t, executor(false), 50, batchtest.Patience(500*time.Millisecond)); len(r.Failures) > 0 || !strings.Contains(r.Why(), "it is slow, or never ends: ") || !strings.Contains(r.Why(), " at batchtest_test.go:") {
		t.Errorf("%v: %s", r.Status(), r.Why())
	}
}

// TestWithinItsOptions: an executor is given no block with fewer or more workers than its test asks for, whatever is tried to make a failure smaller, or to explain it.
func TestWithinItsOptions(t *testing.T) {
	var asked sync.Map
	fails := batchtest.Executor{Run: func(ctx context.Context, s batchtest.State, txs []batchtest.Tx) (batchtest.State, error) {
		asked.Store(batchtest.NumWorkers(ctx), true)
		return batchtest.State{"nothing": 7}, nil
	}}
	if r := run(t, fails, 20, batchtest.MaxTxs(8), batchtest.Workers(3, 4)); len(r.Failures) == 0 {
		t.Fatal(r.Status())
	}
	asked.Range(func(n, _ any) bool {
		if n.(int) < 3 || n.(int) > 4 {
			t.Errorf("asked with %d workers", n)
		}
		return true
	})
}

// TestReplayOfWhatHangsNow: a counterexample with a schedule, replayed on an executor that waits for ever since, shows that.
func TestReplayOfWhatHangsNow(t *testing.T) {
	f := run(t, batchtest.Executor{Run: ahead(true)}, 100, batchtest.MaxTxs(8), batchtest.Workers(2, 3)).Failures[0]
	c, err := properties.ParseCounterexample("found", []byte(f.Text))
	if err != nil || c.Schedule == nil {
		t.Fatalf("no schedule, %v:\n%s", err, f.Text)
	}
	hanging := batchtest.Executor{Run: func(context.Context, batchtest.State, []batchtest.Tx) (batchtest.State, error) {
		<-make(chan struct{})
		return nil, nil
	}}
	rep, err := batchtest.Property(hanging, batchtest.Patience(100*time.Millisecond)).Replay(t.Context(), c)
	if err != nil || rep.Reproduced || rep.Checker != "watchdog" {
		t.Errorf("%v, reproduced %v, by %s: %v", err, rep.Reproduced, rep.Checker, rep.Verdict)
	}
}
