//go:build go1.26

// Package context provides what the standard library's context does, in the same names, under a controlled run's schedule. See
// package task.
//
// The type [Context] is the standard library's own, and contexts of both kinds can be derived from one another. A context of the
// standard library that is derived from one of these is cancelled by an uncontrolled goroutine.
package context

import "context"

// Types of the standard library.
type (
	Context         = context.Context
	CancelFunc      = context.CancelFunc
	CancelCauseFunc = context.CancelCauseFunc
)

// Errors of the standard library.
var (
	Canceled         = context.Canceled
	DeadlineExceeded = context.DeadlineExceeded
)

// Background is [context.Background].
func Background() Context { return context.Background() }

// TODO is [context.TODO].
func TODO() Context { return context.TODO() }

// WithValue is [context.WithValue].
func WithValue(parent Context, key, val any) Context { return context.WithValue(parent, key, val) }

// WithoutCancel is [context.WithoutCancel].
func WithoutCancel(parent Context) Context {
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	return detached{context.WithoutCancel(parent)}
}

// detached hides the contexts of this package that it is derived from, as the standard library's hides its own.
type detached struct{ Context }

func (d detached) String() string { return nameOf(d.Context) }

func (d detached) Value(key any) any {
	if key == key0 {
		return nil
	}
	return d.Context.Value(key)
}
