package sched_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// TestDefaultOrder checks the order of the enabled list, on which schedules
// are recorded.
func TestDefaultOrder(t *testing.T) {
	var points []sched.Point
	s := watch{sched.Default(), func(p *sched.Point) {
		q := *p
		q.Enabled = slices.Clone(p.Enabled)
		points = append(points, q)
	}}
	rec := sched.Run(s, sched.Options{}, func(rt *sched.Runtime) {
		timer := rt.AfterFunc(time.Second, func() {})
		for w := range 3 {
			rt.Go("worker", w, func() {
				rt.Yield(schedule.OpWrite, user)
				rt.Spin(user)
			})
		}
		timer.Stop()
	})
	if rec.Stuck != nil {
		t.Fatal(rec.Stuck)
	}
	for i, p := range points {
		if p.Step != i || p.Enabled[0].Task != rec.Steps[i].Task || len(p.Enabled) != int(rec.Choices[i]) {
			t.Errorf("step %d: point %+v, step %v, %d choices", i, p, rec.Steps[i], rec.Choices[i])
		}
		key := func(c sched.Choice) int { // what the list is ordered by
			switch {
			case c.Task == sched.Clock:
				return math.MaxInt
			case c.Task == p.Current && c.Op == schedule.OpSpin:
				return math.MaxInt - 1
			case c.Task < p.Current:
				return int(c.Task) + 1000
			default:
				return int(c.Task)
			}
		}
		if !slices.IsSortedFunc(p.Enabled, func(a, b sched.Choice) int { return key(a) - key(b) }) {
			t.Errorf("step %d: %+v out of order", i, p)
		}
	}
	if n := len(rec.Schedule.Deviations); n != 0 {
		t.Errorf("the default schedule has %d deviations", n)
	}
}

// watch shows each decision to somebody.
type watch struct {
	sched.Strategy
	see func(*sched.Point)
}

func (w watch) Choose(p *sched.Point) int {
	w.see(p)
	return w.Strategy.Choose(p)
}

// TestDeviate checks that any run's deviations lead to that run, and that
// those that do not fit are told.
func TestDeviate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var devs []schedule.Deviation
		for range rapid.IntRange(0, 6).Draw(t, "n") {
			devs = append(devs, schedule.Deviation{
				Step: rapid.IntRange(0, 80).Draw(t, "step"),
				Skip: rapid.IntRange(0, 4).Draw(t, "skip"),
			})
		}
		given := slices.Clone(devs)
		s := sched.Deviate(devs)
		rec := sched.Run(s, sched.Options{}, mixed)
		if !slices.Equal(devs, given) {
			t.Error("Deviate changed its argument")
		}
		if rec.Stuck != nil {
			t.Fatal(rec.Stuck)
		}
		applied, unapplied := rec.Schedule.Deviations, s.Unapplied()
		if len(applied)+len(unapplied) != len(devs) {
			t.Errorf("%v: applied %v, not %v", devs, applied, unapplied)
		}
		for _, d := range append(slices.Clone(applied), unapplied...) {
			if !slices.Contains(devs, d) {
				t.Errorf("%v was not asked for", d)
			}
		}
		again := sched.Run(sched.Replay(rec.Schedule), sched.Options{}, mixed)
		if again.Stuck != nil || again.Schedule.Hash != rec.Schedule.Hash {
			t.Errorf("replay: %v", again.Stuck)
		}
	})
}

// TestSingleDeviations checks that each is applied, and that each leads to another run.
func TestSingleDeviations(t *testing.T) {
	var r sched.Runner
	base := r.Run(sched.Default(), sched.Options{}, mixed).Clone()
	want := 0
	for _, n := range base.Choices {
		want += int(n) - 1
	}
	seen := map[uint64]schedule.Deviation{base.Schedule.Hash: {}}
	for d := range sched.SingleDeviations(base) {
		rec := r.Run(sched.Deviate([]schedule.Deviation{d}), sched.Options{}, mixed)
		if !slices.Equal(rec.Schedule.Deviations, []schedule.Deviation{d}) {
			t.Errorf("%v: the run had %v", d, rec.Schedule.Deviations)
		}
		if other, ok := seen[rec.Schedule.Hash]; ok {
			t.Errorf("%v and %v are one run", d, other)
		}
		seen[rec.Schedule.Hash] = d
		want--
	}
	if want != 0 {
		t.Errorf("%d deviations are missing", want)
	}
}

