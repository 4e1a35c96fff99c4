package process

import (
	"errors"
	"fmt"
	"syscall"
)

// Ending is how a child ended.
type Ending struct {
	// Cause is why the supervisor ended it; 0 if it ended by itself, or was killed from outside.
	Cause  Cause
	Code   int            // its exit status; -1 if a signal ended it
	Signal syscall.Signal // which did; 0 if none
	// Refusal is why a line was refused, for the Cause Refused.
	Refusal error
	// Begun is how many bytes it wrote of a last line that it did not end. That is no line: what it was to say is not known.
	Begun int64
}

// Cause is why the supervisor ended a child.
type Cause uint8

// The causes.
const (
	Hung      Cause = iota + 1 // it had its time, and showed no sign of life
	Suspended                  // it was stopped by a signal, and nobody has let it go on
	Cancelled                  // the context was done
	Refused                    // what it said was not understood, or not wanted
	TooLarge                   // it held more memory than it may
)

// Clean reports whether the child ended with exit status 0. Only then what it has said counts.
func (e *Ending) Clean() bool { return e.Code == 0 && e.Signal == 0 }

// Outside says in a few words which power other than the child or the supervisor ended the
// child, or kept it from going on; empty if none did. What it would have done is not known.
func (e *Ending) Outside() string {
	switch {
	case e.Cause == Suspended:
		return "suspended by a signal, and not let go on"
	case e.Cause == TooLarge:
		return "out of memory"
	case e.Cause != 0:
		return ""
	}
	if e.Code == exitDumped {
		return fmt.Sprintf("killed from outside (%v)", syscall.SIGQUIT)
	}
	switch e.Signal {
	case syscall.SIGKILL, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGXCPU, syscall.SIGXFSZ:
		return fmt.Sprintf("killed from outside (%v)", e.Signal)
	}
	return ""
}

func (e *Ending) String() string {
	if e.Signal != 0 {
		return "signal: " + e.Signal.String()
	}
	return fmt.Sprintf("exit status %d", e.Code)
}

// startError is a child that could not be started.
type startError struct{ cause error }

func (e *startError) Error() string { return "cannot start a child process: " + e.cause.Error() }

func (e *startError) Unwrap() error { return e.cause }

// Exhausted says in a few words which resource of the machine was missing, if that is why
// err says that there was no child; else it is empty.
func Exhausted(err error) string {
	for _, x := range []struct {
		err  syscall.Errno
		what string
	}{
		{syscall.ENOMEM, "out of memory"}, {syscall.EMFILE, "out of file descriptors"},
		{syscall.ENFILE, "out of file descriptors"}, {syscall.EAGAIN, "out of processes"},
	} {
		if errors.Is(err, x.err) {
			return x.what
		}
	}
	return ""
}
