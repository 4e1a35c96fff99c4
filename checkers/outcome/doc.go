// Package outcome decides whether a run ended as the sequential specification says
// it must: use [New]. Whatever the schedule and the number of workers, the same
// batch commits with the same balances, is aborted for the same failure, or is
// refused; only a timeout or a cancellation that was due may end it otherwise.
package outcome
