package sched_test

import (
	"slices"
	"testing"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// The workers of polling poll so often, and a turn takes so many steps: more than a deviation is moved by when others are left out.
const (
	polls     = 15
	pollSteps = 20
)

// polling loses an update if a worker is preempted between a load and its store while the other gets there, too. Both poll before, and
// by default each lets the other go on after a turn. The first has a load and a store in each turn, the second only at its end.
func polling(r *sched.Runner, s sched.Strategy) (*sched.Record, bool) {
	var word sched.Int64
	rec := r.Run(s, sched.Options{MaxSteps: 5000}, func(rt *sched.Runtime) {
		add := func() {
			v := word.Load(rt)
			rt.Yield(schedule.OpNone, schedule.Object{})
			word.Store(rt, v+1)
		}
		poll := func() {
			for range pollSteps - 1 {
				rt.Yield(schedule.OpNone, schedule.Object{})
			}
			rt.Spin(schedule.Object{})
		}
		rt.Go("first", 0, func() {
			for range polls {
				poll()
				add()
			}
		})
		rt.Go("second", 0, func() {
			for range polls {
				poll()
			}
			add()
		})
	})
	return &rec, rec.Stuck == nil && word.Load(nil) != polls+1
}

// oneByOne lets a task go on, come what may, until it has taken so many steps; then the next, and in the end all by default.
type oneByOne struct{ quota []int } // by task number

func (o oneByOne) Choose(p *sched.Point) int {
	for task := range o.quota {
		k := slices.IndexFunc(p.Enabled, func(c sched.Choice) bool { return c.Task == int32(task) })
		if k >= 0 && o.quota[task] > 0 {
			o.quota[task]--
			return k
		}
	}
	return 0
}

// TestMinimise checks that chains come down in which each deviation keeps a task from being left: one preemption elsewhere does for them. It is
// planted such that looking at deviations alone leaves most of the chain.
func TestMinimise(t *testing.T) {
	var r sched.Runner
	for _, turns := range []int{1, 3, 5} {
		rec, bad := polling(&r, oneByOne{[]int{100, turns * (pollSteps + 3), polls*pollSteps + 2}})
		if !bad {
			t.Fatalf("preempted in turn %d: no update is lost", turns)
		}
		devs := rec.Clone().Schedule.Deviations
		chain := sched.MinimiseDeviations(devs, func(devs []schedule.Deviation) bool {
			_, bad := polling(&r, sched.Deviate(devs))
			return bad
		})
		if len(chain) <= 5 {
			t.Errorf("preempted in turn %d: the deviations alone come down to %v: nothing is planted", turns, chain)
		}
		runs := 0
		got := sched.Minimise(devs, func(s sched.Strategy) (*sched.Record, bool) {
			runs++
			return polling(&r, s)
		})
		if _, bad := polling(&r, sched.Deviate(got)); len(got) != 1 || !bad {
			t.Errorf("preempted in turn %d: %v, which loses an update: %t; want one deviation that does", turns, got, bad)
		}
		if runs > 1000 {
			t.Errorf("preempted in turn %d: %d runs", turns, runs)
		}
	}
}

// TestMinimiseEnds checks that when no more runs are to be had, the best so far is returned, and that what does not fail is left as it is.
func TestMinimiseEnds(t *testing.T) {
	var r sched.Runner
	rec, _ := polling(&r, oneByOne{[]int{100, pollSteps + 3, polls*pollSteps + 2}})
	devs := rec.Clone().Schedule.Deviations
	for most := range 40 {
		left := most
		got := sched.Minimise(devs, func(s sched.Strategy) (*sched.Record, bool) {
			if left--; left < 0 {
				return nil, false
			}
			return polling(&r, s)
		})
		if left < -1 {
			t.Errorf("after %d runs it asked %d times more", most, -left)
		}
		if _, bad := polling(&r, sched.Deviate(got)); !bad || len(got) > len(devs) {
			t.Errorf("after %d runs: %v, which loses an update: %t", most, got, bad)
		}
	}
	passes := []schedule.Deviation{{Step: 1000, Skip: 1}}
	if got := sched.Minimise(passes, func(s sched.Strategy) (*sched.Record, bool) { return polling(&r, s) }); !slices.Equal(got, passes) {
		t.Errorf("a schedule that does not fail became %v", got)
	}
}
