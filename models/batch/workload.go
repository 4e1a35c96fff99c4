package batch

import (
	"fmt"
	"time"
)

// Mode says how an executor is asked to run a batch.
type Mode uint8

// The modes.
const (
	Auto     Mode = iota // the plan's own estimate decides
	Parallel             // on the worker pool, whatever the estimate
	Serial               // one after another in submission order
	Blocking             // a goroutine for each ready transaction, up to Setup.Limit
)

var modes = [...]string{Auto: "auto", Parallel: "parallel", Serial: "serial", Blocking: "blocking"}

// String is the mode's name: "auto", "parallel", "serial" or "blocking".
func (m Mode) String() string {
	if int(m) >= len(modes) {
		return fmt.Sprintf("mode %d", uint8(m))
	}
	return modes[m]
}

// ParseMode is the inverse of Mode.String.
func ParseMode(s string) (Mode, error) {
	for m, name := range modes {
		if name == s {
			return Mode(m), nil
		}
	}
	return 0, fmt.Errorf("unknown mode %s; expected auto, parallel, serial or blocking", quote(s))
}

// NoTimeout as a timeout means none.
const NoTimeout time.Duration = -1

// DefaultWorkers is the number of workers where nothing says another.
const DefaultWorkers = 8

// Setup is how a batch is run, with the faults to inject.
type Setup struct {
	Workers            int           // 1…; 0 or negative is a configuration error
	Mode               Mode          // see the modes
	Limit              int           // goroutines in blocking mode; 0 is the default
	Timeout            time.Duration // of the batch; 0 is the default, NoTimeout none
	TransactionTimeout time.Duration // of each transaction; 0 is none
	Untraced           bool          // record no events
	// Now is the time of day that attestations are held against; the zero time is
	// that of the wall clock.
	Now time.Time
	// CancelAfter cancels the caller's context at that (virtual) time; 0 is never.
	CancelAfter time.Duration
	// Observers is how many tasks outside the batch read the store meanwhile.
	Observers int
	// Panics lists transactions whose execution is made to panic.
	Panics []string
}

// Workload is a batch and how to run it: all that a run depends on but the
// schedule. It has a text form: FormatWorkload and ParseWorkload.
type Workload struct {
	Batch *Batch
	Setup Setup
}
