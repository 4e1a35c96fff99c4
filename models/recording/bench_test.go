package recording_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"synchrony/models/history"
	"synchrony/models/recording"
	"synchrony/models/recording/sample"
)

// BenchmarkReadTransactions reads right histories of a hundred clients, of lists and of registers.
func BenchmarkReadTransactions(b *testing.B) {
	for _, format := range []struct {
		name  string
		write func(*history.Transactions) string
	}{{"edn", sample.EDN}, {"json", sample.JSON}} {
		for _, lists := range []bool{true, false} {
			for _, n := range []int{10_000, 100_000} {
				b.Run(fmt.Sprintf("%s/lists=%v/n=%d", format.name, lists, n), func(b *testing.B) {
					h := sample.Shape{Lists: lists, Transactions: n, Concurrency: 100, Writes: 32}.Draw(rand.New(rand.NewPCG(1, 1)))
					text := format.write(h)
					b.SetBytes(int64(len(text)))
					b.ReportAllocs()
					for b.Loop() {
						got, err := recording.ReadTransactions("h", strings.NewReader(text), lists, recording.Options{})
						if err != nil || len(got.List) != n {
							b.Fatal(len(got.List), err)
						}
					}
					b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "tx/s")
				})
			}
		}
	}
}

// BenchmarkReadRecording reads the operations of a hundred clients on registers of their own.
func BenchmarkReadRecording(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			text := registers(n)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				got, err := recording.ReadRecording("h", strings.NewReader(text), recording.Options{Pairs: recording.PairsKey})
				if err != nil || len(got.Lines) != n {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "calls/s")
		})
	}
}

// registers is n calls on registers by a hundred clients, a hundred calls on each register.
func registers(n int) string {
	var sb strings.Builder
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range n {
		f, invoked, returned := "write", fmt.Sprint(i), fmt.Sprint(i)
		if rng.IntN(2) == 0 {
			f, invoked, returned = "read", "nil", fmt.Sprint(i-i%100)
		}
		fmt.Fprintf(&sb, "{:index %d, :type :invoke, :process %d, :f :%s, :value [%d %s]}\n", 2*i, i%100, f, i/100, invoked)
		fmt.Fprintf(&sb, "{:index %d, :type :ok, :process %d, :f :%s, :value [%d %s]}\n", 2*i+1, i%100, f, i/100, returned)
	}
	return sb.String()
}
