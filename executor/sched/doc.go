// Package sched provides the runtime that concurrent code runs on: goroutines in
// production, a deterministic scheduler under test. Write the code against a
// *[Runtime], hand it nil in production, and hand it to [Run] to try schedules:
//
//	func Transfer(rt *sched.Runtime, from, to *sched.Int64) { … rt.Go("worker", 1, …) … }
//
//	rec := sched.Run(sched.POS(seed), sched.Options{}, func(rt *sched.Runtime) {
//		Transfer(rt, &alice, &bob)
//	})
//	if rec.Stuck != nil || alice.Load(nil)+bob.Load(nil) != 150 {
//		fmt.Println(rec.Schedule) // sched.Replay repeats it
//	}
//
// # Making code controllable
//
// Start tasks with [Runtime.Go]; lock, wait and count with [Mutex], [Cond],
// [WaitGroup] and [Int64]; take time and cancellation from the runtime. Before any
// other access to shared memory (an atomic in a hot array, a slot of a
// versioned store), call [Runtime.Yield] with what the access does and to what.
// Tell of a loop that waits for another task by [Runtime.Spin] in each turn. Nothing else
// may block: a task that waits for a channel or a sync.Mutex that another
// task must release stops the whole run.
//
// A yield point missing makes schedules impossible that the real
// machine has, so bugs are missed, but none is ever invented: what a controlled run does
// is something that goroutines could do, provided that an access follows its Yield.
//
// # How a controlled run goes
//
// Tasks are coroutines; one runs at a time. A hook announces the task's next step,
// then the strategy chooses among all tasks whose announced step
// can be taken: a Lock only while the mutex is free, a WaitGroup's Wait only at
// zero. What is chosen takes effect at once, and the task runs on to its next
// hook. All choices together are the schedule: it is recorded as deviations from
// the default one ([Default]), with a hash of the trace, and [Replay] refuses it as
// stale if the program has changed.
//
// Time is virtual, and stands still while tasks run. Whenever somebody waits for a time, a
// pseudo-task, the [Clock], may be chosen, too: time then jumps to the earliest
// such moment. By default this happens only when nobody else can run; a
// strategy may do it at any point, as if all tasks were slow. Timers still
// armed when the main function returns fire before the run ends, so that late effects show.
//
// A run that cannot end is a verdict, not a hang: see [Stuck]. Its tasks are ended by
// runtime.Goexit; the hooks that their deferred functions call then do nothing.
//
// # Searching
//
// Try [Default], then each of [SingleDeviations] by [Deviate], then samples of [POS] and
// [PCT]; shrink what failed by [Minimise]. Use one [Runner] per search. [NewNoisy]
// disturbs real goroutines. An [Explorer] covers every schedule there is, of
// programs that are small enough.
//
// # What the steps tell
//
// The order between tasks (happens-before) follows from [Record.Steps] alone. Keep
// a clock for each task and object, and go through the steps in order:
//
//   - release to the object: Spawn, Arm, Unlock, Store, RMW, Done, Signal, Broadcast, End
//   - acquire from the object: Begin, Lock, Load, RMW, Join
//   - Wait is an Unlock of the mutex that its task next Locks; that Lock also
//     acquires from the condition, after the Signal or Broadcast that woke it
//     (first come, first served)
//   - the other steps order nothing; Read and Write are what must be ordered
//
// The object of a Begin is what started the task: the task itself, by its
// Spawn; a timer, by its Arm; a cancellation, by the OnDone that registered the function (an
// Arm) and the cancel (a Store). A Store releases on top of what was released before: that
// orders more than a lone atomic store does, and so never shows a false race.
//
// # The race detector
//
// In a build with -race it sees a controlled run as one of goroutines: the hand-overs
// between tasks are hidden from it, and the primitives order for it what they
// order on goroutines. So it reports accesses that lack a lock, though one task runs
// at a time. Such builds are some 15 times slower: they are for races, not for searching.
//
// # Limits
//
// Memory is sequentially consistent in a controlled run. A loop without any hook in it
// hangs the run. Hooks of a controlled runtime may be called by its tasks only, Run
// not by a goroutine locked to its thread, and contexts with deadlines do not
// expire in virtual time.
package sched
