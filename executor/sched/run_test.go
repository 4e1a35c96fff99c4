package sched_test

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

var user = schedule.Object{Class: schedule.ClassUser}

// TestVerdicts runs programs that do not end well.
func TestVerdicts(t *testing.T) {
	for _, test := range []struct {
		name  string
		kind  sched.StuckKind
		tasks []string
		text  string // of the error
		main  func(*sched.Runtime)
	}{
		{
			name: "lock order", kind: sched.Deadlock,
			tasks: []string{"main waits for wait group 0", "left 1 waits to lock mutex 1", "right 2 waits to lock mutex 0"},
			main: func(rt *sched.Runtime) {
				var a, b sched.Mutex
				var wg sched.WaitGroup
				wg.Add(rt, 2)
				both := func(first, second *sched.Mutex) {
					first.Lock(rt)
					rt.Spin(user) // lets the other task come so far, by default
					second.Lock(rt)
					second.Unlock(rt)
					first.Unlock(rt)
					wg.Done(rt)
				}
				rt.Go("left", 1, func() { both(&a, &b) })
				rt.Go("right", 2, func() { both(&b, &a) })
				wg.Wait(rt)
			},
		},
		{
			name: "self deadlock", kind: sched.Deadlock, tasks: []string{"main waits to lock mutex 0"},
			main: func(rt *sched.Runtime) {
				var mu sched.Mutex
				mu.Lock(rt)
				defer mu.Unlock(rt)
				mu.Lock(rt)
			},
		},
		{
			name: "lost wake-up", kind: sched.Deadlock, tasks: []string{"main waits on condition 0"},
			main: func(rt *sched.Runtime) {
				var mu sched.Mutex
				c := sched.Cond{L: &mu}
				mu.Lock(rt)
				c.Signal(rt)
				c.Wait(rt)
			},
		},
		{
			name: "leak", kind: sched.Leak, tasks: []string{"worker 3 waits for wait group 0"},
			main: func(rt *sched.Runtime) {
				wg := new(sched.WaitGroup)
				wg.Add(rt, 1)
				rt.Go("worker", 3, func() { wg.Wait(rt) })
			},
		},
		{
			name: "livelock", kind: sched.Livelock, tasks: []string{"main waits for wait group 0", "spinner 0 goes on (spin object 0)", "idler 1 goes on (load object 0)"},
			main: func(rt *sched.Runtime) {
				var wg sched.WaitGroup
				wg.Add(rt, 1)
				rt.Go("spinner", 0, func() {
					for {
						rt.Spin(user)
					}
				})
				rt.Go("idler", 1, func() {
					for {
						rt.Yield(schedule.OpLoad, user)
					}
				})
				wg.Wait(rt)
			},
		},
		{
			name: "panic", kind: sched.Panic, tasks: []string{"worker 7"}, text: "panic in worker 7: boom",
			main: func(rt *sched.Runtime) {
				var wg sched.WaitGroup
				wg.Add(rt, 1)
				rt.Go("worker", 7, func() {
					defer wg.Done(rt)
					rt.Yield(schedule.OpNone, user)
					panic("boom")
				})
				wg.Wait(rt)
			},
		},
		{
			name: "panic of nil", kind: sched.Panic, tasks: []string{"main"}, text: "panic called with nil",
			main: func(*sched.Runtime) { panic(nil) },
		},
		{
			name: "unlock", kind: sched.Panic, tasks: []string{"main"}, text: "unlock of unlocked mutex",
			main: func(rt *sched.Runtime) { new(sched.Mutex).Unlock(rt) },
		},
		{
			name: "negative count", kind: sched.Panic, tasks: []string{"main"}, text: "negative WaitGroup counter",
			main: func(rt *sched.Runtime) { new(sched.WaitGroup).Done(rt) },
		},
		{
			name: "wait unlocked", kind: sched.Panic, tasks: []string{"main"}, text: "mutex is not locked",
			main: func(rt *sched.Runtime) { (&sched.Cond{L: new(sched.Mutex)}).Wait(rt) },
		},
		{
			name: "panic while the stack unwinds from Goexit", kind: sched.Panic, tasks: []string{"main"}, text: "late",
			main: func(*sched.Runtime) {
				defer func() { panic("late") }()
				runtime.Goexit()
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			rec := sched.Run(sched.Default(), sched.Options{MaxSteps: 1000}, test.main)
			if rec.Stuck == nil {
				t.Fatal("it ended well")
			}
			if rec.Stuck.Kind != test.kind || !slices.Equal(rec.Stuck.Tasks, test.tasks) {
				t.Errorf("got %v of %q, want %v of %q", rec.Stuck.Kind, rec.Stuck.Tasks, test.kind, test.tasks)
			}
			if got := rec.Stuck.Error(); !strings.Contains(got, test.text) {
				t.Errorf("error %q, want %q in it", got, test.text)
			}
			if (rec.Stuck.Kind == sched.Panic) != (rec.Stuck.Stack != "") {
				t.Errorf("stack of a %v: %q", rec.Stuck.Kind, rec.Stuck.Stack)
			}
			again := sched.Run(sched.Replay(rec.Schedule), sched.Options{MaxSteps: 1000}, test.main)
			if again.Stuck == nil || again.Stuck.Kind != test.kind {
				t.Errorf("replay: %v", again.Stuck)
			}
		})
	}
}

