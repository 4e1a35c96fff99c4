package synchrony

import (
	"fmt"
	"strconv"
	"time"

	"synchrony/models/batch"
)

const (
	// WorkersEnv is the environment variable that [DefaultWorkers] reads.
	WorkersEnv = "AETHEL_THREAD_POOL_SIZE"
	// DefaultPool is the number of workers if nobody says otherwise.
	DefaultPool = 8
	// DefaultLimit is the number of goroutines in blocking mode if nobody says
	// otherwise.
	DefaultLimit = 1024
	// MinDefaultTimeout is the least that a batch's default timeout can be.
	MinDefaultTimeout = 30 * time.Second
)

// Options says how to execute a batch. Only Workers has no useful zero value.
type Options struct {
	Workers int        // 1…; at most as many are started as there are transactions
	Mode    batch.Mode // the default, Auto, lets the plan decide
	Limit   int        // goroutines in blocking mode; 0 is DefaultLimit
	// Timeout bounds the batch: 0 is the larger of 30 s and 10 times the estimated
	// serial time, batch.NoTimeout is none.
	Timeout time.Duration
	// TransactionTimeout bounds each transaction, and its Prepare by itself; 0 and
	// batch.NoTimeout are none.
	TransactionTimeout time.Duration
	Trace              bool // record events; costs nothing if off
	// Uncertified leaves out the certificate: otherwise only an execution passes that is certified as
	// serializable by the versions that it recorded. See [Result.Certificate], and
	// docs/proofs.md for what that costs.
	Uncertified bool
	// PlanProver, if not nil, is asked about the plan, too; not if Uncertified is set.
	PlanProver PlanProver
	// Now is the time of day that attestations are held against; the zero time is that
	// of the wall clock.
	Now time.Time
	// Panics lists IDs of transactions that are made to panic when executed: a
	// fault to inject in tests.
	Panics []string
}

// ConfigError is an option out of range. Nothing was run.
type ConfigError struct {
	Option string // as a person would set it: "--workers or AETHEL_THREAD_POOL_SIZE"
	Value  string
	Want   string
}

// Error says which option, what it is, and what it should be.
func (e *ConfigError) Error() string {
	return fmt.Sprintf("%s is %s: set it to %s", e.Option, e.Value, e.Want)
}

const workersOption = "the number of workers (--workers, or the environment variable " + WorkersEnv + ")"

// DefaultWorkers is the pool size that the environment asks for, which lookup knows as
// [os.LookupEnv] does, or else DefaultPool. The error is a [*ConfigError].
func DefaultWorkers(lookup func(variable string) (value string, set bool)) (int, error) {
	text, set := lookup(WorkersEnv)
	if !set || text == "" {
		return DefaultPool, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, &ConfigError{Option: workersOption, Value: strconv.Quote(text), Want: "a whole number of at least 1"}
	}
	return n, nil
}

func (o *Options) validate() error {
	switch {
	case o.Workers < 1:
		return &ConfigError{workersOption, strconv.Itoa(o.Workers), "at least 1"}
	case o.Mode > batch.Blocking:
		return &ConfigError{"the mode", strconv.Itoa(int(o.Mode)), "auto, parallel, serial or blocking"}
	case o.Limit < 0:
		return &ConfigError{"the limit of blocking mode", strconv.Itoa(o.Limit), "at least 1, or 0 for the default"}
	case o.Timeout < 0 && o.Timeout != batch.NoTimeout:
		return &ConfigError{"the timeout", o.Timeout.String(), "more than 0, 0 for the default, or none"}
	case o.TransactionTimeout < 0 && o.TransactionTimeout != batch.NoTimeout:
		return &ConfigError{"the timeout of a transaction", o.TransactionTimeout.String(), "more than 0, or 0 for none"}
	}
	return nil
}
