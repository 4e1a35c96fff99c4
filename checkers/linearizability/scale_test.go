package linearizability

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"synchrony/checkers"
	"synchrony/models/history"
)

// BenchmarkEpochs judges long histories on several keys in one space, which only cutting
// at quiescent instants makes possible.
func BenchmarkEpochs(b *testing.B) {
	keys := make([]string, 16)
	for i := range keys {
		keys[i] = fmt.Sprintf("k%d", i)
	}
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		for _, m := range []Model{Bank(), RWRegister()} {
			var h *history.Calls
			b.Run(fmt.Sprintf("%s/n=%d", m.name, n), func(b *testing.B) {
				if h == nil {
					h = longHistory(rand.New(rand.NewPCG(1, 1)), m, n, keys...)
				}
				for b.Loop() {
					if r := Check(m, h, Options{Timeout: -1}); r.Status != checkers.Pass {
						b.Fatal(r.Reason)
					}
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "calls/s")
			})
		}
		h := serialHistory(n, 8)
		b.Run(fmt.Sprintf("versions/n=%d", n), func(b *testing.B) {
			for b.Loop() {
				if r := Transactions(h, Options{Timeout: -1}); r.Status != checkers.Pass {
					b.Fatal(r.Reason)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "tx/s")
		})
	}
}
