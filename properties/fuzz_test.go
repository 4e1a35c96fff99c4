package properties

import (
	"errors"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"

	"synchrony/models/schedule"
)

// FuzzCounterexample: whatever a file holds, it is refused in one line, or a counterexample that is
// written as it was read.
func FuzzCounterexample(f *testing.F) {
	for _, c := range []Counterexample{
		{Property: "S1", Workload: []txtar.File{{Name: "x"}}},
		{
			Property: "pool.TestClose", System: "go test", Checker: "test", Rule: "deadlock", Reason: "all wait",
			Evidence: []string{"a", "", " b"}, Story: []string{"T1 reads", "", "-- schedule --"},
			Workload: []txtar.File{{Name: "test", Data: []byte("package p\n")}, {Name: "other"}},
			Because:  &Cause{"order/plan", "missing dependency", "b, of a: late"},
			Schedule: &schedule.Schedule{Deviations: []schedule.Deviation{{Step: 3, Skip: 1}}, Hash: 7, Steps: 9},
		},
	} {
		f.Add(c.Format())
	}
	f.Add([]byte("verify counterexample 1\n-- verdict --\nproperty S1\nproperty S2\n-- x --\n"))
	f.Add([]byte("verify counterexample 1\n-- verdict --\nproperty S1\n-- schedule --\n1+1 1+1\n-- x --\n"))
	f.Add([]byte("verify counterexample 2\n"))
	f.Add([]byte("verify counterexample 1\r\n-- verdict --\r\nproperty S1\r\n-- x --\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := ParseCounterexample("f", data)
		if err != nil {
			var e *FormatError
			if !errors.As(err, &e) || strings.ContainsFunc(err.Error(), unicode.IsControl) {
				t.Fatalf("the error is %q", err)
			}
			return
		}
		back, err := ParseCounterexample("f", c.Format())
		if err != nil {
			t.Fatalf("what is written is not read again: %v\n%s", err, c.Format())
		}
		if diff := cmp.Diff(c, back, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-read +read again):\n%s\n%s", diff, c.Format())
		}
	})
}

// TestNothingForgesACounterexample: whatever a system says, the file reads back as it was, but for
// ends of lines; none of it becomes a file of its own.
func TestNothingForgesACounterexample(t *testing.T) {
	const nasty = "x\n-- schedule --\n1+1\r\n-- verdict --\nproperty S2\n"
	c := Counterexample{
		Property: "S1", System: nasty, Checker: nasty, Rule: nasty, Reason: nasty, Because: &Cause{nasty, nasty, nasty}, Evidence: []string{nasty, "-- schedule --"},
		Story: []string{"-- schedule --", nasty, "", "-- verdict --"}, Workload: []txtar.File{{Name: "x", Data: []byte("1\n")}},
	}
	back, err := ParseCounterexample("f", c.Format())
	if err != nil {
		t.Fatal(err)
	}
	const line = "x -- schedule -- 1+1 -- verdict -- property S2"
	want := Counterexample{
		Property: "S1", System: line, Checker: line, Rule: line, Reason: line, Because: &Cause{line, line, line}, Evidence: []string{line, "-- schedule --"},
		Story: []string{" -- schedule --", line, "", " -- verdict --"}, Workload: c.Workload,
	}
	if diff := cmp.Diff(&want, back); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
