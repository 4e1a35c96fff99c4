package results

import (
	"strings"
	"testing"

	"synchrony/properties"
)

// TestFailuresOfOneCauseAreOne: of what fails for one cause, the first failure is told, and the others are named.
func TestFailuresOfOneCauseAreOne(t *testing.T) {
	failed := func(id, rule string, c *properties.Cause) Property {
		return Property{
			Info:   properties.Info{ID: id, Group: "batch"},
			Result: properties.Result{Cases: 1, Schedules: 1, Failures: []properties.Failure{{Checker: "outcome", Rule: rule, Reason: "it is " + rule, Cause: c, Replayed: true}}},
		}
	}
	plan := &properties.Cause{Checker: "plan", Rule: "missing edge", Reason: "b does not wait for a"}
	run := &Run{Iterations: 200, Properties: []Property{
		failed("S1", "late", plan), failed("S2", "early", plan), failed("S3", "wrong", nil), failed("S4", "never", plan),
	}}
	var b strings.Builder
	if err := Console(&b, run, false); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for text, times := range map[string]int{
		"it is late": 1, "it is early": 0, "it is wrong": 1, "it is never": 0,
		"because of plan, missing edge: b does not wait for a": 1,
		"FAIL  S1   plan, missing edge\n":                      1,
		"and for this cause: S2 S4\n":                          1,
		"FAIL  S3   outcome, wrong\n":                          1,
		"4 failed for 2 causes":                                1,
	} {
		if n := strings.Count(got, text); n != times {
			t.Errorf("%q occurs %d times, not %d, in\n%s", text, n, times, got)
		}
	}
}
