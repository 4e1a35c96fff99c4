//go:build go1.26

// Package time provides what the standard library's time does, in the same names, on the clock of a controlled run: a
// virtual one, that starts at a fixed moment and stands still while tasks run. See package task.
//
// The types of times and durations are the standard library's own. Timers and tickers have the semantics of Go 1.23:
// after Stop or Reset no stale time is received.
//
// A timer made outside of the run belongs to real time, and no task of the run sees it fire.
package time
