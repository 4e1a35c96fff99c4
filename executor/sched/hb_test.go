package sched_test

import (
	"context"
	"testing"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// clocks are vector clocks, by task.
type clocks map[int32]int

func (c clocks) join(d clocks) {
	for t, n := range d {
		c[t] = max(c[t], n)
	}
}

// unordered counts the pairs of plain accesses to one object, one of them a write, that
// happens-before does not order, by the rules of the package documentation.
func unordered(steps []schedule.Step) int {
	type access struct {
		schedule.Step
		at int
	}
	tasks, objects := map[int32]clocks{}, map[schedule.Object]clocks{}
	waiting := map[schedule.Object][]int32{}     // on a condition, in order
	woken := map[int32]schedule.Object{}         // by a condition
	mutexOf := func(i int) (o schedule.Object) { // that the Wait at step i unlocks
		for _, s := range steps[i+1:] {
			if s.Task == steps[i].Task {
				return s.Object
			}
		}
		return
	}
	of := func(o schedule.Object) clocks {
		if objects[o] == nil {
			objects[o] = clocks{}
		}
		return objects[o]
	}
	var accesses []access
	count := 0
	for i, s := range steps {
		if tasks[s.Task] == nil {
			tasks[s.Task] = clocks{}
		}
		mine := tasks[s.Task]
		mine[s.Task]++
		switch s.Op {
		case schedule.OpBegin, schedule.OpLoad, schedule.OpJoin, schedule.OpRMW:
			mine.join(of(s.Object))
		case schedule.OpLock:
			mine.join(of(s.Object))
			if c, ok := woken[s.Task]; ok {
				mine.join(of(c))
				delete(woken, s.Task)
			}
		case schedule.OpWait:
			waiting[s.Object] = append(waiting[s.Object], s.Task)
			of(mutexOf(i)).join(mine)
		case schedule.OpRead, schedule.OpWrite:
			for _, a := range accesses {
				if a.Object == s.Object && (a.Op == schedule.OpWrite || s.Op == schedule.OpWrite) && mine[a.Task] < a.at {
					count++
				}
			}
			accesses = append(accesses, access{s, mine[s.Task]})
		}
		switch s.Op {
		case schedule.OpSpawn, schedule.OpArm, schedule.OpUnlock, schedule.OpStore, schedule.OpRMW, schedule.OpDone, schedule.OpEnd:
			of(s.Object).join(mine)
		case schedule.OpSignal, schedule.OpBroadcast:
			of(s.Object).join(mine)
			for n, t := range waiting[s.Object] {
				if n == 0 || s.Op == schedule.OpBroadcast {
					woken[t] = s.Object
				}
			}
			waiting[s.Object] = waiting[s.Object][min(len(waiting[s.Object]), 1):]
			if s.Op == schedule.OpBroadcast {
				waiting[s.Object] = nil
			}
		}
	}
	return count
}

// TestHappensBefore checks that the steps tell which accesses the primitives order:
// never a race where there is none, always the one there is.
func TestHappensBefore(t *testing.T) {
	write := func(rt *sched.Runtime) { rt.Yield(schedule.OpWrite, user) }
	for _, test := range []struct {
		name string
		race bool
		main func(*sched.Runtime)
	}{
		{"nothing", true, func(rt *sched.Runtime) { pair(rt, func(int) { write(rt) }) }},
		{"reads", false, func(rt *sched.Runtime) { pair(rt, func(int) { rt.Yield(schedule.OpRead, user) }) }},
		{"after a spawn", true, func(rt *sched.Runtime) {
			rt.Go("worker", 0, func() { write(rt) })
			write(rt)
		}},
		{"two locks", true, func(rt *sched.Runtime) {
			var mu [2]sched.Mutex
			pair(rt, func(w int) {
				mu[w].Lock(rt)
				write(rt)
				mu[w].Unlock(rt)
			})
		}},
		{"mutex", false, func(rt *sched.Runtime) {
			var mu sched.Mutex
			pair(rt, func(int) {
				mu.Lock(rt)
				write(rt)
				mu.Unlock(rt)
			})
		}},
		{"spawn, group", false, func(rt *sched.Runtime) {
			write(rt)
			workers(rt, 1, func(int) { write(rt) })
			write(rt)
		}},
		{"signal", false, func(rt *sched.Runtime) {
			var mu sched.Mutex
			c := sched.Cond{L: &mu}
			mu.Lock(rt)
			rt.Go("worker", 0, func() {
				mu.Lock(rt)
				mu.Unlock(rt)
				write(rt)
				c.Signal(rt)
			})
			c.Wait(rt)
			write(rt)
			mu.Unlock(rt)
		}},
		{"atomic", false, func(rt *sched.Runtime) {
			var flag sched.Int64
			pair(rt, func(w int) {
				if w == 0 {
					write(rt)
					flag.Store(rt, 1)
				} else if flag.Load(rt) == 1 {
					write(rt)
				}
			})
		}},
		{"timer", false, func(rt *sched.Runtime) {
			write(rt)
			rt.AfterFunc(time.Second, func() { write(rt) })
		}},
		{"two timers", true, func(rt *sched.Runtime) {
			rt.AfterFunc(time.Second, func() { write(rt) })
			rt.AfterFunc(time.Second, func() { write(rt) })
		}},
		{"cancel", false, func(rt *sched.Runtime) {
			ctx, cancel := rt.WithCancel(context.Background())
			child, cancelChild := rt.WithCancel(ctx)
			defer cancelChild()
			rt.OnDone(child, func() { write(rt) })
			write(rt)
			cancel()
		}},
	} {
		for seed := range uint64(50) {
			rec := sched.Run(sched.POS(seed), sched.Options{}, test.main)
			if n := unordered(rec.Steps); rec.Stuck != nil || (n > 0) != test.race {
				t.Errorf("%s, seed %d: %d races, want some: %v; %v\n%v", test.name, seed, n, test.race, rec.Stuck, rec.Steps)
				break
			}
		}
	}
}
