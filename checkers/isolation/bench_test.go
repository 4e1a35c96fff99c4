package isolation

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"synchrony/checkers"
	"synchrony/models/recording"
	"synchrony/models/recording/sample"
)

// BenchmarkCheck reads right histories of a hundred clients as Jepsen records them, and judges them: all that verify
// check does within its process. BenchmarkJudge is the same without reading.
func BenchmarkCheck(b *testing.B) {
	benchmark(b, func(b *testing.B, text string, lists bool) func() *recording.Transactions {
		return func() *recording.Transactions { return recorded(b, text, lists) }
	})
}

func BenchmarkJudge(b *testing.B) {
	benchmark(b, func(b *testing.B, text string, lists bool) func() *recording.Transactions {
		h := recorded(b, text, lists)
		return func() *recording.Transactions { return h }
	})
}

func recorded(b *testing.B, text string, lists bool) *recording.Transactions {
	h, err := recording.ReadTransactions("h", strings.NewReader(text), lists, recording.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return h
}

func benchmark(b *testing.B, source func(b *testing.B, text string, lists bool) func() *recording.Transactions) {
	for _, size := range []struct {
		lists bool
		n     int
	}{{true, 10_000}, {true, 100_000}, {false, 1000}, {false, 10_000}, {false, 30_000}} {
		b.Run(fmt.Sprintf("lists=%v/n=%d", size.lists, size.n), func(b *testing.B) {
			text := sample.EDN(sample.Shape{Lists: size.lists, Transactions: size.n, Concurrency: 100, Writes: 32}.Draw(rand.New(rand.NewPCG(1, 1))))
			history := source(b, text, size.lists)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				r, err := Judge(&history().Transactions, StrictSerializable)
				if err != nil || r.Status != checkers.Pass {
					b.Fatal(r, err)
				}
			}
			b.ReportMetric(float64(size.n)*float64(b.N)/b.Elapsed().Seconds(), "tx/s")
		})
	}
}
