package execution

import (
	"synchrony/reports/internal/golden"

	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

// TestCycleHTML: the page is as in the golden file, and a name that looks like markup is text.
func TestCycleHTML(t *testing.T) {
	p := &CyclePage{
		File: "skew.edn", Model: "list-append", Rule: "G-single-realtime", Reason: "no serial order explains this: T1 <b> T2",
		Transactions: []CycleTransaction{
			{Name: "T1", Text: `T1: read "</svg><script>alert(1)</script>" 0 from init`, Kind: "rw", Why: "T1 read it, which T2 replaced"},
			{Name: "T2", Text: "T2: wrote x 1 over init", Kind: "rt", Why: "T2 had returned before T1 was invoked"},
			{Name: "a long name indeed", Text: "T3", Kind: "rw", Why: "of course"},
		},
	}
	golden.Check(t, "cycle.html", func(w io.Writer) error { return CycleHTML(w, p) })
	var out bytes.Buffer
	if err := CycleHTML(&out, p); err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"<script", "http:", "https:", "src="} {
		if strings.Contains(out.String(), never) {
			t.Errorf("the page has %q", never)
		}
	}
}

// TestCycleHTMLOfMany: a long cycle is drawn in part, and told whole; no cycle is drawn if there is none.
func TestCycleHTMLOfMany(t *testing.T) {
	for n, want := range map[int]struct {
		circles int
		left    string
	}{0: {}, 2: {circles: 2}, maxDrawn: {circles: maxDrawn}, maxDrawn + 7: {circles: maxDrawn, left: "7 more transactions, behind the dashed arrow"}} {
		p := &CyclePage{Rule: "G0"}
		for i := range n {
			p.Transactions = append(p.Transactions, CycleTransaction{Name: fmt.Sprintf("T%d", i), Kind: "ww"})
		}
		var out bytes.Buffer
		if err := CycleHTML(&out, p); err != nil {
			t.Fatal(err)
		}
		page := out.String()
		if got := strings.Count(page, "<circle "); got != want.circles || strings.Count(page, "<li>") != n ||
			strings.Contains(page, "<svg") != (n > 0) || !strings.Contains(page, want.left) || strings.Contains(page, "NaN") {
			t.Errorf("%d transactions: %d circles\n%s", n, got, page)
		}
	}
}
