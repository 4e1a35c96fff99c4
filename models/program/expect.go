package program

// Expectation is what a program's text says its run gives.
type Expectation struct {
	Result    *Value    // nil if not said
	Variables []Binding // each must have that value at the end; others are free
	Shared    []Binding
	Output    []string  // the whole output, if HasOutput
	HasOutput bool      // there was an .expect output, or .expect silence
	Error     ErrorKind // 0: the run succeeds
	ErrorLine int       // source line of the error, 0 if not said
}
