package errgroup

import (
	"errors"
	"testing"
)

// allBuggy runs the tasks at once and returns the first error.
func allBuggy(tasks ...func() error) error {
	errs := make(chan error)
	for _, task := range tasks {
		go func() { errs <- task() }()
	}
	for range tasks {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// allFixed runs the tasks at once, waits for all and returns the first error.
func allFixed(tasks ...func() error) error {
	errs := make(chan error)
	for _, task := range tasks {
		go func() { errs <- task() }()
	}
	var first error
	for range tasks {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

// runThree runs two tasks that succeed and one that fails.
func runThree(t *testing.T, all func(...func() error) error) {
	errFull := errors.New("the disk is full")
	succeed := func() error { return nil }
	if err := all(succeed, succeed, func() error { return errFull }); !errors.Is(err, errFull) {
		t.Errorf("error = %v, want %v", err, errFull)
	}
}

// The group returns at the first error, and tasks that end later block in their
// sends for ever.
//
// want: leak at allBuggy
func TestBlockedSenderBuggy(t *testing.T) {
	runThree(t, allBuggy)
}

func TestBlockedSenderFixed(t *testing.T) {
	runThree(t, allFixed)
}