// TestUnwinding checks that tasks which cannot end are ended: that their deferred
// functions run, cannot stop it, and may call any hook.
func TestUnwinding(t *testing.T) {
	var log []string
	rec := sched.Run(sched.Default(), sched.Options{}, func(rt *sched.Runtime) {
		var mu sched.Mutex
		var wg sched.WaitGroup
		var n sched.Int64
		c := sched.Cond{L: &mu}
		wg.Add(rt, 1)
		rt.Go("worker", 0, func() {
			defer func() {
				log = append(log, "last")
				if recover() != nil {
					t.Error("the end was recovered")
				}
			}()
			defer func() { // never true: the hooks must not let it loop for ever
				for n.Load(rt) == 0 {
					c.Wait(rt)
				}
				t.Error("waited in vain, but returned")
			}()
			defer func() { panic("while unwinding") }()
			defer func() {
				mu.Lock(rt)
				defer mu.Unlock(rt)
				rt.Go("late", 0, func() { t.Error("started") })
				rt.AfterFunc(0, func() { t.Error("fired") }).Stop()
				ctx, cancel := rt.WithCancel(t.Context())
				rt.OnDone(ctx, func() { t.Error("ran") })()
				cancel()
				rt.Sleep(time.Second)
				rt.Yield(schedule.OpNone, user)
				rt.Spin(user)
				rt.Now()
				c.Broadcast(rt)
				wg.Done(rt)
				wg.Wait(rt)
				log = append(log, "first")
			}()
			mu.Lock(rt)
			wg.Wait(rt)
			t.Error("it went on")
		})
		wg.Wait(rt)
	})
	if rec.Stuck == nil || rec.Stuck.Kind != sched.Deadlock {
		t.Errorf("got %v, want a deadlock", rec.Stuck)
	}
	if want := []string{"first", "last"}; !slices.Equal(log, want) {
		t.Errorf("deferred functions: %q, want %q", log, want)
	}
}

// TestGoexit checks that a task may end by Goexit, as t.FailNow does.
func TestGoexit(t *testing.T) {
	var ended atomic.Int32
	rec := sched.Run(sched.Default(), sched.Options{}, func(rt *sched.Runtime) {
		rt.Go("worker", 0, func() {
			defer func() { ended.Add(1) }()
			defer rt.Yield(schedule.OpNone, user)
			runtime.Goexit()
		})
		defer func() { ended.Add(1) }()
		runtime.Goexit()
	})
	if rec.Stuck != nil || ended.Load() != 2 {
		t.Errorf("%d tasks ended, %v", ended.Load(), rec.Stuck)
	}
	if last := rec.Steps[len(rec.Steps)-1]; last.Op != schedule.OpEnd {
		t.Errorf("the last step is %v", last)
	}
}

// TestAfterRun checks that a runtime works on real goroutines once its run is over.
func TestAfterRun(t *testing.T) {
	var rt *sched.Runtime
	var mu sched.Mutex
	var cancel func()
	var timer *sched.Timer
	sched.Run(sched.Default(), sched.Options{}, func(r *sched.Runtime) {
		rt = r
		mu.Lock(rt)
		mu.Unlock(rt)
		_, cancel = rt.WithCancel(t.Context())
		timer = rt.AfterFunc(time.Hour, func() {})
	})
	mu.Lock(rt)
	mu.Unlock(rt)
	cancel()
	if rt.Controlled() || timer.Stop() {
		t.Error("the run is not over")
	}
}

// TestParallelRuns checks that runs do not know of each other.
func TestParallelRuns(t *testing.T) {
	var want [8]uint64
	for seed := range want {
		want[seed] = sched.Run(sched.POS(uint64(seed)), sched.Options{}, mixed).Schedule.Hash
	}
	var wg sync.WaitGroup
	for seed := range want {
		wg.Go(func() {
			var r sched.Runner
			for range 20 {
				if got := r.Run(sched.POS(uint64(seed)), sched.Options{}, mixed).Schedule.Hash; got != want[seed] {
					t.Errorf("seed %d: hash %x, want %x", seed, got, want[seed])
				}
			}
		})
	}
	wg.Wait()
}

