package properties_test

import (
	"flag"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/properties"
)

// TestShrinkingLeavesRapidAlone: a test that uses rapid for itself, after a property
// was shrunk in the same process, has the settings that its command line gave.
func TestShrinkingLeavesRapidAlone(t *testing.T) {
	settings := func() map[string]string {
		all := map[string]string{}
		flag.VisitAll(func(f *flag.Flag) {
			if strings.HasPrefix(f.Name, "rapid.") {
				all[f.Name] = f.Value.String()
			}
		})
		return all
	}
	before := settings()
	if r := run(t, property(adder{}, total{}), spec(100)); r.Status() != checkers.Fail {
		t.Fatalf("nothing was shrunk: %v", r.Status())
	}
	if diff := cmp.Diff(before, settings()); diff != "" || len(before) == 0 {
		t.Errorf("rapid's settings (-before +after):\n%s", diff)
	}
}

// TestShrinkingEndsWhenItIsOver: rapid is not left to try on, without end and remembering everything.
func TestShrinkingEndsWhenItIsOver(t *testing.T) {
	calls := 0
	properties.RapidShrink(1, func() bool { return calls == 3 }, func(t *rapid.T) {
		calls++
		rapid.SliceOfN(rapid.Uint64(), 10, 100).Draw(t, "numbers")
		if calls <= 2 {
			t.FailNow()
		}
	})
	if calls != 3 {
		t.Errorf("%d calls, want the 3 until it was over", calls)
	}
}
