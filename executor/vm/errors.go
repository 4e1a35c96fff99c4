package vm

import (
	"fmt"
	"runtime/debug"
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
