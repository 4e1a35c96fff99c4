package linearizability

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"synchrony/checkers"
	"synchrony/models/history"
)

// registerCall is a call on a register as porcupine's models have it.
type registerCall struct {
	key   string
	kind  history.ActionKind
	value int64 // written, or put there if it is what is expected
	old   int64
}

// plainRegisters are registers for porcupine alone, in its own terms.
var plainRegisters = porcupine.Model{
	Partition: func(ops []porcupine.Operation) [][]porcupine.Operation {
		number := map[string]int{}
		var parts [][]porcupine.Operation
		for _, op := range ops {
			key := op.Input.(registerCall).key
			n, ok := number[key]
			if !ok {
				n = len(parts)
				number[key] = n
				parts = append(parts, nil)
			}
			parts[n] = append(parts[n], op)
		}
		return parts
	},
	Init: func() any { return int64(0) },
	Step: func(state, input, output any) (bool, any) {
		switch c := input.(registerCall); {
		case c.kind == history.ReadKey:
			return output.(int64) == state.(int64), state
		case c.kind == history.WriteKey:
			return true, c.value
		case c.old == state.(int64):
			return output.(int64) == 1, c.value
		default:
			return output.(int64) == 0, state
		}
	},
}

// registerHistory is n calls of ten clients on registers of a hundred calls each, right ones, for both checkers. Values are written once; with
// comparisons some calls are compare-and-set, which no theorem decides.
func registerHistory(n int, comparisons bool) (*history.Calls, []porcupine.Operation) {
	rng := rand.New(rand.NewPCG(uint64(n), 65))
	h := &history.Calls{}
	var ops []porcupine.Operation
	values := map[string]int64{}
	free := [10]time.Duration{}
	at := time.Duration(0)
	for len(h.Calls) < n {
		p := rng.IntN(len(free))
		at = max(at+time.Duration(1+rng.IntN(3)), free[p]+1)
		key := fmt.Sprint("k", len(h.Calls)/1000*10+rng.IntN(10)) // ten registers at a time
		a := history.Action{Kind: history.ReadKey, Key: key, Value: history.NumberOf(values[key])}
		c, result := registerCall{key: key}, values[key]
		switch kind := rng.IntN(4); {
		case kind == 0:
			values[key] = int64(len(h.Calls) + 1)
			a.Kind, a.Value = history.WriteKey, history.NumberOf(values[key])
			c.kind, c.value = history.WriteKey, values[key]
		case kind == 1 && comparisons:
			c.kind, c.value, c.old = history.CompareSet, int64(len(h.Calls)+1), values[key]-int64(rng.IntN(2))
			a.Kind, a.Value, a.Old, a.OK = history.CompareSet, history.NumberOf(c.value), history.NumberOf(c.old), c.old == values[key]
			if result = 0; a.OK {
				result, values[key] = 1, c.value
			}
		}
		// All take effect in the order of the loop: each began up to 20 before that, and no sooner than its client was free.
		invoked := max(free[p]+1, at-time.Duration(rng.IntN(20)))
		free[p] = at + time.Duration(rng.IntN(20))
		h.Calls = append(h.Calls, history.Call{Process: int32(p), Invoked: invoked, Returned: free[p], Actions: []history.Action{a}})
		ops = append(ops, porcupine.Operation{ClientId: p, Input: c, Output: result, Call: int64(invoked), Return: int64(free[p])})
	}
	for k := range values {
		h.Initial = append(h.Initial, history.Entry{Key: k, Value: history.NumberOf(0)})
	}
	return h, ops
}

// BenchmarkBesidePorcupine judges the same history by turns with this package and with porcupine alone, and reports what the first takes of what the second
// takes: time by the clock, and bytes allocated.
func BenchmarkBesidePorcupine(b *testing.B) {
	for _, comparisons := range []bool{false, true} {
		for _, n := range []int{10_000, 100_000, 1_000_000} {
			b.Run(fmt.Sprintf("n=%d/comparisons=%v", n, comparisons), func(b *testing.B) {
				h, ops := registerHistory(n, comparisons)
				var ours, theirs cost
				for b.Loop() {
					ours.add(func() {
						if r := Check(Register(), h, unhurried); r.Status != checkers.Pass {
							b.Fatal(r.Reason)
						}
					})
					theirs.add(func() {
						if !porcupine.CheckOperations(plainRegisters, ops) {
							b.Fatal("porcupine says that it is not linearizable")
						}
					})
				}
				b.ReportMetric(float64(ours.time)/float64(theirs.time), "time-ratio")
				b.ReportMetric(float64(ours.bytes)/float64(theirs.bytes), "bytes-ratio")
				b.ReportMetric(ours.time.Seconds()/float64(b.N), "s/ours")
				b.ReportMetric(float64(ours.bytes)/float64(b.N)/1e6, "MB/ours")
			})
		}
	}
}

// cost is what some runs took.
type cost struct {
	time  time.Duration
	bytes uint64
}

func (c *cost) add(run func()) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	run()
	c.time += time.Since(start)
	runtime.ReadMemStats(&after)
	c.bytes += after.TotalAlloc - before.TotalAlloc
}
