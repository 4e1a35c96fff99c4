package vm

import "synchrony/executor/sched"

// WorkerPool is a fixed number of tasks that share one job. Whoever starts it takes part as worker 0, so that a
// job which no helper has got round to is not kept waiting for one.
//
// Helpers live as long as the job: a parked task that is woken starts no sooner than a new
// one, and there is nothing to close.
type WorkerPool struct {
	rt   *sched.Runtime
	size int
}

// Run calls work once for each worker at the same time, worker 0 on the caller's task, and returns when all
// have returned.
func (p WorkerPool) Run(work func(worker int)) {
	var all sched.WaitGroup
	all.Add(p.rt, p.size-1)
	for i := 1; i < p.size; i++ {
		p.rt.Go("vm worker", i, func() {
			defer all.Done(p.rt)
			work(i)
		})
	}
	if p.rt == nil && p.size > 1 {
		// The last goroutine started is the one that idle processors steal last, after a nap: let that be
		// one with nothing to do. Measured: helpers begin 20–30 µs after the start instead of 90–110.
		go func() {}()
	}
	work(0)
	all.Wait(p.rt)
}

// How long a worker without work spins before it sleeps: about 20 µs.
const spinTurns = 200

// pause passes about 100 ns.
func pause() {
	for range 200 {
		_ = spinTurns
	}
}
