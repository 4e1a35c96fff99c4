package batchtest_test

import (
	"context"
	"strings"
	"testing"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/executor/shim/sync"
	"synchrony/models/schedule"
	"synchrony/properties"
	"synchrony/properties/batchtest"
)

// ahead executes transactions ahead of their turn, and commits them in order. Hasty, it does not look at whether what they have read has changed. It is written
// on the packages that stand in for the standard library's.
func ahead(hasty bool) func(ctx context.Context, initial batchtest.State, txs []batchtest.Tx) (batchtest.State, error) {
	return func(ctx context.Context, initial batchtest.State, txs []batchtest.Tx) (batchtest.State, error) {
		var mu sync.Mutex
		turn := sync.NewCond(&mu)
		var workers sync.WaitGroup
		state, next, taken, commits := initial, 0, 0, 0
		one := func(tx batchtest.Tx) {
			mu.Lock()
			defer mu.Unlock()
			for {
				before, snapshot, written := commits, state.Clone(), batchtest.State{}
				deleted := map[string]bool{}
				mu.Unlock()
				_ = tx.Apply(func(k string) (int64, bool) {
					if v, ok := written[k]; ok || deleted[k] {
						return v, ok
					}
					v, ok := snapshot[k]
					return v, ok
				}, func(k string, v int64) { written[k] = v; delete(deleted, k) }, func(k string) { delete(written, k); deleted[k] = true })
				mu.Lock()
				for next != tx.Index {
					turn.Wait()
				}
				if commits != before && !hasty {
					continue
				}
				for k, v := range written {
					state[k] = v
				}
				for k := range deleted {
					delete(state, k)
				}
				next, commits = next+1, commits+1
				turn.Broadcast()
				return
			}
		}
		for range batchtest.NumWorkers(ctx) {
			workers.Go(func() {
				for {
					mu.Lock()
					i := taken
					taken++
					mu.Unlock()
					if i >= len(txs) {
						return
					}
					one(txs[i])
				}
			})
		}
		workers.Wait()
		return state, nil
	}
}

// TestDropIns: an executor that is written on the packages of executor/shim is controlled: its schedules are chosen, and what is found replays each time.
func TestDropIns(t *testing.T) {
	r := run(t, batchtest.Executor{Run: ahead(false)}, 48)
	if r.Status() != checkers.Pass || r.Uncontrolled > 0 || r.Idle > 0 || r.Stress > 0 || r.Schedules < 48*8 {
		t.Errorf("%v: %s; %d schedules, %d runs as they come: %s", r.Status(), r.Why(), r.Schedules, r.Stress, r.Lost())
	}
	r = run(t, batchtest.Executor{Run: ahead(true)}, 48)
	if len(r.Failures) != 1 {
		t.Fatalf("%v: %s", r.Status(), r.Why())
	}
	f := r.Failures[0]
	if f.Size != 2 || f.Deviations != 1 || !f.Replayed || f.Runs != 0 || f.Rule != "stale read" {
		t.Errorf("%d transactions, %d deviations, replayed %v, repeats %q:\n%s", f.Size, f.Deviations, f.Replayed, f.Repeats(), f.Text)
	}
}

// onSched executes transactions in a row of locks that it takes by hand, on package sched. Hasty, it looks at a key before it takes its lock.
func onSched(hasty bool) func(ctx context.Context, rt *sched.Runtime, initial batchtest.State, txs []batchtest.Tx) (batchtest.Report, error) {
	return func(_ context.Context, rt *sched.Runtime, initial batchtest.State, txs []batchtest.Tx) (batchtest.Report, error) {
		var mu sched.Mutex
		var group sched.WaitGroup
		order := []int{}
		group.Add(rt, len(txs))
		object := schedule.Object{Class: schedule.ClassUser}
		for i, tx := range txs {
			rt.Go("transaction", i, func() {
				defer group.Done(rt)
				before := batchtest.State{}
				if hasty {
					mu.Lock(rt)
					before = initial.Clone()
					mu.Unlock(rt)
				}
				rt.Yield(schedule.OpLoad, object)
				mu.Lock(rt)
				defer mu.Unlock(rt)
				if !hasty {
					before = initial
				}
				order = append(order, i)
				written := map[string]bool{}
				_ = tx.Apply(func(k string) (int64, bool) {
					if written[k] {
						v, ok := initial[k]
						return v, ok
					}
					v, ok := before[k]
					return v, ok
				}, func(k string, v int64) { initial[k], written[k] = v, true }, func(k string) { delete(initial, k); written[k] = true })
			})
		}
		group.Wait(rt)
		return batchtest.Report{State: initial, Order: order}, nil
	}
}

// TestOnSched: an executor that is written on package sched, and reports in which order transactions took effect, is held to that order.
func TestOnSched(t *testing.T) {
	if r := run(t, batchtest.Executor{On: onSched(false)}, 48); r.Status() != checkers.Pass || r.Lost() != "" {
		t.Errorf("%v: %s; %s", r.Status(), r.Why(), r.Lost())
	}
	r := run(t, batchtest.Executor{On: onSched(true)}, 48)
	if len(r.Failures) != 1 {
		t.Fatalf("%v: %s", r.Status(), r.Why())
	}
	if f := r.Failures[0]; f.Size != 2 || f.Deviations > 1 || !f.Replayed || f.Rule != "stale read" {
		t.Errorf("%d transactions, %d deviations, replayed %v:\n%s", f.Size, f.Deviations, f.Replayed, f.Text)
	}
}

// TestRateReplays: a violation without a schedule is saved with how often it comes, and its replay runs as often as that asks for.
func TestRateReplays(t *testing.T) {
	calls := 0
	p := batchtest.Property(batchtest.Executor{Name: "tenth", Run: func(_ context.Context, s batchtest.State, txs []batchtest.Tx) (batchtest.State, error) {
		done := make(chan struct{})
		go close(done) // not controlled
		<-done
		for _, tx := range txs {
			_ = tx.Apply(func(k string) (int64, bool) { v, ok := s[k]; return v, ok }, func(k string, v int64) { s[k] = v }, func(k string) { delete(s, k) })
		}
		if calls++; calls > 0 && calls%10 == 0 && len(txs) > 0 {
			s["lost"] = 1
		}
		return s, nil
	}})
	r, err := p.Run(t.Context(), properties.Spec{Seed: 1, Count: 20, Budget: properties.Budget{Single: 10, Random: 10, Shrink: 4000}}, nil)
	if err != nil || len(r.Failures) != 1 {
		t.Fatalf("%v, %v: %s", err, r.Status(), r.Why())
	}
	f := r.Failures[0]
	if f.Size != 1 || f.Hits != 20 || f.Runs != 200 || !strings.Contains(f.Repeats(), "44 runs show it again in 99 of 100 tries") {
		t.Errorf("size %d: %s", f.Size, f.Repeats())
	}
	c, err := properties.ParseCounterexample("x", []byte(f.Text))
	if err != nil || c.Hits != 20 || c.Runs != 200 {
		t.Fatalf("%v: %+v", err, c)
	}
	rep, err := p.Replay(t.Context(), c)
	if err != nil || !rep.Reproduced || rep.Runs > 10 {
		t.Errorf("%v: reproduced %v in %d runs", err, rep.Reproduced, rep.Runs)
	}
	calls = -1 << 40 // it never fails again
	if rep, err = p.Replay(t.Context(), c); err != nil || rep.Reproduced || rep.Runs != 44 {
		t.Errorf("%v: reproduced %v in %d runs", err, rep.Reproduced, rep.Runs)
	}
}
