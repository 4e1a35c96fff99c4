package sched

import (
	"testing"

	"synchrony/models/trace"
)

// threeByTen is the program that schedules per second are counted with: three
// workers of ten yield points each.
func threeByTen(rt *Runtime) {
	var wg WaitGroup
	wg.Add(rt, 3)
	for w := range 3 {
		rt.Go("worker", w, func() {
			for i := range 10 {
				rt.Yield(trace.OpRMW, trace.Object{Class: trace.ClassUser, Index: int32(i % 3)})
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
			return Deviate([]trace.Deviation{{Step: int(i % 40), Skip: 1}})
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
