//go:build go1.26

// Package testing runs tests under many schedules, and provides the types T, F and M of the standard library's testing for
// them, in the same names.
//
// A test binary hands its tests to [Main], which serves requests of the parent process: see protocol.go. Without a parent,
// [Try] tries schedules of one test function:
//
//	findings, done, err := testing.Try("TestTransfer", TestTransfer, testing.Search{Schedules: 1000})
//
// # What is a finding
//
//   - deadlock: the test waits, and so does every other task, or nothing but tickers go on
//   - livelock: the run does not end, and others do: whoever can go on does the same again and again, and nothing changes, for five million steps
//     after those that a run may take
//   - leak: the test ended, and tasks that it started wait for ever
//   - panic: a task panicked, or did what ends a process with a fatal error
//   - failed: the test failed, as it does by Error or Fatal
//   - race: the race detector reported one
//   - step-limit: the run did not end within the steps allowed; inconclusive
//   - uncontrolled: the same schedule led to another run, or uncontrolled goroutines took part; inconclusive
//   - undecided: the test said that it cannot tell; inconclusive
//   - slow-only: the test failed only because a timer fired while tasks could run, as on a slow machine
//
// Benchmarks are left out; fuzz targets run on their seed corpus.
package testing

import "testing"

// TB is [testing.TB].
type TB = testing.TB
