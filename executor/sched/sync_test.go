package sched_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"go.uber.org/goleak"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type runtimeOf func(t *testing.T, main func(*sched.Runtime))

// modes are all ways to run a program. A program that is right must be so in each.
func modes() map[string]runtimeOf {
	plain := func(rt *sched.Runtime) runtimeOf {
		return func(_ *testing.T, main func(*sched.Runtime)) { main(rt) }
	}
	controlled := func(s func() sched.Strategy) runtimeOf {
		return func(t *testing.T, main func(*sched.Runtime)) {
			t.Helper()
			if rec := sched.Run(s(), sched.Options{}, main); rec.Stuck != nil {
				t.Error(rec.Stuck)
			}
		}
	}
	m := map[string]runtimeOf{
		"nil":     plain(nil),
		"zero":    plain(new(sched.Runtime)),
		"noise":   plain(sched.NewNoisy(1)),
		"default": controlled(sched.Default),
	}
	for seed := range uint64(20) {
		m[fmt.Sprint("pos ", seed)] = controlled(func() sched.Strategy { return sched.POS(seed) })
		m[fmt.Sprint("pct ", seed)] = controlled(func() sched.Strategy { return sched.PCT(seed, 3, 50) })
		m[fmt.Sprint("random ", seed)] = controlled(func() sched.Strategy { return sched.Random(seed) })
	}
	return m
}

// TestPrimitives runs each program, which must hold in any schedule, in every mode.
func TestPrimitives(t *testing.T) {
	for mode, run := range modes() {
		t.Run(mode, func(t *testing.T) {
			for name, program := range primitives {
				t.Run(name, func(t *testing.T) {
					run(t, func(rt *sched.Runtime) { program(t, rt) })
				})
			}
		})
	}
}

// workers runs f as n tasks, and waits for them.
func workers(rt *sched.Runtime, n int, f func(w int)) {
	var wg sched.WaitGroup
	wg.Add(rt, n)
	for w := range n {
		rt.Go("worker", w, func() {
			defer wg.Done(rt)
			f(w)
		})
	}
	wg.Wait(rt)
}

