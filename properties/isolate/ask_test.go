package isolate

import (
	"testing"
	"time"

	"synchrony/properties"
)

// TestHowLongItHung: a case that was waited for less when it was run again says both times, and replays as what it is, however long that waits.
func TestHowLongItHung(t *testing.T) {
	hung := func(d time.Duration) *death { return &death{rule: hang, reason: silence(d), silent: d} }
	crashed := &death{rule: crash, reason: "exit status 3 without an answer"}
	for _, c := range []struct {
		first, again *death
		want         string
	}{
		{hung(30 * time.Second), hung(5 * time.Second), "the process hangs: no sign of life for 30s when it was found, and for 5s when it was run again"},
		{hung(time.Second), hung(time.Second), "the process hangs: no sign of life for 1s"},
		{crashed, crashed, "the process crashed: exit status 3 without an answer"},
	} {
		if got := c.again.after(c.first).verdict().Reason; got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	found := example(properties.Info{System: "s"}, "", hung(5*time.Second).after(hung(30*time.Second)), nil)
	for d, differs := range map[*death]int{hung(7 * time.Second): 0, crashed: 2} {
		again := properties.Replay{Checker: Checker, Verdict: d.verdict()}
		if again.Compare(found, "s", false, alike); len(again.Differs) != differs {
			t.Errorf("%s: %v", d.reason, again.Differs)
		}
	}
}
