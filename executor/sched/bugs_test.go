package sched_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// A bug is a program with a classical mistake. Its run returns what shows it,
// if anything does; a run that is stuck shows it, too.
type bug struct {
	name string
	run  func(*sched.Runtime) (bad func() bool)
}

var bugs = []bug{
	{"lost update", func(rt *sched.Runtime) func() bool {
		var n sched.Int64
		workers(rt, 4, func(int) {
			for range 3 {
				n.Store(rt, n.Load(rt)+1)
			}
		})
		return func() bool { return n.Load(nil) != 12 }
	}},
	{"check, then act", func(rt *sched.Runtime) func() bool { // an overdraft
		var balance sched.Int64
		balance.Store(rt, 10)
		workers(rt, 3, func(int) {
			if balance.Load(rt) >= 10 {
				balance.Add(rt, -10)
			}
		})
		return func() bool { return balance.Load(nil) < 0 }
	}},
	{"lost wake-up", func(rt *sched.Runtime) func() bool { // the flag is checked before the lock is taken
		var mu sched.Mutex
		c := sched.Cond{L: &mu}
		var ready sched.Int64
		workers(rt, 3, func(w int) {
			if w == 0 {
				ready.Store(rt, 1)
				mu.Lock(rt)
				c.Broadcast(rt)
				mu.Unlock(rt)
				return
			}
			if ready.Load(rt) == 0 {
				mu.Lock(rt)
				c.Wait(rt)
				mu.Unlock(rt)
			}
		})
		return nil
	}},
	{"signal for broadcast", func(rt *sched.Runtime) func() bool {
		var mu sched.Mutex
		c := sched.Cond{L: &mu}
		open := false
		workers(rt, 4, func(w int) {
			mu.Lock(rt)
			defer mu.Unlock(rt)
			if w == 3 {
				open = true
				c.Signal(rt)
			}
			for !open {
				c.Wait(rt)
			}
		})
		return nil
	}},
	{"lost decrement", func(rt *sched.Runtime) func() bool { // nobody sees a dependency counter reach zero
		var counter sched.Int64
		counter.Store(rt, 3)
		var last sched.WaitGroup
		last.Add(rt, 1)
		workers(rt, 3, func(int) {
			left := counter.Load(rt) - 1
			counter.Store(rt, left)
			if left == 0 {
				last.Done(rt)
			}
		})
		last.Wait(rt)
		return nil
	}},
	{"late timer", func(rt *sched.Runtime) func() bool { // a timeout takes effect after the commit
		var committed, aborted sched.Int64
		timer := rt.AfterFunc(30*time.Second, func() {
			if committed.Load(rt) == 0 {
				aborted.Store(rt, 1)
			}
		})
		workers(rt, 2, func(int) { rt.Yield(schedule.OpWrite, user) })
		if aborted.Load(rt) == 0 {
			committed.Store(rt, 1)
		}
		timer.Stop()
		return func() bool { return committed.Load(nil) == 1 && aborted.Load(nil) == 1 }
	}},
	{"ABA", func(rt *sched.Runtime) func() bool { // a stack of cells 1 → 2 → 3, popped by compare-and-swap, cells reused
		var top sched.Int64
		top.Store(rt, 1)
		var next [4]sched.Int64
		next[1].Store(rt, 2)
		next[2].Store(rt, 3)
		var holders [4]sched.Int64
		pop := func() int64 {
			for {
				cell := top.Load(rt)
				if cell == 0 {
					return 0
				}
				after := next[cell].Load(rt)
				if top.CompareAndSwap(rt, cell, after) {
					holders[cell].Add(rt, 1)
					return cell
				}
			}
		}
		push := func(cell int64) {
			holders[cell].Add(rt, -1)
			for {
				old := top.Load(rt)
				next[cell].Store(rt, old)
				if top.CompareAndSwap(rt, old, cell) {
					return
				}
			}
		}
		workers(rt, 2, func(w int) {
			if w == 0 {
				pop()
				return
			}
			first := pop()
			pop()
			if first != 0 {
				push(first)
			}
		})
		for pop() != 0 {
		}
		return func() bool {
			for i := range holders {
				if holders[i].Load(nil) > 1 {
					return true
				}
			}
			return false
		}
	}},
	{"published before it is filled", func(rt *sched.Runtime) func() bool {
		var data, flag, seen sched.Int64
		seen.Store(rt, -1)
		workers(rt, 2, func(w int) {
			if w == 0 {
				if flag.Load(rt) == 1 {
					seen.Store(rt, data.Load(rt))
				}
				return
			}
			flag.Store(rt, 1)
			data.Store(rt, 7)
		})
		return func() bool { return seen.Load(nil) == 0 }
	}},
	{"torn commit", func(rt *sched.Runtime) func() bool { // a reader sees half a transfer
		var from, to, sum sched.Int64
		from.Store(rt, 10)
		workers(rt, 2, func(w int) {
			if w == 0 {
				from.Add(rt, -10)
				to.Add(rt, 10)
				return
			}
			sum.Store(rt, from.Load(rt)+to.Load(rt))
		})
		return func() bool { return sum.Load(nil) != 10 }
	}},
	{"lock order", func(rt *sched.Runtime) func() bool {
		var mu [3]sched.Mutex
		workers(rt, 3, func(w int) {
			mu[w].Lock(rt)
			mu[(w+1)%3].Lock(rt)
			mu[(w+1)%3].Unlock(rt)
			mu[w].Unlock(rt)
		})
		return nil
	}},
	{"missed registration", func(rt *sched.Runtime) func() bool { // checks for the event, then registers without looking again
		var flag sched.Int64
		var done sched.WaitGroup
		done.Add(rt, 1)
		workers(rt, 2, func(w int) {
			if w == 0 {
				flag.Store(rt, 1)
				if flag.CompareAndSwap(rt, 2, 3) { // somebody waits
					done.Done(rt)
				}
				return
			}
			if flag.Load(rt) == 0 {
				flag.Store(rt, 2)
				return
			}
			done.Done(rt)
		})
		done.Wait(rt)
		return nil
	}},
}

