package process

import "time"

// Beat is what a child says of itself, at least every 200 milliseconds if it is let.
type Beat struct {
	Clock   time.Duration `json:"clock"`   // of its own, from any start; it never goes back
	CPU     time.Duration `json:"cpu"`     // used by all its threads
	Starved time.Duration `json:"starved"` // its threads waited for a processor, all together; -1 if that is not known
	Memory  int64         `json:"memory"`  // bytes held
}

// liveness decides when a child is given up. It hangs when it had its patience of time of its
// own since the last sign of life. Two observers measure that. The child's beats do while they
// come, for they stop when it is stopped; what the supervisor sees from outside does when they
// do not. A child that is stopped by a signal does not hang, but is not waited for without end.
//
// Of the time between two observations counts no more than twice the interval, for who was
// stopped meanwhile did not see whether anything happened; and not what was spent waiting for
// a processor, but always what a processor was used.
type liveness struct {
	patience time.Duration // 0 is without end
	inside   observer      // told by beats
	outside  observer      // told by looks of the supervisor

	looked  time.Duration // when the supervisor last looked, by its clock
	stopped time.Duration // for how long it has seen the child stopped
}

// observer adds up a child's own time.
type observer struct {
	last   Beat
	began  bool
	silent time.Duration // of the child's own time, since the last sign of life
}

// progress is a sign of life.
func (l *liveness) progress() { l.inside.silent, l.outside.silent = 0, 0 }

// allow gives the child so much time, from now on.
func (l *liveness) allow(time time.Duration) {
	l.progress()
	l.stopped, l.patience = 0, time
}

// beat takes what the child says of itself.
func (l *liveness) beat(b Beat) {
	l.inside.observe(b)
	l.outside.silent = 0
}

// look takes what the supervisor sees of the child, by its own clock, and whether it is stopped.
func (l *liveness) look(b Beat, stopped bool) {
	passed := min(b.Clock-l.looked, 2*interval)
	l.looked = b.Clock
	if stopped {
		l.stopped += passed
		l.outside.began = false
		return
	}
	l.stopped = 0
	l.outside.observe(b)
}

// over returns why the child is to be given up: Hung or Suspended; 0 if it is not.
func (l *liveness) over() Cause {
	switch {
	case l.patience == 0:
		return 0
	case max(l.inside.silent, l.outside.silent) >= l.patience:
		return Hung
	case l.stopped >= l.patience:
		return Suspended
	}
	return 0
}

func (o *observer) observe(b Beat) {
	if o.began {
		o.silent += own(b.Clock-o.last.Clock, b.CPU-o.last.CPU, b.Starved-o.last.Starved, b.Starved >= 0)
	}
	o.last, o.began = b, true
}

// own is how much of the time between two observations the child had.
func own(passed, cpu, starved time.Duration, known bool) time.Duration {
	had := passed - starved
	if !known {
		// It wants a processor all the time, or none: of one that uses much, count that.
		if had = passed; cpu >= passed/10 {
			had = cpu
		}
	}
	return max(0, min(max(had, cpu), passed, 2*interval))
}
