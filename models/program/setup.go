package program

import "time"

// Mode says how an executor is asked to run a program.
type Mode uint8

// The modes.
const (
	Auto       Mode = iota // the cost model decides
	Parallel               // in chunks, whatever the cost model says
	Sequential             // one instruction after another
)

// The defaults of Setup.
const (
	DefaultChunkSize    = 50
	DefaultMinChunkSize = 10
	DefaultTimeout      = 30 * time.Second
	DefaultRetries      = 3
	DefaultQueueSize    = 1000
)

// Setup is how a program is run, with the faults to inject. Zero fields mean the
// default, but for the booleans.
type Setup struct {
	Mode         Mode
	Workers      int           // default: the number of CPUs
	ChunkSize    int           // target, instructions; default 50
	MinChunkSize int           // default 10
	Timeout      time.Duration // of the run; default 30 s
	CancelAfter  time.Duration // the caller cancels the run at that (virtual) time; default never
	Retries      int           // attempts after a chunk's first; default 3, negative none
	NoFallback   bool          // give up, rather than run sequentially, when a chunk's attempts are used up
	NoMetrics    bool
	QueueSize    int // bound on queued chunks; default 1000
	Limits       Limits
	Faults       []Fault
}

// RunTimeout is the timeout of the run: Timeout, or the default.
func (s *Setup) RunTimeout() time.Duration {
	if s.Timeout == 0 {
		return DefaultTimeout
	}
	return s.Timeout
}

// MostRetries is how many attempts may follow a chunk's first.
func (s *Setup) MostRetries() int {
	switch {
	case s.Retries == 0:
		return DefaultRetries
	case s.Retries < 0:
		return 0
	default:
		return s.Retries
	}
}

// FaultKind is how a chunk's attempt goes wrong.
type FaultKind uint8

// The faults.
const (
	FailAttempt FaultKind = iota + 1 // it returns an error that isn't the program's
	HangAttempt                      // it does not return until it is cancelled
	PanicAttempt
)

// Fault makes one attempt at a chunk go wrong.
type Fault struct {
	Kind    FaultKind
	Chunk   int   // in program order, from 0
	Attempt int   // from 0
	After   int64 // instructions executed in the chunk before it happens
}

// Workload is a program and how to run it: all that a run depends on but the schedule.
// It has a text form: Format and ParseWorkload.
type Workload struct {
	Program *Program
	Setup   Setup
}
