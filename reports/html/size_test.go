package html

import (
	"bytes"
	"fmt"
	"testing"
)

// largePage is the page of a run with so many failures of 10,000 events each.
func largePage(t testing.TB, failures int) []byte {
	t.Helper()
	var list []Failure
	for i := range failures {
		list = append(list, transfers(t, uint64(i), 1667))
	}
	return render(t, &Page{Run: runOf(list), Failures: list})
}

func render(t testing.TB, p *Page) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestEventsAreSmall: 200 failures of 10,000 events each are to fit into 5 MB.
func TestEventsAreSmall(t *testing.T) {
	const failures, most = 4, 5_000_000 / 200
	bare := len(render(t, &Page{Run: runOf(nil)}))
	if each := (len(largePage(t, failures)) - bare) / failures; each > most {
		t.Errorf("a failure of 10,000 events takes %d bytes, and may take %d", each, most)
	}
}

// BenchmarkPage writes pages with more and more failures of 10,000 events each, and reports their size.
func BenchmarkPage(b *testing.B) {
	for _, failures := range []int{1, 10, 50, 200} {
		b.Run(fmt.Sprintf("failures=%d", failures), func(b *testing.B) {
			size := 0
			for b.Loop() {
				size = len(largePage(b, failures))
			}
			b.ReportMetric(float64(size), "page-bytes")
		})
	}
}
