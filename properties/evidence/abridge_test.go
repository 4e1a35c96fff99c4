package evidence

import (
	"slices"
	"strings"
	"testing"
)

// TestAbridge: what is long is cut in whole characters, and says how long it is; what is not stays as it is.
func TestAbridge(t *testing.T) {
	long := strings.Repeat("é", 3000)
	if got, want := Abridge(long), strings.Repeat("é", 2000)+"… (6000 bytes)"; got != want {
		t.Errorf("%d bytes: …%q", len(got), got[len(got)-20:])
	}
	if got := Abridge("x" + long); !strings.HasPrefix(got, "x"+strings.Repeat("é", 1999)+"… (6001 bytes)") {
		t.Errorf("%d bytes: …%q", len(got), got[len(got)-20:])
	}
	for _, n := range []int{0, 1, longestText / len("line")} {
		if lines := slices.Repeat([]string{"line"}, n); !slices.Equal(AbridgeLines(lines), lines) {
			t.Errorf("%d lines are changed", n)
		}
	}
	got := AbridgeLines(slices.Repeat([]string{long}, 20))
	if len(got) != 9 || got[0] != Abridge(long) || got[7] != got[0] || got[8] != "… (20 lines)" {
		t.Errorf("%d lines, the last %q", len(got), got[len(got)-1])
	}
}