// TestNever: what is to happen in more than 292 years does not happen, whatever the schedule, and time does not go there; who waits for it waits for ever.
func TestNever(t *testing.T) {
	for seed := range uint64(50) {
		var at time.Duration
		rec := sched.Run(sched.POS(seed), sched.Options{}, func(rt *sched.Runtime) {
			rt.Sleep(time.Second)
			timer := rt.AfterFunc(math.MaxInt64, func() { t.Error("it rang") })
			workers(rt, 2, func(int) { rt.Sleep(time.Millisecond) })
			if at = rt.Now(); !timer.Stop() {
				t.Error("it was not armed")
			}
		})
		if rec.Stuck != nil || at < time.Second || at > time.Minute {
			t.Fatalf("seed %d: at %v: %v", seed, at, rec.Stuck)
		}
	}
	rec := sched.Run(sched.Default(), sched.Options{}, func(rt *sched.Runtime) {
		rt.Sleep(time.Second)
		rt.Sleep(math.MaxInt64)
	})
	if rec.Stuck == nil || rec.Stuck.Kind != sched.Deadlock || !strings.Contains(rec.Stuck.Error(), "waits for the clock") {
		t.Errorf("%v", rec.Stuck)
	}
}

// TestClockIsFair checks that, under each sampler, a timeout strikes a working
// task early, in its midst and never, each in a fair share of the runs.
func TestClockIsFair(t *testing.T) {
	const steps, runs = 20, 600
	for name, strategy := range map[string]func(uint64) sched.Strategy{
		"POS": sched.POS,
		"PCT": func(seed uint64) sched.Strategy { return sched.PCT(seed, 3, 60) },
	} {
		var early, midst, never int
		for seed := range uint64(runs) {
			var done, struck sched.Int64
			rec := sched.Run(strategy(seed), sched.Options{}, func(rt *sched.Runtime) {
				timer := rt.AfterFunc(time.Hour, func() { struck.Store(rt, 1+done.Load(rt)) })
				workers(rt, 2, func(int) {
					for range steps {
						done.Add(rt, 1)
					}
				})
				timer.Stop()
			})
			switch at := struck.Load(nil) - 1; {
			case rec.Stuck != nil:
				t.Fatal(rec.Stuck)
			case at < 0:
				never++
			case at <= steps/2:
				early++
			default:
				midst++
			}
		}
		t.Logf("%s: early %d, in the midst %d, never %d", name, early, midst, never)
		for _, n := range []int{early, midst, never} {
			if n < runs/20 {
				t.Errorf("%s: early %d, in the midst %d, never %d of %d runs", name, early, midst, never, runs)
				break
			}
		}
	}
}

// TestPCTDepth checks PCT's guarantee, 1/(n·k^(d-1)), on a bug of depth 2: a
// preemption at one place. Depth 1 cannot find it.
func TestPCTDepth(t *testing.T) {
	lost := func(s sched.Strategy) bool {
		var n sched.Int64
		sched.Run(s, sched.Options{}, func(rt *sched.Runtime) {
			workers(rt, 2, func(int) { n.Store(rt, n.Load(rt)+1) })
		})
		return n.Load(nil) == 1
	}
	const runs, steps = 2000, 18
	var found [3]int
	for seed := range uint64(runs) {
		for depth := 1; depth <= 2; depth++ {
			if lost(sched.PCT(seed, depth, steps)) {
				found[depth]++
			}
		}
	}
	if found[1] != 0 {
		t.Errorf("depth 1 found a bug of depth 2, %d times", found[1])
	}
	if least := runs / (3 * steps); found[2] < least {
		t.Errorf("depth 2 found it in %d of %d runs, want at least %d", found[2], runs, least)
	}
}

// TestPOSEvenness checks on the paper's kind of example that POS, unlike a random
// walk, reaches the one order in which a short task waits for a long one.
func TestPOSEvenness(t *testing.T) {
	last := func(s sched.Strategy) bool { // the short task's step comes after all of the long one's
		var n sched.Int64
		var at int64
		sched.Run(s, sched.Options{}, func(rt *sched.Runtime) {
			workers(rt, 2, func(w int) {
				if w == 0 {
					at = n.Add(rt, 0)
					return
				}
				for range 12 {
					rt.Yield(schedule.OpWrite, schedule.Object{Class: schedule.ClassUser, Index: 1})
				}
				n.Add(rt, 1)
			})
		})
		return at == 1
	}
	var pos, random int
	for seed := range uint64(1000) {
		if last(sched.POS(seed)) {
			pos++
		}
		if last(sched.Random(seed)) {
			random++
		}
	}
	if pos < 50 || pos <= 3*random {
		t.Errorf("POS reached it %d times, random %d times, of 1000", pos, random)
	}
}

// TestSpinningWaitsForTime checks that tasks which spin until a timer fires need
// no step limit to be seen as waiting.
func TestSpinningWaitsForTime(t *testing.T) {
	for _, s := range []sched.Strategy{sched.Default(), sched.POS(1), sched.PCT(1, 3, 50)} {
		rec := sched.Run(s, sched.Options{}, func(rt *sched.Runtime) {
			var flag sched.Int64
			rt.AfterFunc(time.Second, func() { flag.Store(rt, 1) })
			workers(rt, 2, func(int) {
				for flag.Load(rt) == 0 {
					rt.Spin(schedule.Object{Class: schedule.ClassAtomic})
				}
			})
		})
		if rec.Stuck != nil || len(rec.Steps) > 1000 {
			t.Errorf("%T: %d steps, %v", s, len(rec.Steps), rec.Stuck)
		}
	}
}
