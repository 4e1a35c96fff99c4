package sched

import "synchrony/models/trace"

// Strategy decides a controlled run's schedule. A strategy serves one run.
type Strategy interface {
	// Choose returns the index in p.Enabled of the task that takes the next
	// step. It is called at every decision, also when there is one choice only.
	Choose(p *Point) int
}

// Point is a scheduling decision.
type Point struct {
	Step    int      // the decision's number, from 0
	Current int32    // the task that took the last step
	Enabled []Choice // what may run: the current task first if it is enabled, then round-robin, the clock last
}

// Choice is a task that may run, and the step it would take.
type Choice struct {
	Task   int32
	Op     trace.Op
	Object trace.Object
}

// Record is what a controlled run did.
type Record struct {
	Schedule trace.Schedule
	Steps    []trace.Step
	Tasks    []string // names, by task number
	// Stuck is nil if every task ended.
	Stuck *Stuck
}

// StuckKind says how a run failed to end.
type StuckKind uint8

const (
	Deadlock StuckKind = iota + 1 // no task can run and no timer is armed
	Livelock                      // the step limit was passed, though scheduled round-robin at the end
	Leak                          // the main function returned, and tasks are blocked for ever
	Panic                         // a task panicked
	Stale                         // replay: the recorded schedule does not fit this program
)

// Stuck says why a run did not end well, and names tasks and objects.
type Stuck struct {
	Kind  StuckKind
	Tasks []string // each with what it waits for: "worker 1: lock mutex/0"
	Panic string   // the panic value
	Stack string
}

// Options bounds a controlled run.
type Options struct {
	MaxSteps int // 0 is the default, 100,000
}

// Run runs main, and all tasks it starts, under strategy s.
func Run(s Strategy, o Options, main func(*Runtime)) Record { panic("todo") }
