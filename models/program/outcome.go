package program

// Limits bounds a run. Zero fields mean the default.
type Limits struct {
	Steps     int64 // instructions; default 100,000,000
	Memory    int64 // bytes, as the package comment counts them; default 256 MiB
	CallDepth int   // calls active at once, main not counted; default 1000
	Workers   int   // workers live at once: the product of nested forks' workers; default 4096
	Time      int64 // virtual time in ms; default none
}

// The defaults of Limits.
const (
	DefaultSteps     = 100_000_000
	DefaultMemory    = 1 << 28
	DefaultCallDepth = 1000
	DefaultWorkers   = 4096
)

// WithDefaults returns l with its zero fields replaced. Time stays 0 for none.
func (l Limits) WithDefaults() Limits {
	if l.Steps == 0 {
		l.Steps = DefaultSteps
	}
	if l.Memory == 0 {
		l.Memory = DefaultMemory
	}
	if l.CallDepth == 0 {
		l.CallDepth = DefaultCallDepth
	}
	if l.Workers == 0 {
		l.Workers = DefaultWorkers
	}
	return l
}

// Binding is a variable with its value.
type Binding struct {
	Name  string
	Value Value
}

// Outcome is what a run shows.
type Outcome struct {
	Result    Value     // of the main code; nil after an error
	Variables []Binding // the defined globals at the end, by name
	Shared    []Binding // the shared variables that were ever set, by name
	Output    []string  // a line for each PRINT
	Err       *RunError // nil if the run succeeded

	// What the run used; no part of what it means.
	Steps, Memory, Time int64
}
