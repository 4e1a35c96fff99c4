//go:build unix

package vm

import (
	"context"
	"slices"
	"syscall"
	"testing"
	"time"

	"synchrony/models/program"
)

// cpuTime is what all threads of the process have used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkSpeedup runs each program sequentially and in mode auto, in turn, and reports the medians' ratio; and
// the ratio of the processor time that they used, which tells what working in parallel costs even on a busy machine.
func BenchmarkSpeedup(b *testing.B) {
	for _, bench := range []struct{ name, text string }{
		{"one instruction", "LOAD_CONST 1\n"},
		{"straight 10", straightLine(10)},
		{"straight 1000", straightLine(1000)},
		{"straight 100000", straightLine(100000)},
		{"matrix", matrix(20)},
		{"loops 30us", independentLoops(300)},
		{"loops 100us", independentLoops(1000)},
		{"loops 1ms", independentLoops(10_000)},
		{"loops 10ms", independentLoops(100_000)},
		{"calls 30us", pureCalls(30)},
		{"calls 100us", pureCalls(100)},
		{"calls 1ms", pureCalls(1000)},
		{"calls 10ms", pureCalls(10000)},
		{"map 30us", mapping1(30)},
		{"map 100us", mapping1(100)},
		{"map 1ms", mapping1(1000)},
		{"map 10ms", mapping1(10000)},
		{"chain 100us", chain(100)},
		{"chain 1ms", chain(1000)},
		{"one loop 1ms", loopText(70_000)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			p := build(b, bench.text)
			var times [2][]time.Duration
			var used [2]time.Duration
			var modes [2]program.Mode
			vms := make([]*ParallelVM, 2)
			for i, mode := range []program.Mode{program.Sequential, program.Auto} {
				vms[i], _ = New(nil, ParallelConfig{Setup: program.Setup{Mode: mode, Workers: 2}})
				if r, err := vms[i].Run(context.Background(), p); err != nil || r.Err != nil {
					b.Fatal(err, r.Err)
				}
			}
			for b.Loop() {
				for i, v := range vms {
					before, start := cpuTime(), time.Now()
					r, _ := v.Run(context.Background(), p)
					times[i] = append(times[i], time.Since(start))
					used[i] += cpuTime() - before
					modes[i] = r.Mode
				}
			}
			for i := range times {
				slices.Sort(times[i])
			}
			seq, auto := times[0][len(times[0])/2], times[1][len(times[1])/2]
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(seq.Nanoseconds())/1000, "sequential-µs")
			b.ReportMetric(float64(auto.Nanoseconds())/1000, "auto-µs")
			b.ReportMetric(float64(seq)/float64(auto), "speedup")
			best := float64(times[0][len(times[0])/10]) / float64(times[1][len(times[1])/10])
			b.ReportMetric(best, "speedup-p10")
			b.ReportMetric(float64(used[1])/float64(max(used[0], 1)), "cpu-ratio")
			b.ReportMetric(float64(modes[1]), "mode")
		})
	}
}