// mixed uses a bit of everything.
func mixed(rt *sched.Runtime) {
	var mu sched.Mutex
	c := sched.Cond{L: &mu}
	var n sched.Int64
	late := false
	timer := rt.AfterFunc(time.Second, func() {
		mu.Lock(rt)
		late = true
		mu.Unlock(rt)
		c.Broadcast(rt)
	})
	workers(rt, 3, func(w int) {
		rt.Sleep(time.Duration(w) * time.Millisecond)
		n.Add(rt, 1)
		rt.Now()
		mu.Lock(rt)
		for w == 1 && !late {
			c.Wait(rt)
		}
		mu.Unlock(rt)
	})
	timer.Stop()
}

// TestDeterminism checks that a strategy and a seed give one run, and that
// its record replays it.
func TestDeterminism(t *testing.T) {
	var r sched.Runner
	hashes := map[uint64]bool{}
	for seed := range uint64(50) {
		for name, s := range map[string]func() sched.Strategy{
			"pos":    func() sched.Strategy { return sched.POS(seed) },
			"pct":    func() sched.Strategy { return sched.PCT(seed, 4, 60) },
			"random": func() sched.Strategy { return sched.Random(seed) },
		} {
			first := r.Run(s(), sched.Options{}, mixed).Clone()
			second := r.Run(s(), sched.Options{}, mixed).Clone()
			replayed := sched.Run(sched.Replay(first.Schedule), sched.Options{}, mixed)
			if first.Stuck != nil {
				t.Fatalf("%s, seed %d: %v", name, seed, first.Stuck)
			}
			for _, other := range []sched.Record{second, replayed} {
				if other.Stuck != nil || other.Schedule.Hash != first.Schedule.Hash || !slices.Equal(other.Steps, first.Steps) ||
					!slices.Equal(other.Schedule.Deviations, first.Schedule.Deviations) {
					t.Errorf("%s, seed %d: two runs differ; %v", name, seed, other.Stuck)
				}
			}
			hashes[first.Schedule.Hash] = true
		}
	}
	if len(hashes) < 100 {
		t.Errorf("150 runs had %d schedules only", len(hashes))
	}
}

// TestStale checks that a schedule is refused by a program it was not recorded from.
func TestStale(t *testing.T) {
	program := func(steps int, o schedule.Object) func(*sched.Runtime) {
		return func(rt *sched.Runtime) {
			workers(rt, 2, func(int) {
				for range steps {
					rt.Yield(schedule.OpWrite, o)
				}
			})
		}
	}
	rec := sched.Run(sched.POS(3), sched.Options{}, program(4, user))
	for _, test := range []struct {
		name, want string
		schedule   schedule.Schedule
		main       func(*sched.Runtime)
	}{
		{"the same", "", rec.Schedule, program(4, user)},
		{"more steps", "steps, the recorded one", rec.Schedule, program(5, user)},
		{"fewer steps", "there is no alternative", rec.Schedule, program(0, user)},
		{"another object", "hash", rec.Schedule, program(4, schedule.Object{Class: schedule.ClassUser, Index: 1})},
		{"no hash", "", schedule.Schedule{Deviations: rec.Schedule.Deviations}, program(4, schedule.Object{Class: schedule.ClassUser, Index: 1})},
		{"the default", "", schedule.Schedule{}, program(1, user)},
		{"beyond the end", "there is no alternative", schedule.Schedule{Deviations: []schedule.Deviation{{Step: 999, Skip: 1}}}, program(1, user)},
		{"skip 0", "there is no alternative", schedule.Schedule{Deviations: []schedule.Deviation{{Step: 0, Skip: 0}}}, program(1, user)},
	} {
		got := sched.Run(sched.Replay(test.schedule), sched.Options{}, test.main).Stuck
		switch {
		case test.want == "" && got != nil:
			t.Errorf("%s: %v", test.name, got)
		case test.want != "" && (got == nil || got.Kind != sched.Stale || !strings.Contains(got.Error(), test.want)):
			t.Errorf("%s: got %v, want %q", test.name, got, test.want)
		}
	}
}

// brokenStrategy chooses what there is not.
type brokenStrategy struct{}

func (brokenStrategy) Choose(p *sched.Point) int {
	if p.Step < 3 {
		return 0
	}
	return len(p.Enabled)
}

func TestBrokenStrategy(t *testing.T) {
	rec := sched.Run(brokenStrategy{}, sched.Options{}, mixed)
	if rec.Stuck == nil || !strings.Contains(rec.Stuck.Error(), "brokenStrategy chose") {
		t.Errorf("got %v", rec.Stuck)
	}
}
