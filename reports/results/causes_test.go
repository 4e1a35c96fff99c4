package results

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

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
	for detail, once := range map[Detail]int{Usual: 1, Brief: 0} {
		got := consoleText(t, run, detail)
		for text, times := range map[string]int{
			"it is late": 1, "it is early": 0, "it is wrong": 1, "it is never": 0,
			"because of plan, missing edge: b does not wait for a": 1,
			"FAIL  S1   plan, missing edge\n":                      1,
			"and for this cause: S2 S4\n":                          1,
			"FAIL  S3   outcome, wrong\n":                          once, // in brief, what is alone is told above and nowhere else
			"4 failed for 2 causes":                                1,
		} {
			if n := strings.Count(got, text); n != times {
				t.Errorf("%q occurs %d times, not %d, in\n%s", text, n, times, got)
			}
		}
	}
}

// TestBriefTellsNoStory: be it of properties or of tests.
func TestBriefTellsNoStory(t *testing.T) {
	c := properties.Counterexample{Property: "S1", Story: []string{"T1 reads a"}, Why: []string{"It fails always."}, Workload: []txtar.File{{Name: "x"}}}
	for _, subject := range []Subject{Properties, Tests} {
		run := &Run{Subject: subject, Properties: []Property{{
			Info:   properties.Info{ID: "S1"},
			Result: properties.Result{Cases: 1, Failures: []properties.Failure{{Checker: "order", Rule: "late", Reason: "it is late", Text: string(c.Format()), File: "S1.txtar"}}},
		}}}
		for detail, told := range map[Detail]bool{Brief: false, Usual: true, Full: true} {
			got := consoleText(t, run, detail)
			if !strings.Contains(got, "it is late") || strings.Contains(got, "T1 reads a") != told || strings.Contains(got, "It fails always.") != told {
				t.Errorf("subject %q, detail %d:\n%s", subject, detail, got)
			}
		}
	}
}

// TestTableOfTests: a test has one case, itself, so that the table of its group counts none.
func TestTableOfTests(t *testing.T) {
	run := &Run{Properties: []Property{
		{Info: properties.Info{ID: "a.TestX", Group: "a"}, Result: properties.Result{Cases: 1, Schedules: 20}},
		{Info: properties.Info{ID: "b.TestY", Group: "b"}, Result: properties.Result{Cases: 1, Schedules: 30}},
	}}
	for subject, want := range map[Subject]string{
		Properties: "group  properties  passed  cases  schedules", Tests: "group  tests  passed  schedules",
	} {
		if run.Subject = subject; !strings.Contains(consoleText(t, run, Usual), want) {
			t.Errorf("subject %q lacks %q:\n%s", subject, want, consoleText(t, run, Usual))
		}
	}
}

// consoleText is what is said of a run in a detail.
func consoleText(t *testing.T, run *Run, detail Detail) string {
	t.Helper()
	var b strings.Builder
	text := NewText(&b, false)
	text.Detail = detail
	text.Header(run)
	for i := range run.Properties {
		text.Property(&run.Properties[i])
	}
	text.Summary(run)
	if err := text.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
