package trace

import (
	"time"

	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/schedule"
)

// Dependency is one edge of the plan, or one pair of the conflict report: what
// From and To share, with From earlier in submission order (or named by To's
// after clause).
type Dependency struct {
	From, To int32
	Kinds    DependencyKind
	Accounts []batch.AccountID // ascending
}

// DependencyKind is a set of reasons for a dependency.
type DependencyKind uint8

// The reasons.
const (
	RAW   DependencyKind = 1 << iota // To reads what From writes
	WAR                              // To writes what From reads
	WAW                              // both write
	After                            // To says: after From
)

// Snapshot is what a task outside the batch read from the store at one time.
type Snapshot struct {
	Time     time.Duration
	Observer int32 // the task that read it, from 0; one observer's times increase
	Balances []int64
}

// Observation is what one execution of a batch showed: the evidence that
// checkers judge. It has a text form: Format and Parse.
type Observation struct {
	Outcome history.Outcome
	Failure *batch.Failure // if Aborted for a transaction that failed
	Error   string         // the error as a person sees it; empty if Committed
	Cycle   []string       // if Refused for one

	Unattested *batch.AttestationError // if Aborted for an external argument

	Certificate    *Certificate    // if Committed and asked for
	Counterexample *Counterexample // if a gate refused it

	Initial, Final []int64 // the store's balances before and after

	Edges     []Dependency // of the plan; may be a transitive reduction of the conflicts
	Conflicts []Dependency // the report: every conflicting pair
	Groups    [][]int32    // the plan's levels

	Events []Event         // ordered by time
	Late   []Event         // recorded after the executor had returned
	Steps  []schedule.Step // every scheduled step; controlled runs only

	Snapshots []Snapshot

	Completed, Pending int // transactions, when timed out or cancelled
	Elapsed            time.Duration
	Limit              time.Duration // the batch timeout in force; 0 is none
	Workers            int
	Serial             bool     // the plan chose serial execution
	Executed, Parallel int      // transactions executed; of those, in a group of 2 or more
	Speedup            *float64 // over a serial run, if the result claims to know it
}

// NumbersTasks says that checkers call tasks by their numbers: they are not told the names.
func (*Observation) NumbersTasks() {}

// RecordSteps keeps the steps of a controlled run; the tasks' names are not of
// use to checkers.
func (o *Observation) RecordSteps(steps []schedule.Step, _ []string) { o.Steps = steps }
