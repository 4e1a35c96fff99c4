package synchrony

import (
	"time"

	"synchrony/executor/sched"
	"synchrony/models/batch"
	"synchrony/models/schedule"
)

// clockInterval is how many short transactions a worker executes between looks at
// the clock, if it has to look by itself.
const clockInterval = 256

// decide ends the batch from outside: it expired or was cancelled. Whoever waits is
// woken.
func (r *run) decide(fate phase, tx int32) {
	if !r.control.end(r.rt, fate, tx) {
		return
	}
	r.mu.Lock(r.rt)
	r.finished = true
	r.wake.Broadcast(r.rt)
	r.over.Broadcast(r.rt)
	r.mu.Unlock(r.rt)
	r.store.rouse(r.rt)
}

// startTimer runs f after d, unless stopped.
func (r *run) startTimer(d time.Duration, f func()) *sched.Timer {
	r.tasks.Add(r.rt, 1)
	return r.rt.AfterFunc(d, func() {
		defer r.tasks.Done(r.rt)
		f()
	})
}

func (r *run) stopTimer(t *sched.Timer) {
	if t.Stop() {
		r.tasks.Done(r.rt)
	}
}

// watchCaller has the batch cancelled when the caller's context ends.
func (r *run) watchCaller() (stop func()) {
	if r.caller.Done() == nil {
		return func() {}
	}
	r.tasks.Add(r.rt, 1)
	cancel := r.rt.OnDone(r.caller, func() {
		defer r.tasks.Done(r.rt)
		r.decide(cancelled, r.control.none)
	})
	return func() {
		if cancel() {
			r.tasks.Done(r.rt)
		}
	}
}

// checkCaller ends the batch if the caller's context has ended, even if the task
// that watches it does not know. (In a controlled run that task is late whenever the
// schedule says so.)
func (r *run) checkCaller() {
	if !r.rt.Controlled() && r.caller.Err() != nil {
		r.decide(cancelled, r.control.none)
	}
}

// setLimit puts the batch's timeout in force; it counts from the beginning. The default one, on a batch whose
// transactions cannot run long, is watched by the workers: that costs less than
// a timer.
func (r *run) setLimit(asked time.Duration) (stop func()) {
	switch {
	case asked == batch.NoTimeout:
		return func() {}
	case asked == 0:
		r.limit = r.estimate.defaultTimeout()
		if !r.long {
			r.watch = true
			return func() {}
		}
	default:
		r.limit = asked
	}
	left := max(0, r.limit-(r.rt.Stamp()-r.began))
	t := r.startTimer(left, func() { r.decide(expired, r.control.none) })
	return func() { r.stopTimer(t) }
}

// watchClock ends the batch if its time is over and no timer sees to that.
func (w *worker) watchClock() {
	w.ticks = clockInterval
	if w.r.watch {
		w.r.checkLimit()
	}
}

// checkLimit ends the batch if its time is over, even if the timer does not know.
func (r *run) checkLimit() {
	if r.limit > 0 && r.rt.Stamp()-r.began > r.limit {
		r.decide(expired, r.control.none)
	}
}

// arm limits the time of the node that the slot names.
func (w *worker) arm(slot int32) {
	r, tx := w.r, w.current
	w.entered = r.rt.Stamp()
	w.timer = r.startTimer(r.opts.TransactionTimeout, func() {
		r.rt.Yield(schedule.OpLoad, slotObject(w.id))
		if w.slot.Load() == slot {
			r.decide(expired, tx)
		}
	})
}

// disarm ends the limit that arm has begun, and the batch if it was passed unnoticed.
func (w *worker) disarm() {
	w.r.stopTimer(w.timer)
	w.timer = nil
	if w.r.rt.Stamp()-w.entered > w.r.opts.TransactionTimeout {
		w.r.decide(expired, w.current)
	}
}
