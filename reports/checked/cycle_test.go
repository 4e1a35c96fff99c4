package checked

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// TestCycles: a long cycle is drawn in part, and told whole; no cycle is drawn if there is none.
func TestCycles(t *testing.T) {
	for n, want := range map[int]struct {
		circles int
		left    string
	}{0: {}, 2: {circles: 2}, maxCircle: {circles: maxCircle}, maxCircle + 7: {circles: maxCircle, left: "7 more transactions, behind the dashed arrow"}} {
		p := &Page{Rule: "G0", Verdict: "fail"}
		for i := range n {
			p.Cycle = append(p.Cycle, Step{Name: fmt.Sprintf("T%d", i), Kind: "ww"})
		}
		var out bytes.Buffer
		if err := Write(&out, p); err != nil {
			t.Fatal(err)
		}
		page := out.String()
		if got := strings.Count(page, "<circle "); got != want.circles || strings.Count(page, "comes before the next (") != n ||
			strings.Contains(page, "<svg") != (n > 0) || !strings.Contains(page, want.left) || strings.Contains(page, "NaN") {
			t.Errorf("%d transactions: %d circles\n%s", n, got, page)
		}
	}
}
