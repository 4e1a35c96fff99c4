package vm

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"synchrony/models/program"
)

// matrix multiplies two 20×20 matrices that lie in named variables.
func matrix(n int) string {
	var b strings.Builder
	for i := range n {
		for j := range n {
			fmt.Fprintf(&b, "LOAD_CONST %d\nSTORE_NAME a%d_%d\nLOAD_CONST %d\nSTORE_NAME b%d_%d\n", i+j, i, j, i-j, i, j)
		}
	}
	for i := range n {
		for j := range n {
			for k := range n {
				fmt.Fprintf(&b, "LOAD_NAME a%d_%d\nLOAD_NAME b%d_%d\nMUL\n", i, k, k, j)
				if k > 0 {
					b.WriteString("ADD\n")
				}
			}
			fmt.Fprintf(&b, "STORE_NAME c%d_%d\n", i, j)
		}
	}
	return b.String()
}

func straightLine(n int) string {
	var b strings.Builder
	b.WriteString("LOAD_CONST 3\nSTORE_NAME x0\n")
	for i := range n {
		fmt.Fprintf(&b, "LOAD_CONST %d\nLOAD_NAME x%d\nADD\nSTORE_NAME x%d\n", i, i%50, (i+1)%50)
	}
	return b.String()
}

// loopText is a loop of 19 instructions an iteration.
func loopText(n int) string {
	return fmt.Sprintf(`
	LOAD_CONST 0
	STORE_NAME i
	LOAD_CONST 0
	STORE_NAME s
top:
	LOAD_NAME i
	LOAD_CONST %d
	LT
	JUMP_IF_FALSE out
	LOAD_NAME s
	LOAD_NAME i
	LOAD_CONST 3
	MUL
	ADD
	LOAD_CONST 1000003
	MOD
	STORE_NAME s
	NOP
	NOP
	LOAD_NAME i
	LOAD_CONST 1
	ADD
	STORE_NAME i
	JUMP top
out:
	LOAD_NAME s
	RETURN
`, n)
}

func fibText(n int) string {
	return fmt.Sprintf(`
	LOAD_CONST %d
	CALL_FUNC_CONST @fib 1
	RETURN
.func fib(n)
	LOAD_NAME n
	LOAD_CONST 2
	LT
	JUMP_IF_FALSE more
	LOAD_NAME n
	RETURN
more:
	LOAD_NAME n
	LOAD_CONST 1
	SUB
	CALL_FUNC_CONST @fib 1
	LOAD_NAME n
	LOAD_CONST 2
	SUB
	CALL_FUNC_CONST @fib 1
	ADD
	RETURN
.end
`, n)
}

// BenchmarkInterpreter measures sequential execution, by original instruction.
func BenchmarkInterpreter(b *testing.B) {
	for _, bench := range []struct {
		name, text string
		unit       string // of what is repeated
		count      float64
	}{
		{"straight line", straightLine(1000), "statement", 1001},
		{"matrix 20x20", matrix(20), "term", 8000},
		{"loop 1e7", loopText(10_000_000), "iteration", 1e7},
		{"fib 27", fibText(27), "call", 832_040},
	} {
		b.Run(bench.name, func(b *testing.B) {
			u, err := load(build(b, bench.text))
			if err != nil {
				b.Fatal(err)
			}
			limits := program.Limits{Steps: 1 << 40}.WithDefaults()
			r := &run{unit: u, limits: limits, mode: program.Sequential, workers: 1, timeout: time.Hour}
			var steps int64
			for b.Loop() {
				m := r.sequential()
				if s := m.resume(); s != done {
					b.Fatal(m.err)
				}
				steps = m.steps
			}
			ns := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
			b.ReportMetric(ns/float64(steps), "ns/instruction")
			b.ReportMetric(ns/bench.count, "ns/"+bench.unit)
		})
	}
}
