package vm

import (
	"fmt"
	"runtime/debug"
	"time"
)

// PanicError is a panic inside the virtual machine: a fault of its own, or one that was injected.
type PanicError struct {
	Value string
	Stack string
}

func (e *PanicError) Error() string { return "the virtual machine panicked: " + e.Value }

func newPanic(v any) *PanicError {
	return &PanicError{Value: fmt.Sprint(v), Stack: string(debug.Stack())}
}

// TimeoutError is a time that was up.
type TimeoutError struct {
	After time.Duration
	What  string // that did not end: "the run"
}

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("%s did not end within %v", e.What, e.After)
}
