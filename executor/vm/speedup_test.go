//go:build unix

package vm

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"synchrony/models/program"
)

// independentLoops has 8 loops, of n iterations each, over variables of their own.
func independentLoops(n int) string {
	var b strings.Builder
	for i := range 8 {
		fmt.Fprintf(&b, `
	LOAD_CONST 0
	STORE_NAME i%[1]d
	LOAD_CONST 1
	STORE_NAME s%[1]d
top%[1]d:
	LOAD_NAME i%[1]d
	LOAD_CONST %[2]d
	LT
	JUMP_IF_FALSE out%[1]d
	LOAD_NAME s%[1]d
	LOAD_NAME i%[1]d
	LOAD_CONST 3
	MUL
	ADD
	LOAD_CONST 1000003
	MOD
	STORE_NAME s%[1]d
	LOAD_NAME i%[1]d
	LOAD_CONST 1
	ADD
	STORE_NAME i%[1]d
	JUMP top%[1]d
out%[1]d:
`, i, n)
	}
	return b.String() + "LOAD_NAME s0\nRETURN\n"
}

// pureCalls has n calls of a function that loops 100 times.
func pureCalls(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "LOAD_CONST %d\nCALL_FUNC_CONST @f 1\nSTORE_NAME r%d\n", i, i)
	}
	return b.String() + "LOAD_NAME r0\nRETURN\n" + workFunction
}

const workFunction = `
.func f(x) locals(i)
	LOAD_CONST 0
	STORE_NAME i
top:
	LOAD_NAME i
	LOAD_CONST 100
	LT
	JUMP_IF_FALSE out
	LOAD_NAME x
	LOAD_CONST 31
	MUL
	LOAD_CONST 1000003
	MOD
	STORE_NAME x
	LOAD_NAME i
	LOAD_CONST 1
	ADD
	STORE_NAME i
	JUMP top
out:
	LOAD_NAME x
	RETURN
.end
`

func mapping1(n int) string {
	return fmt.Sprintf("LOAD_CONST %d\nCALL_BUILTIN range 1\nPARALLEL_MAP @f\nCALL_BUILTIN sum 1\nRETURN\n", n) + workFunction
}

// chain has n calls each of which needs the one before.
func chain(n int) string {
	var b strings.Builder
	b.WriteString("LOAD_CONST 7\nSTORE_NAME r\n")
	for range n {
		b.WriteString("LOAD_NAME r\nCALL_FUNC_CONST @f 1\nSTORE_NAME r\n")
	}
	return b.String() + "LOAD_NAME r\nRETURN\n" + workFunction
}

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
