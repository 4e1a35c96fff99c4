// Package executor defines what the harness can check: a System runs a workload
// and returns what the run showed.
package executor

import (
	"context"

	"synchrony/executor/sched"
)

// System runs workloads of type W and reports observations of type O. The
// built-in systems have no privilege over anybody else's.
//
// Run executes w on rt: under a deterministic scheduler if rt is controlled, on
// plain goroutines if rt is nil. It must be deterministic but for the scheduling.
// An error means that the harness broke, never that the system misbehaved: that
// is for checkers to find in the observation.
type System[W, O any] interface {
	Name() string
	Run(ctx context.Context, rt *sched.Runtime, w W) (O, error)
}

// Scheduled is a System that has a deterministic scheduler of its own, outside of this process perhaps. RunScheduled is Run on the schedule that s
// chooses, which it makes r follow: see [sched.Runner.Follow].
type Scheduled[W, O any] interface {
	System[W, O]
	RunScheduled(ctx context.Context, r *sched.Runner, s sched.Strategy, o sched.Options, w W) (sched.Record, O, error)
}

// Uncontrolled is a System that runs as it does, whatever runtime it is given: nobody chooses its schedules. WhyUncontrolled says why, for a person.
type Uncontrolled interface{ WhyUncontrolled() string }

// Fallible is a System that can fail to run a workload, as a program in another process can, and that is not run any more once it has failed a number of
// times. Apart begins a count of its own for what is run beside a search, such as a smaller workload that is tried, or a replay; restore goes on with
// the count before.
type Fallible interface{ Apart() (restore func()) }
