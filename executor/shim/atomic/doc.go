//go:build go1.26

// Package atomic provides what the standard library's sync/atomic does, in the same names, under a controlled run's
// schedule: each access is a yield point. See package task.
package atomic
