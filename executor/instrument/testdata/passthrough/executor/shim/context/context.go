// Package context has the standard library's, in functions of its own.
package context

import (
	"context"
	"time"
)

type (
	Context         = context.Context
	CancelFunc      = context.CancelFunc
	CancelCauseFunc = context.CancelCauseFunc
)

var (
	Canceled         = context.Canceled
	DeadlineExceeded = context.DeadlineExceeded
)

func Background() Context                                          { return context.Background() }
func TODO() Context                                                { return context.TODO() }
func Cause(c Context) error                                        { return context.Cause(c) }
func AfterFunc(c Context, f func()) (stop func() bool)             { return context.AfterFunc(c, f) }
func WithCancel(c Context) (Context, CancelFunc)                   { return context.WithCancel(c) }
func WithCancelCause(c Context) (Context, CancelCauseFunc)         { return context.WithCancelCause(c) }
func WithTimeout(c Context, d time.Duration) (Context, CancelFunc) { return context.WithTimeout(c, d) }
func WithDeadline(c Context, d time.Time) (Context, CancelFunc)    { return context.WithDeadline(c, d) }
func WithValue(c Context, key, val any) Context                    { return context.WithValue(c, key, val) }
func WithoutCancel(c Context) Context                              { return context.WithoutCancel(c) }
