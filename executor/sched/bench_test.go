package sched

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"synchrony/models/schedule"
)

// threeByTen is the program that schedules per second are counted with: three
// workers of ten yield points each.
func threeByTen(rt *Runtime) {
	var wg WaitGroup
	wg.Add(rt, 3)
	for w := range 3 {
		rt.Go("worker", w, func() {
			for i := range 10 {
				rt.Yield(schedule.OpRMW, schedule.Object{Class: schedule.ClassUser, Index: int32(i % 3)})
			}
			wg.Done(rt)
		})
	}
	wg.Wait(rt)
}

func BenchmarkSchedules(b *testing.B) {
	for _, bench := range []struct {
		name     string
		strategy func(i uint64) Strategy
	}{
		{"default", func(uint64) Strategy { return Default() }},
		{"deviate", func(i uint64) Strategy {
			return Deviate([]schedule.Deviation{{Step: int(i % 40), Skip: 1}})
		}},
		{"pos", POS},
		{"pct", func(i uint64) Strategy { return PCT(i, 3, 40) }},
		{"random", Random},
	} {
		b.Run(bench.name, func(b *testing.B) {
			var r Runner
			steps := 0
			b.ReportAllocs()
			for i := uint64(0); b.Loop(); i++ {
				rec := r.Run(bench.strategy(i), Options{}, threeByTen)
				if rec.Stuck != nil {
					b.Fatal(rec.Stuck)
				}
				steps += len(rec.Steps)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "schedules/s")
			b.ReportMetric(float64(steps)/float64(b.N), "steps")
		})
	}
}

// BenchmarkSwitch is one step that goes to another task, from task to task
// through the root loop; BenchmarkContinue is one that goes on with the same.
func BenchmarkSwitch(b *testing.B)   { benchmarkSteps(b, roundRobin{}) }
func BenchmarkContinue(b *testing.B) { benchmarkSteps(b, Default()) }

// roundRobin switches at every step at which it can.
type roundRobin struct{}

func (roundRobin) Choose(p *Point) int { return min(1, len(p.Enabled)-1) }

func benchmarkSteps(b *testing.B, s Strategy) {
	var r Runner
	steps := 0
	for b.Loop() {
		rec := r.Run(s, Options{MaxSteps: 100_000}, func(rt *Runtime) {
			for range 2 {
				rt.Go("worker", 0, func() {
					for range 10_000 {
						rt.Yield(schedule.OpLoad, schedule.Object{Class: schedule.ClassUser})
					}
				})
			}
		})
		if rec.Stuck != nil {
			b.Fatal(rec.Stuck)
		}
		steps += len(rec.Steps)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/step")
}

// BenchmarkHook is what the hooks cost in production, next to what they stand for.
// Take "nothing" from "yield" for the cost of the hook alone.
func BenchmarkHook(b *testing.B) {
	rt := production()
	var mu Mutex
	var n Int64
	var realMu sync.Mutex
	var realN atomic.Int64
	x, o := 0, schedule.Object{Class: schedule.ClassUser}
	for _, bench := range []struct {
		name string
		f    func(int)
	}{
		{"nothing", func(k int) {
			for range k {
				x++
			}
		}},
		{"yield", func(k int) {
			for range k {
				rt.Yield(schedule.OpWrite, o)
				x++
			}
		}},
		{"spin", func(k int) {
			for range k {
				rt.Spin(o)
				x++
			}
		}},
		{"sync.Mutex", func(k int) {
			for range k {
				realMu.Lock()
				//lint:ignore SA2001 the pair is what is measured
				realMu.Unlock()
			}
		}},
		{"mutex", func(k int) {
			for range k {
				mu.Lock(rt)
				mu.Unlock(rt)
			}
		}},
		{"atomic.Int64", func(k int) {
			for range k {
				realN.Add(1)
			}
		}},
		{"int64", func(k int) {
			for range k {
				n.Add(rt, 1)
			}
		}},
		{"time.Since", func(k int) {
			for range k {
				time.Since(epoch)
			}
		}},
		{"now", func(k int) {
			for range k {
				rt.Now()
			}
		}},
		{"stamp", func(k int) {
			for range k {
				rt.Stamp()
			}
		}},
	} {
		b.Run(bench.name, func(b *testing.B) { bench.f(b.N) })
	}
	sink = x
}

var sink int

// production is a runtime that the compiler cannot know to be nil.
//
//go:noinline
func production() *Runtime { return nil }
