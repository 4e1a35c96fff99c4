package command

import (
	"errors"
	"testing"

	"synchrony/properties"
	"synchrony/reports"
	"synchrony/reports/results"
)

func TestDidYouMean(t *testing.T) {
	candidates := []string{"run", "replay", "list", "exec", "--iterations"}
	for word, want := range map[string]string{
		"rnu": "run", "RUN": "run", "lst": "list", "repaly": "replay", "--itertion": "--iterations",
		"frobnicate": "", "x": "", "": "",
	} {
		hint := ""
		if want != "" {
			hint = "; did you mean " + want + "?"
		}
		if got := didYouMean(word, candidates); got != hint {
			t.Errorf("%q: %q, want %q", word, got, hint)
		}
	}
}

func TestQuote(t *testing.T) {
	for word, want := range map[string]string{
		"S1": "S1", "a/b-c.d": "a/b-c.d", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, "$(x)": "'$(x)'",
	} {
		if got := reports.Quote(word); got != want {
			t.Errorf("reports.Quote(%q) = %s, want %s", word, got, want)
		}
	}
}

// TestUnsavedFailure: a counterexample that could not be saved is still a
// violation, with all that its text says.
func TestUnsavedFailure(t *testing.T) {
	text := string((&properties.Counterexample{
		Property: "S1", System: "s", Checker: "order", Rule: "late", Reason: "it was late", Evidence: []string{"fact"},
	}).Format()) + "-- workload --\nx\n"
	unsaved := &properties.SaveError{Err: errors.New("disk full"), Text: text}
	f := unsaved.Failure()
	if f.Checker != "order" || f.Rule != "late" || f.Reason != "it was late" || len(f.Evidence) != 1 || f.Text != text {
		t.Errorf("unexpected failure: %+v", f)
	}
	p := results.Property{Result: properties.Result{Failures: []properties.Failure{f}}, Err: unsaved}
	if p.Status() != reports.Fail {
		t.Errorf("status is %s, want fail", p.Status())
	}
}
