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
	OpSend         // send on a channel, or begin to wait for that
	OpRecv         // receive from a channel, or begin to wait for that
	OpClose        // close a channel
	OpSelect       // look at all channels of a select at once, and take a case or begin to wait
	OpPick         // choose one of several ready cases, or orders of a map: part of the step before it, by the same task
	OpWake         // go on after another step has completed what the task waited for
	OpTryLock      // acquire a lock if it is free
	OpRLock        // acquire a lock for reading, or begin to wait for that
	OpRUnlock      // release a lock held for reading
	OpYield        // let others go first
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
	ClassChan // a channel, numbered in order of first use, as are those after it
	ClassRWMutex
	ClassWaitGroup // one that knows who waits for it
	ClassOnce
	ClassMap       // a concurrent map; of a pick, the order of a range over any map
	ClassPool      // a free list
	ClassCoroutine // that hands values to who resumes it
	ClassRandom    // of a pick: the random numbers that a task draws

	// Classes is how many classes there are.
	Classes = int(ClassRandom) + 1
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
