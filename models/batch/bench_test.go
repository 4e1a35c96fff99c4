package batch

import (
	"bytes"
	"fmt"
	"testing"
)

// BenchmarkParse parses a batch of 10,000 transfers; bytes are those of the text.
func BenchmarkParse(b *testing.B) {
	text := manyTransfers(b, 10_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("bench.ae", text); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFormat prints the same batch, validation included.
func BenchmarkFormat(b *testing.B) {
	text := manyTransfers(b, 10_000)
	batch, err := Parse("bench.ae", text)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		printed, err := Format(batch)
		if err != nil || !bytes.Equal(printed, text) {
			b.Fatal("printed otherwise", err)
		}
	}
}

func manyTransfers(b *testing.B, n int) []byte {
	builder := NewBuilder()
	for i := range 1000 {
		builder.Account(fmt.Sprintf("account%d", i), 1000)
	}
	for i := range n {
		builder.Transfer(fmt.Sprintf("transfer%d", i), AccountID(i%1000), AccountID(i*7%1000), 1)
	}
	batch, err := builder.Build()
	if err != nil {
		b.Fatal(err)
	}
	text, err := Format(batch)
	if err != nil {
		b.Fatal(err)
	}
	return text
}
