package properties

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
