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
// check does within its process. Judge alone is the same without reading.
func BenchmarkCheck(b *testing.B) {
	for _, size := range []struct {
		lists bool
		n     int
	}{{true, 10_000}, {true, 100_000}, {false, 1000}} {
		text := sample.EDN(sample.Shape{Lists: size.lists, Transactions: size.n, Concurrency: 100, Writes: 32}.Draw(rand.New(rand.NewPCG(1, 1))))
		read := func(b *testing.B) *recording.Transactions {
			h, err := recording.ReadTransactions("h", strings.NewReader(text), size.lists, recording.Options{})
			if err != nil {
				b.Fatal(err)
			}
			return h
		}
		run := func(name string, history func() *recording.Transactions) {
			b.Run(fmt.Sprintf("%s/lists=%v/n=%d", name, size.lists, size.n), func(b *testing.B) {
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
		h := read(b)
		run("judge", func() *recording.Transactions { return h })
		run("whole", func() *recording.Transactions { return read(b) })
	}
}
