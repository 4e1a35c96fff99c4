package command

import (
	"errors"
	"testing"

	"github.com/spf13/cobra"

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

// TestInvocation: a program that go run has built is no command, and can be run by its main package.
func TestInvocation(t *testing.T) {
	const kept = "/home/me/.cache/go-build/1d/1dae1cf049764e4de978c5486fd9f9f875178cec44f7d5119617b8cd88ba2648-d/d3"
	for _, c := range []struct{ path, main, want string }{
		{"/tmp/go-build3674645148/b001/exe/d3", "example.org/d3", "go run example.org/d3"},
		{kept, "example.org/d3", "go run example.org/d3"},
		{`C:\Temp\go-build3674645148\b001\exe/d3`, "example.org/d3", "go run example.org/d3"},
		{kept, "command-line-arguments", "d3"},
		{kept, "", "d3"},
		{"d3", "example.org/d3", "d3"},
		{"./d3", "example.org/d3", "./d3"},
		{"bin/d3", "command-line-arguments", "bin/d3"},
		{"./d3", "", "d3"},
		{"/home/me/go-build1/d3", "example.org/d3", "d3"},
	} {
		if got := invocation("d3", c.path, c.main); got != c.want {
			t.Errorf("%s of %q: %q, want %q", c.path, c.main, got, c.want)
		}
	}
}

// TestRepeatsWhatWasTyped: the line that repeats a run begins with the program as a person types it, be that several words, once.
func TestRepeatsWhatWasTyped(t *testing.T) {
	root := &cobra.Command{Use: "d3", Annotations: map[string]string{cobra.CommandDisplayNameAnnotation: "go run example.org/d3"}}
	run := &cobra.Command{Use: "run", Run: func(*cobra.Command, []string) {}}
	root.AddCommand(run)
	if got, want := repeatLine(run, []string{"S1"}), "go run example.org/d3 run S1"; got != want {
		t.Errorf("%q, want %q", got, want)
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