// shows reports whether the bug shows under s.
func (b bug) shows(r *sched.Runner, s sched.Strategy) (sched.Record, bool) {
	var bad func() bool
	rec := r.Run(s, sched.Options{MaxSteps: 2000}, func(rt *sched.Runtime) { bad = b.run(rt) })
	return rec, rec.Stuck != nil || bad != nil && bad()
}

// TestBugs checks that each bug is found, by the default schedule, a single
// deviation from it or a few samples; that it shrinks; and that it replays.
func TestBugs(t *testing.T) {
	for _, b := range bugs {
		t.Run(b.name, func(t *testing.T) {
			var r sched.Runner
			rec, how, tries := search(t, &r, b)
			devs := sched.Minimise(rec.Schedule.Deviations, func(s sched.Strategy) (*sched.Record, bool) {
				rec, bad := b.shows(&r, s)
				return &rec, bad
			})
			t.Logf("found by %s after %d runs; deviations: %d, minimised %v", how, tries, len(rec.Schedule.Deviations), devs)
			if len(devs) > 2 {
				t.Errorf("minimised to %d deviations", len(devs))
			}
			small, bad := b.shows(&r, sched.Deviate(devs))
			if !bad {
				t.Fatal("the minimised schedule does not show the bug")
			}
			small = small.Clone()
			for range 10 {
				again, bad := b.shows(new(sched.Runner), sched.Replay(small.Schedule))
				if !bad || again.Stuck != nil && again.Stuck.Kind == sched.Stale {
					t.Fatalf("not reproduced: %v", again.Stuck)
				}
			}
		})
	}
}

// search looks for a run that shows b, in the order of the architecture.
func search(t *testing.T, r *sched.Runner, b bug) (rec sched.Record, how string, tries int) {
	base, bad := b.shows(r, sched.Default())
	if tries++; bad {
		return base.Clone(), "default", tries
	}
	for d := range sched.SingleDeviations(base) {
		rec, bad := b.shows(r, sched.Deviate([]schedule.Deviation{d}))
		if tries++; bad {
			return rec.Clone(), "single deviation", tries
		}
	}
	for seed := range uint64(5000) {
		rec, bad := b.shows(r, sched.POS(seed))
		if tries++; bad {
			return rec.Clone(), "POS", tries
		}
	}
	t.Fatalf("not found in %d runs", tries)
	return
}

// TestSamplers checks that POS and PCT alone find every bug, too.
func TestSamplers(t *testing.T) {
	for _, b := range bugs {
		for name, s := range map[string]func(uint64) sched.Strategy{
			"POS": sched.POS,
			"PCT": func(seed uint64) sched.Strategy { return sched.PCT(seed, 3, 60) },
		} {
			t.Run(b.name+"/"+name, func(t *testing.T) {
				var r sched.Runner
				for seed := range uint64(5000) {
					if _, bad := b.shows(&r, s(seed)); bad {
						t.Logf("after %d runs", seed+1)
						return
					}
				}
				t.Error("not found in 5000 runs")
			})
		}
	}
}

// TestMinimiseDeviations checks ddmin on predicates whose minimum is known.
func TestMinimiseDeviations(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		n := 1 + rng.IntN(40)
		devs := make([]schedule.Deviation, n)
		for i := range devs {
			devs[i] = schedule.Deviation{Step: i, Skip: 1 + rng.IntN(4)}
		}
		need := map[int]int{} // step to least skip
		for range rng.IntN(5) {
			d := devs[rng.IntN(n)]
			need[d.Step] = 1 + rng.IntN(d.Skip)
		}
		calls := 0
		got := sched.MinimiseDeviations(devs, func(devs []schedule.Deviation) bool {
			calls++
			met := 0
			for i, d := range devs {
				if i > 0 && devs[i-1].Step >= d.Step {
					t.Fatal("out of order")
				}
				if least, ok := need[d.Step]; ok && d.Skip >= least {
					met++
				}
			}
			return met == len(need)
		})
		if len(got) != len(need) {
			t.Fatalf("got %v, want %v", got, need)
		}
		for _, d := range got {
			if need[d.Step] != d.Skip {
				t.Fatalf("got %v, want %v", got, need)
			}
		}
		if calls > 500*(len(need)+1) {
			t.Errorf("%d calls for %d of %d", calls, len(need), n)
		}
	}
}
