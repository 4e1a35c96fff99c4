package properties

import "fmt"

// SaveError says that a counterexample could not be written; it carries the text,
// so that nothing found is lost.
type SaveError struct {
	Err  error
	Text string
}

func (e *SaveError) Error() string { return "cannot save the counterexample: " + e.Err.Error() }

func (e *SaveError) Unwrap() error { return e.Err }

// Failure is the violation that the text states.
func (e *SaveError) Failure() Failure {
	f := Failure{Text: e.Text, Replayed: true}
	if c, err := ParseCounterexample("counterexample", []byte(e.Text)); err == nil {
		f.Checker, f.Rule, f.Reason, f.Evidence = c.Checker, c.Rule, c.Reason, c.Evidence
		if c.Schedule != nil {
			f.Deviations = len(c.Schedule.Deviations)
		}
	}
	return f
}

// Save saves the counterexample that a failure states, which another process has found: in its file if that was stale, and in
// folder, if there is one, if it is new. An error of writing is a *SaveError.
func (f *Failure) Save(folder string) error {
	switch {
	case f.Refreshed && f.File != "":
		if err := WriteFile(f.File, []byte(f.Text)); err != nil {
			return &SaveError{Err: err, Text: f.Text}
		}
		return nil
	case f.File != "" || folder == "" || f.Text == "":
		return nil
	}
	c, err := ParseCounterexample("counterexample", []byte(f.Text))
	if err != nil {
		return fmt.Errorf("its own counterexample cannot be read: %w", err)
	}
	if f.File, err = c.Save(folder); err != nil {
		f.File = ""
		return &SaveError{Err: err, Text: f.Text}
	}
	return nil
}
