package synchrony

import (
	"fmt"
	"math/big"
	"time"
)

// TimeoutError is a batch that was rolled back because it, or one of its
// transactions, took longer than its limit.
type TimeoutError struct {
	Completed, Pending int           // transactions that had finished, and the others
	Limit              time.Duration // the limit that was passed
	Transaction        string        // whose own limit it was; empty if the batch's
}

// Error says which limit was passed and how far the batch had got.
func (e *TimeoutError) Error() string {
	if e.Transaction != "" {
		return fmt.Sprintf("transaction %q took longer than its timeout of %v; the batch was rolled back with %d transactions completed and %d pending; raise the timeout or make it shorter",
			e.Transaction, e.Limit, e.Completed, e.Pending)
	}
	return fmt.Sprintf("the batch took longer than its timeout of %v; it was rolled back with %d transactions completed and %d pending; raise the timeout or split the batch",
		e.Limit, e.Completed, e.Pending)
}

// CanceledError is a batch that was rolled back because the caller's context
// ended. It wraps the context's error.
type CanceledError struct {
	Completed, Pending int // transactions that had finished, and the others
	Cause              error
}

// Error says how far the batch had got.
func (e *CanceledError) Error() string {
	return fmt.Sprintf("the batch was cancelled (%v); it was rolled back with %d transactions completed and %d pending",
		e.Cause, e.Completed, e.Pending)
}

// Unwrap returns the context's error.
func (e *CanceledError) Unwrap() error { return e.Cause }

// ConservationError is a batch whose balances do not add up to what they were,
// though each of its transactions conserves them: the executor is broken. Nothing
// was committed.
type ConservationError struct {
	Before, After *big.Int
}

// Error gives both sums.
func (e *ConservationError) Error() string {
	return fmt.Sprintf("the balances added up to %v before the batch and to %v after it; it was not committed; this is a defect of the executor",
		e.Before, e.After)
}
