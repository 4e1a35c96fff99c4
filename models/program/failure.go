package program

import "fmt"

// ErrorKind says how a run failed.
type ErrorKind uint8

// The kinds of run-time errors. Their texts are the words of .expect error.
const (
	TypeError      ErrorKind = iota + 1 // an operand of the wrong kind
	ArityError                          // a wrong number of arguments
	ValueError                          // a value that a builtin cannot take: int("x")
	IndexError                          // an index out of range, or a missing key
	UndefinedName                       // a variable without a value
	DivisionByZero                      // or modulo by zero, or 0 to a negative power
	Overflow                            // an int result outside 64 bits
	StackLimit                          // calls nested too deep
	WorkerLimit                         // too many workers at once, by nested forks
	StepLimit
	MemoryLimit
	TimeLimit
	BarrierBroken // not all workers reached the barrier
	JoinTimeout   // a worker took longer than its join waits
	errorKindCount
)

// String returns the kind in words: "division by zero".
func (k ErrorKind) String() string {
	if k == 0 || k >= errorKindCount {
		return fmt.Sprintf("error %d", uint8(k))
	}
	return errorKinds[k]
}

// Limit reports whether the kind is a limit on the whole run's resources (steps, memory,
// time). Where exactly such an error strikes is unspecified: implementations need to agree
// only that it does.
func (k ErrorKind) Limit() bool { return k == StepLimit || k == MemoryLimit || k == TimeLimit }

// errorKinds is indexed by ErrorKind. It is never written.
var errorKinds = [errorKindCount]string{
	TypeError:      "type error",
	ArityError:     "wrong number of arguments",
	ValueError:     "value error",
	IndexError:     "index out of range",
	UndefinedName:  "undefined name",
	DivisionByZero: "division by zero",
	Overflow:       "integer overflow",
	StackLimit:     "stack limit",
	WorkerLimit:    "worker limit",
	StepLimit:      "step limit",
	MemoryLimit:    "memory limit",
	TimeLimit:      "time limit",
	BarrierBroken:  "broken barrier",
	JoinTimeout:    "join timeout",
}

// RunError is why a run failed, and at which instruction.
type RunError struct {
	Kind     ErrorKind
	Function int    // index in Program.Functions
	PC       int    // index in its Code
	Name     string // the function's name
	Line     int    // source line, 0 if unknown
	Detail   string // the values and names in it, for a person
}

func (e *RunError) Error() string {
	at := fmt.Sprintf("%s+%d", e.Name, e.PC)
	if e.Line > 0 {
		at = fmt.Sprintf("line %d (%s)", e.Line, at)
	}
	if e.Detail == "" {
		return fmt.Sprintf("%s: %v", at, e.Kind)
	}
	return fmt.Sprintf("%s: %v: %s", at, e.Kind, e.Detail)
}

// InvalidError is why a program can't be run: a rule that the validator checks is broken.
type InvalidError struct {
	Function int    // index in Program.Functions; -1 if it concerns the program
	PC       int    // index in the function's Code; -1 if it concerns the function
	Name     string // the function's name
	Line     int    // source line, 0 if unknown
	What     string // what is wrong, for a person
}

func (e *InvalidError) Error() string {
	switch {
	case e.Function < 0:
		return "invalid program: " + e.What
	case e.PC < 0:
		return fmt.Sprintf("invalid program: function %s: %s", e.Name, e.What)
	case e.Line > 0:
		return fmt.Sprintf("invalid program: line %d (%s+%d): %s", e.Line, e.Name, e.PC, e.What)
	}
	return fmt.Sprintf("invalid program: %s+%d: %s", e.Name, e.PC, e.What)
}