var primitives = map[string]func(*testing.T, *sched.Runtime){
	"mutex excludes": func(t *testing.T, rt *sched.Runtime) {
		var mu sched.Mutex
		inside, n := 0, 0
		workers(rt, 3, func(int) {
			for range 4 {
				mu.Lock(rt)
				if inside++; inside != 1 {
					t.Errorf("%d tasks hold the mutex", inside)
				}
				rt.Yield(schedule.OpWrite, schedule.Object{Class: schedule.ClassUser})
				n++
				inside--
				mu.Unlock(rt)
			}
		})
		if n != 12 {
			t.Errorf("counted %d, want 12", n)
		}
	},
	"cond hands over": func(t *testing.T, rt *sched.Runtime) {
		var mu sched.Mutex
		cond := sched.Cond{L: &mu}
		var queue []int
		sum := 0
		workers(rt, 3, func(w int) {
			if w == 0 {
				for i := range 6 {
					mu.Lock(rt)
					queue = append(queue, i)
					mu.Unlock(rt)
					cond.Signal(rt)
				}
				return
			}
			for range 3 {
				mu.Lock(rt)
				for len(queue) == 0 {
					cond.Wait(rt)
				}
				sum += queue[0]
				queue = queue[1:]
				mu.Unlock(rt)
			}
		})
		if sum != 15 {
			t.Errorf("took %d, want 15", sum)
		}
	},
	"broadcast wakes all": func(t *testing.T, rt *sched.Runtime) {
		var mu sched.Mutex
		cond := sched.Cond{L: &mu}
		open, passed := false, 0
		workers(rt, 4, func(w int) {
			mu.Lock(rt)
			defer mu.Unlock(rt)
			if w == 0 {
				open = true
				cond.Broadcast(rt)
				return
			}
			for !open {
				cond.Wait(rt)
			}
			passed++
		})
		if passed != 3 {
			t.Errorf("%d passed, want 3", passed)
		}
	},
	"wait group waits": func(t *testing.T, rt *sched.Runtime) {
		var n sched.Int64
		for round := range int64(3) {
			workers(rt, 3, func(int) { n.Add(rt, 1) })
			if got := n.Load(rt); got != 3*(round+1) {
				t.Errorf("round %d: %d done, want %d", round, got, 3*(round+1))
			}
		}
	},
	"atomics": func(t *testing.T, rt *sched.Runtime) {
		var sum, max sched.Int64
		max.Store(rt, -1)
		workers(rt, 3, func(w int) {
			sum.Add(rt, int64(w))
			for {
				old := max.Load(rt)
				if old >= int64(w) || max.CompareAndSwap(rt, old, int64(w)) {
					return
				}
			}
		})
		if s, m := sum.Load(rt), max.Load(rt); s != 3 || m != 2 {
			t.Errorf("sum %d, max %d; want 3, 2", s, m)
		}
	},
	"spinning ends": func(t *testing.T, rt *sched.Runtime) {
		var flag sched.Int64
		workers(rt, 3, func(w int) {
			for flag.Load(rt) != int64(w) {
				rt.Spin(schedule.Object{Class: schedule.ClassAtomic})
			}
			flag.Add(rt, 1)
		})
	},
	"time passes": func(t *testing.T, rt *sched.Runtime) {
		before, stamp := rt.Now(), rt.Stamp()
		rt.Sleep(time.Microsecond)
		rt.Sleep(-1)
		if d := rt.Now() - before; d < time.Microsecond {
			t.Errorf("slept %v, want at least 1µs", d)
		}
		if rt.Stamp() <= stamp {
			t.Error("no time between stamps")
		}
	},
	"timer fires once or is stopped": func(t *testing.T, rt *sched.Runtime) {
		var fired sched.Int64
		var wg sched.WaitGroup
		for _, d := range []time.Duration{0, time.Microsecond, time.Hour} {
			fired.Store(rt, 0)
			wg.Add(rt, 1)
			timer := rt.AfterFunc(d, func() {
				fired.Add(rt, 1)
				wg.Done(rt)
			})
			rt.Yield(schedule.OpNone, schedule.Object{})
			if timer.Stop() {
				wg.Done(rt)
				fired.Add(rt, 1)
			}
			wg.Wait(rt)
			if timer.Stop() {
				t.Error("stopped twice, or after it had fired")
			}
			if n := fired.Load(rt); n != 1 {
				t.Errorf("fired or stopped %d times", n)
			}
		}
	},
	"cancel runs what waits for it": func(t *testing.T, rt *sched.Runtime) {
		parent, cancel := rt.WithCancel(context.Background())
		child, cancelChild := rt.WithCancel(context.WithValue(parent, contextKey{}, 1))
		defer cancelChild()
		var wg sched.WaitGroup
		wg.Add(rt, 3)
		rt.OnDone(child, func() { wg.Done(rt) })
		rt.OnDone(parent, func() { wg.Done(rt) })
		stop := rt.OnDone(parent, func() { t.Error("ran though stopped") })
		if !stop() || stop() {
			t.Error("stop must succeed once")
		}
		cancel()
		cancel()
		rt.OnDone(parent, func() { wg.Done(rt) })
		wg.Wait(rt)
		if child.Err() == nil || parent.Err() == nil {
			t.Error("not cancelled")
		}
	},
	"a child's cancel spares the parent": func(t *testing.T, rt *sched.Runtime) {
		parent, cancel := rt.WithCancel(t.Context())
		child, cancelChild := rt.WithCancel(parent)
		var wg sched.WaitGroup
		wg.Add(rt, 1)
		stop := rt.OnDone(parent, func() { t.Error("ran") })
		rt.OnDone(child, func() { wg.Done(rt) })
		cancelChild()
		wg.Wait(rt)
		if parent.Err() != nil || !stop() {
			t.Error("the parent was cancelled")
		}
		cancel()
	},
}

// contextKey is a key of a context's value.
type contextKey struct{}
