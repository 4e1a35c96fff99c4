// Package timeout decides whether a run that was ended from outside, by its
// timeout or by its caller, ended as it should: use [New]. It was entitled to end, it
// rolled back, it said what was done and what was not, and it had no effect
// afterwards; and the limit in force was the one asked for, or a generous default,
// which [Limit] judges alone.
package timeout
