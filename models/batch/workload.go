package batch

import "time"

// Mode says how an executor is asked to run a batch.
type Mode uint8

// The modes.
const (
	Auto     Mode = iota // the plan's own estimate decides
	Parallel             // on the worker pool, whatever the estimate
	Serial               // one after another in submission order
	Blocking             // a goroutine for each ready transaction, up to Setup.Limit
)

// NoTimeout as a timeout means none.
const NoTimeout time.Duration = -1

// Setup is how a batch is run, with the faults to inject.
type Setup struct {
	Workers            int           // 1…; 0 or negative is a configuration error
	Mode               Mode
	Limit              int           // goroutines in blocking mode; 0 is the default
	Timeout            time.Duration // of the batch; 0 is the default, NoTimeout none
	TransactionTimeout time.Duration // of each transaction; 0 is none
	Untraced           bool          // record no events
	// CancelAfter cancels the caller's context at that (virtual) time; 0 is never.
	CancelAfter time.Duration
	// Observers is how many tasks outside the batch read the store meanwhile.
	Observers int
	// Panics lists transactions whose execution is made to panic.
	Panics []string
}

// Workload is a batch and how to run it: all that a run depends on but the
// schedule. It has a text form: Format and ParseWorkload.
type Workload struct {
	Batch *Batch
	Setup Setup
}
