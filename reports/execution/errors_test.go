package execution

import (
	"errors"
	"io"
	"testing"

	"synchrony/reports/internal/golden"
)

// TestExecutionErrorsAreReported: a full disk is not a success.
func TestExecutionErrorsAreReported(t *testing.T) {
	e := execute(t, "7")
	for name, render := range map[string]func(io.Writer) error{
		"execution": func(w io.Writer) error { return Text(w, e, true, false) },
		"trace":     func(w io.Writer) error { return ChromeExecution(w, e.Batch, e.Observation.Events) },
	} {
		if err := render(golden.Full{}); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%s: %v, want the writer's error", name, err)
		}
	}
}
