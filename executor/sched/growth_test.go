//go:build !race

package sched

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"synchrony/models/schedule"
)

// longPrograms have runs of about any number of steps, each of a kind that once made the search for races look at all
// steps before each step: timers that are set and not awaited, time that is read, contexts that are looked at, objects
// that are read over and over, and who waits for one another.
var longPrograms = map[string]func(rt *Runtime, steps int){
	"timers": func(rt *Runtime, steps int) {
		both(rt, func(int) {
			for range steps / 10 {
				timer := rt.AfterFunc(time.Hour, func() {})
				rt.Now()
				rt.Yield(schedule.OpRMW, schedule.Object{Class: schedule.ClassUser})
				timer.Stop()
				rt.Stamp()
			}
		})
	},
	"sleeps": func(rt *Runtime, steps int) {
		both(rt, func(int) {
			for range steps / 6 {
				rt.Sleep(time.Second)
			}
		})
	},
	"looks": func(rt *Runtime, steps int) {
		ctx, cancel := rt.WithCancel(context.Background())
		both(rt, func(int) {
			for range steps / 4 {
				rt.Yield(schedule.OpLoad, schedule.Object{Class: schedule.ClassUser})
				_ = ctx.Err()
			}
		})
		cancel()
	},
	"reads": func(rt *Runtime, steps int) {
		both(rt, func(k int) {
			for range steps / 4 {
				rt.Yield(schedule.OpLoad, schedule.Object{Class: schedule.ClassUser})
				rt.Yield(schedule.OpWrite, schedule.Object{Class: schedule.ClassUser, Index: int32(k + 1)})
			}
		})
	},
	"joins": func(rt *Runtime, steps int) {
		var n [2]WaitGroup
		both(rt, func(k int) {
			for range steps / 6 {
				n[k].Add(rt, 1)
				n[k].Done(rt)
				n[k].Wait(rt)
			}
		})
	},
	"locks": func(rt *Runtime, steps int) {
		var mu Mutex
		both(rt, func(int) {
			for range steps / 4 {
				mu.Lock(rt)
				rt.Stamp()
				mu.Unlock(rt)
			}
		})
	},
}

// both runs f by two tasks beside the main one.
func both(rt *Runtime, f func(k int)) {
	var done WaitGroup
	done.Add(rt, 2)
	for k := range 2 {
		rt.Go("task", k, func() {
			defer done.Done(rt)
			f(k)
		})
	}
	done.Wait(rt)
}

// turns is the walk of an Explorer by which tasks take turns, so that each step is another's than the one before.
type turns struct{ Strategy }

func (s turns) Choose(p *Point) int {
	others := *p
	n := len(p.Enabled)
	if n > 1 && p.Enabled[n-1].Task == Clock {
		n--
	}
	others.Enabled = slices.Concat(p.Enabled[1:n], p.Enabled[:1], p.Enabled[n:])
	task := others.Enabled[s.Strategy.Choose(&others)].Task
	return slices.IndexFunc(p.Enabled, func(c Choice) bool { return c.Task == task })
}

// firstSchedule runs the first schedule of an exploration, and learns from it.
func firstSchedule(t testing.TB, o Options, program func(rt *Runtime, steps int), steps int) (e *Explorer, taken int) {
	t.Helper()
	e = NewExplorer(o, Bounds{Preemptions: Unbounded})
	s, _ := e.Next()
	rec := Run(turns{s}, o, func(rt *Runtime) { program(rt, steps) })
	if rec.Stuck != nil {
		t.Fatal(rec.Stuck)
	}
	if err := e.Ran(&rec); err != nil {
		t.Fatal(err)
	}
	return e, len(rec.Steps)
}

// TestWorkOfASchedule: what is looked at to find the races of a run grows with its steps, and not faster.
func TestWorkOfASchedule(t *testing.T) {
	const short, factor = 500, 8
	for _, name := range slices.Sorted(maps.Keys(longPrograms)) {
		for _, patient := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, patient %v", name, patient), func(t *testing.T) {
				o := Options{PatientClock: patient}
				few, fewSteps := firstSchedule(t, o, longPrograms[name], short)
				many, manySteps := firstSchedule(t, o, longPrograms[name], factor*short)
				t.Logf("%d nodes looked at for %d steps, %d for %d", few.visits, fewSteps, many.visits, manySteps)
				if float64(many.visits)/float64(manySteps) > 1.2*float64(few.visits)/float64(fewSteps) {
					t.Errorf("%d nodes were looked at for %d steps, and %d for %d: more than in proportion", few.visits, fewSteps, many.visits, manySteps)
				}
			})
		}
	}
}

// BenchmarkLearn is one schedule of an exploration, with the search for its races.
func BenchmarkLearn(b *testing.B) {
	for _, name := range []string{"timers", "sleeps", "looks"} {
		for _, steps := range []int{1000, 2000, 4000} {
			b.Run(fmt.Sprintf("%s/steps=%d", name, steps), func(b *testing.B) {
				taken := 0
				for b.Loop() {
					_, taken = firstSchedule(b, Options{}, longPrograms[name], steps)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(taken), "ns/step")
			})
		}
	}
}
