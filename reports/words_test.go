package reports

import (
	"testing"
)

func TestWords(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567", 12345: "12,345"} {
		if got := Thousands(n); got != want {
			t.Errorf("thousands(%d) = %q, want %q", n, got, want)
		}
	}
	for _, c := range []struct {
		n, total int
		want     string
	}{{0, 0, "-"}, {0, 10, "0.0 %"}, {1, 100000, "< 0.1 %"}, {99999, 100000, "> 99.9 %"}, {1, 3, "33.3 %"}, {3, 3, "100.0 %"}} {
		if got := Percent(c.n, c.total); got != c.want {
			t.Errorf("percent(%d, %d) = %q, want %q", c.n, c.total, got, c.want)
		}
	}
}
