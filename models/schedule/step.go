package schedule

import "fmt"

// Op is what a scheduled step does to its object. The kind decides which steps
// are dependent and which order threads (acquire, release).
type Op uint8

// The operations.
const (
	OpNone      Op = iota
	OpBegin        // a task's first step
	OpEnd          // a task's last step
	OpSpawn        // starts a task (object: the task)
	OpRead         // plain read: must be ordered with every write by happens-before
	OpWrite        // plain write
	OpLoad         // atomic load (acquire)
	OpStore        // atomic store (release)
	OpRMW          // atomic read-modify-write (acquire and release)
	OpLock         // acquire a mutex
	OpUnlock       // release a mutex
	OpWait         // wait on a condition (releases its mutex; its wake is a Lock)
	OpSignal       // wake one waiter
	OpBroadcast    // wake all waiters
	OpDone         // count a wait group down (release)
	OpJoin         // pass a wait group's Wait (acquire)
	OpArm          // arm a timer
	OpStop         // stop a timer
	OpFire         // the clock advances and fires what is due
	OpNow          // read the clock
	OpSpin         // busy-wait on an object
	OpSleep        // sleep until a time
	OpAdd          // add and not look at the sum: of a wait group, of a tally (orders nothing)
)

// Class is the kind of thing an [Object] is.
type Class uint8

// The classes of objects.
const (
	ClassNone  Class = iota
	ClassTask        // a task, by number
	ClassMutex       // numbered in order of first use, as are the next three
	ClassCond
	ClassGroup
	ClassAtomic
	ClassTimer
	ClassClock
	ClassQueue   // a ready queue, by worker
	ClassCounter // a transaction's or chunk's dependency counter
	ClassCell    // an account's or variable's value inside the execution
	ClassCommit  // the published state
	ClassStore   // an account's published value
	ClassCancel  // a cancel flag
	ClassShared  // a shared variable
	ClassBarrier
	ClassUser
)

// Object identifies what a step touches. It is the same in every run of a case.
type Object struct {
	Class Class
	Index int32
}

// Step is one scheduled step: task Task did Op to Object. Steps are totally
// ordered; a controlled run records all of them. Task -1 is the clock.
type Step struct {
	Task   int32
	Op     Op
	Object Object
}

// String is the step's text form: "t2 write cell/3".
func (s Step) String() string { return fmt.Sprintf("t%d %v %v", s.Task, s.Op, s.Object) }
