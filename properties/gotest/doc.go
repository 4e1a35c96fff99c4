// Package gotest searches the schedules of ordinary Go tests: it builds the test binaries of packages, rewritten
// so that their goroutines run under the deterministic scheduler, and asks them, as child processes, for what goes wrong.
//
// [Build] makes a [Suite]; [Suite.Control] shows on planted bugs that what was built is under control; [Suite.Run] searches
// tests; [Replay] runs a counterexample again. Results have the shape of those of properties: a test is a property that
// holds if it ends well under every schedule.
package gotest
