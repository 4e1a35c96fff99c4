package compare

import (
	"context"
	"slices"
	"testing"
	"time"
)

// TestSameResults: every interpreter computes what Go computes, also a second time.
func TestSameResults(t *testing.T) {
	for _, w := range []workload{straightLine(1000), straightLine(10_000), straightLine(7), matrix(20), matrix(2), loop(1000), loop(1), fib(15), fib(1)} {
		for _, e := range engines() {
			t.Run(w.name+"/"+e.name, func(t *testing.T) {
				run := e.prepare(t, &w)
				for range 2 {
					if got, err := run(); err != nil || got != w.want {
						t.Errorf("%d, %v, want %d", got, err, w.want)
					}
				}
			})
		}
	}
}

// least is how long a measurement of a short workload takes at least: it is repeated.
const least = 2 * time.Millisecond

// BenchmarkSideBySide executes each workload on each interpreter in turn, and reports our time for an
// instruction and the ratios of the median times to ours.
func BenchmarkSideBySide(b *testing.B) {
	for _, w := range []workload{straightLine(1000), straightLine(10_000), matrix(20), loop(10_000_000), fib(27)} {
		b.Run(w.name, func(b *testing.B) {
			list := engines()
			var runs []func() (int64, error)
			var repeats []int
			for _, e := range list {
				run := e.prepare(b, &w)
				runs = append(runs, run)
				took := measure(b, run, &w, 1)
				repeats = append(repeats, 1+int(least/max(took, 1)))
			}
			times := make([][]time.Duration, len(list))
			for b.Loop() {
				for i, run := range runs {
					times[i] = append(times[i], measure(b, run, &w, repeats[i]))
				}
			}
			machine, p := build(b, &w)
			r, err := machine.Run(context.Background(), p)
			if err != nil {
				b.Fatal(err)
			}
			ours := median(times[0])
			b.ReportMetric(0, "ns/op") // of all together: it says nothing
			b.ReportMetric(float64(ours)/float64(r.Steps), "ns/instruction")
			b.ReportMetric(float64(ours)/float64(time.Microsecond), "µs")
			for i, e := range list[1:] {
				b.ReportMetric(float64(median(times[i+1]))/float64(ours), "x-"+e.name)
			}
		})
	}
}

// measure is the mean time of n executions, each of which must give the right result.
func measure(b *testing.B, run func() (int64, error), w *workload, n int) time.Duration {
	b.Helper()
	start := time.Now()
	for range n {
		if got, err := run(); err != nil || got != w.want {
			b.Fatalf("%d, %v, want %d", got, err, w.want)
		}
	}
	return time.Since(start) / time.Duration(n)
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}
