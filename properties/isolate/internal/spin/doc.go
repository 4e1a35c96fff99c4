// Package spin spins in C, where neither the Go scheduler nor a signal to it can end it: for
// tests of what ends such a process.
package spin
