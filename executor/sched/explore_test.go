package sched_test

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// prefix is a strategy that makes given choices, then the first of each.
type prefix struct {
	choices, counts []int
}

func (s *prefix) Choose(p *sched.Point) int {
	if p.Step == len(s.choices) {
		s.choices = append(s.choices, 0)
	}
	s.counts = append(s.counts, len(p.Enabled))
	return s.choices[p.Step]
}

// explore runs every schedule of a program, in depth-first order, and returns how
// often each outcome came out. The program resets its own state.
func explore(t *testing.T, limit int, program func(*sched.Runtime) (outcome func() string)) map[string]int {
	t.Helper()
	var r sched.Runner
	outcomes := map[string]int{}
	var choices []int
	for range limit {
		var outcome func() string
		s := &prefix{choices: choices}
		rec := r.Run(s, sched.Options{MaxSteps: 500}, func(rt *sched.Runtime) { outcome = program(rt) })
		if rec.Stuck != nil {
			outcomes[rec.Stuck.Kind.String()]++
		} else {
			outcomes[outcome()]++
		}
		last := len(s.choices) - 1
		for last >= 0 && s.choices[last]+1 == s.counts[last] {
			last--
		}
		if last < 0 {
			return outcomes
		}
		choices = s.choices[:last+1]
		choices[last]++
	}
	t.Fatalf("more than %d schedules", limit)
	return nil
}

// TestScheduleCount compares the number of schedules explored with the number of
// interleavings, counted without the scheduler.
func TestScheduleCount(t *testing.T) {
	for _, yields := range []int{0, 1, 2} {
		got := explore(t, 1_000_000, func(rt *sched.Runtime) func() string {
			for w := range 2 {
				rt.Go("worker", w, func() {
					for range yields {
						rt.Yield(schedule.OpNone, user)
					}
				})
			}
			return func() string { return "" }
		})
		want := interleavings([3]int{}, yields+2)
		if got[""] != want {
			t.Errorf("%d yields: %v schedules, want %d", yields, got, want)
		}
	}
}

// interleavings counts the ways to finish from a state where done[0] steps of the
// main task (begin, spawn, spawn, end) and done[1], done[2] of its two workers,
// of n steps each, are taken.
func interleavings(done [3]int, n int) int {
	if done == [3]int{4, n, n} {
		return 1
	}
	sum := 0
	for task, left := range [3]bool{
		done[0] < 4,
		done[1] < n && done[0] >= 2,
		done[2] < n && done[0] >= 3,
	} {
		if left {
			next := done
			next[task]++
			sum += interleavings(next, n)
		}
	}
	return sum
}

// TestOutcomes explores tiny programs whose possible outcomes are known.
func TestOutcomes(t *testing.T) {
	for _, test := range []struct {
		name    string
		want    []string
		program func(*sched.Runtime) func() string
	}{
		{"lost update", []string{"1", "2"}, func(rt *sched.Runtime) func() string {
			var n sched.Int64
			pair(rt, func(int) { n.Store(rt, n.Load(rt)+1) })
			return func() string { return fmt.Sprint(n.Load(nil)) }
		}},
		{"no lost update", []string{"2"}, func(rt *sched.Runtime) func() string {
			var n sched.Int64
			pair(rt, func(int) { n.Add(rt, 1) })
			return func() string { return fmt.Sprint(n.Load(nil)) }
		}},
		{"store buffering, without buffers", []string{"0 1", "1 0", "1 1"}, func(rt *sched.Runtime) func() string {
			var x [2]sched.Int64
			var got [2]int64
			pair(rt, func(w int) {
				x[w].Store(rt, 1)
				got[w] = x[1-w].Load(rt)
			})
			return func() string { return fmt.Sprint(got[0], got[1]) }
		}},
		{"lock order", []string{"deadlock", "ok"}, func(rt *sched.Runtime) func() string {
			mu := new([2]sched.Mutex)
			pair(rt, func(w int) {
				mu[w].Lock(rt)
				mu[1-w].Lock(rt)
				mu[1-w].Unlock(rt)
				mu[w].Unlock(rt)
			})
			return func() string { return "ok" }
		}},
		{"signal without a waiter", []string{"deadlock", "ok"}, func(rt *sched.Runtime) func() string {
			mu := new(sched.Mutex)
			c := &sched.Cond{L: mu}
			pair(rt, func(w int) {
				if w == 0 {
					c.Signal(rt)
					return
				}
				mu.Lock(rt)
				c.Wait(rt)
				mu.Unlock(rt)
			})
			return func() string { return "ok" }
		}},
		{"stop against fire", []string{"fired", "stopped"}, func(rt *sched.Runtime) func() string {
			var got journal
			timer := rt.AfterFunc(time.Hour, func() { got.add("fired") })
			if timer.Stop() {
				got.add("stopped")
			}
			return got.String
		}},
		{"timers fire in order of time, their tasks run in any", []string{"12", "21"}, func(rt *sched.Runtime) func() string {
			var got journal
			rt.AfterFunc(2, func() { got.add("2") })
			rt.AfterFunc(1, func() { got.add("1") })
			return got.String
		}},
		{"time may pass before a sleep begins", []string{"12", "21"}, func(rt *sched.Runtime) func() string {
			var got journal
			pair(rt, func(w int) {
				rt.Sleep(time.Duration(w+1) * time.Second)
				got.add(fmt.Sprint(w + 1))
			})
			return got.String
		}},
		{"no time passes while nobody waits for it", []string{"0s 1ns"}, func(rt *sched.Runtime) func() string {
			before := rt.Now()
			pair(rt, func(int) { rt.Yield(schedule.OpWrite, user) })
			got := fmt.Sprint(rt.Now()-before, " ", rt.Stamp()-before)
			return func() string { return got }
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := explore(t, 200_000, test.program)
			if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, test.want) {
				t.Errorf("outcomes %v, want %v", got, test.want)
			}
		})
	}
}

// pair runs f as a task beside the main one, and as the main one.
func pair(rt *sched.Runtime, f func(w int)) {
	var wg sched.WaitGroup
	wg.Add(rt, 1)
	rt.Go("worker", 1, func() {
		f(1)
		wg.Done(rt)
	})
	f(0)
	wg.Wait(rt)
}

// journal notes what happens, in order.
type journal struct {
	mu  sync.Mutex
	log string
}

func (j *journal) add(s string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.log += s
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.log
}
