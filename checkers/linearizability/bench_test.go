package linearizability

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// serialHistory is n transactions of one read and one write, of which up to width are
// concurrent and whose intervals leave an instant free now and then.
func serialHistory(n, width int) *history.History {
	rng := rand.New(rand.NewPCG(1, 1))
	keys := max(8, n/4)
	h := &history.History{Initial: make([]int64, keys)}
	current := make([]int32, keys)
	for k := range current {
		current[k] = history.InitialVersion
	}
	for i := range n {
		group := time.Duration(i/width) * 1000
		h.Begin("", history.Committed, group+time.Duration(rng.IntN(100)), group+100+time.Duration(i%width))
		k := int32(rng.IntN(keys))
		value := int64(0)
		if current[k] != history.InitialVersion {
			value = h.Accesses[current[k]].Value
		}
		h.Add(history.ReadOf(k, current[k], value))
		if rng.IntN(2) == 0 {
			current[k] = h.Add(history.WriteOf(k, current[k], int64(i)))
		}
	}
	return h
}

func BenchmarkTransactions(b *testing.B) {
	for _, size := range []struct{ n, width int }{{1000, 8}, {1000, 256}, {100_000, 8}} {
		h := serialHistory(size.n, size.width)
		b.Run(fmt.Sprintf("n=%d/concurrent=%d", size.n, size.width), func(b *testing.B) {
			for b.Loop() {
				if r := Transactions(h, unhurried); r.Status != checkers.Pass {
					b.Fatal(r.Reason)
				}
			}
			b.ReportMetric(float64(size.n)*float64(b.N)/b.Elapsed().Seconds(), "tx/s")
		})
	}
}

func BenchmarkRegister(b *testing.B) {
	h := longHistory(rand.New(rand.NewPCG(1, 1)), Register(), 20_000, "x")
	b.ResetTimer()
	for b.Loop() {
		if r := Check(Register(), h, unhurried); r.Status != checkers.Pass {
			b.Fatal(r.Reason)
		}
	}
	b.ReportMetric(20_000*float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}

// BenchmarkTouching judges many registers, the calls of each of which touch: what that costs grows as the calls do.
func BenchmarkTouching(b *testing.B) {
	const each = 6
	for _, keys := range []int{500, 5000} {
		h := &history.Calls{}
		for k := range keys {
			for n := range each {
				at := time.Duration(k*each + n)
				h.Calls = append(h.Calls, history.Call{Invoked: at, Returned: at + 1, Actions: []history.Action{
					{Kind: history.WriteKey, Key: fmt.Sprint(k), Value: history.NumberOf(int64(n))},
				}})
			}
		}
		b.Run(fmt.Sprintf("keys=%d", keys), func(b *testing.B) {
			for b.Loop() {
				if r := Check(Register(), h, unhurried); r.Status != checkers.Pass {
					b.Fatal(r.Reason)
				}
			}
			b.ReportMetric(float64(each*keys)*float64(b.N)/b.Elapsed().Seconds(), "calls/s")
		})
	}
}
