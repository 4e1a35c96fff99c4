package sched

import (
	"slices"

	"synchrony/models/schedule"
)

// footprint is everything about a step that decides which other steps it commutes with:
// what was announced, and what the task did afterwards, on its way to its next hook, that
// is no step of its own.
type footprint struct {
	op     schedule.Op
	object schedule.Object
	mutex  schedule.Object   // that a Wait unlocks
	more   []schedule.Object // beside object: see Runtime.Step; then those of Runtime.Touch
	told   int               // how many of them it announced
	// guarded says that the step waits for a condition, of which it is not told what that looks at: see Runtime.Until.
	guarded bool
	tail    effects
	amount  int // by which it changes a wait group's count
}

// effects are what a step does beside what it announced.
type effects uint8

const (
	stamped  effects = 1 << iota // took a timestamp, so moved the clock a nanosecond
	armed                        // began to sleep, so set a timer
	looked                       // looked whether some context was cancelled
	failed                       // was a compare-and-swap that changed nothing
	fatal                        // panicked, so ended the run
	toldTime                     // read the time of a hosted run, which the next who reads it finds later: see Runtime.Drift

	allEffects = stamped | armed | looked | failed | fatal | toldTime
)

// pending is a step that a task has announced.
type pending struct {
	task int32
	footprint
	cause int32 // the step of another task that made it possible; -1 if none did
	count int   // of the wait group, before the step
}

// announced describes the step that t has announced.
//
//go:norace
func (t *task) announced() pending {
	s := pending{task: t.number, footprint: footprint{op: t.op, object: t.object, guarded: t.wait == untilHolds}, cause: t.cause}
	if len(t.more) > 0 {
		s.more, s.told = slices.Clone(t.more), len(t.more)
	}
	switch t.op {
	case schedule.OpWait:
		if t.mutex == nil {
			break
		}
		s.mutex = schedule.Object{Class: schedule.ClassMutex, Index: t.mutex.index}
	case schedule.OpAdd, schedule.OpDone, schedule.OpJoin:
		if t.group != nil {
			s.count, s.amount = t.group.count, t.amount
		}
	}
	return s
}

// pending lists the steps that tasks have announced and could take now or, if they are
// locks or joins, once somebody lets them. Who waits for a signal or for a time is not
// among them: nothing that others did instead would have let it go on, unless they signal.
//
//go:norace
func (c *controlled) pending() []pending {
	var list []pending
	for _, t := range c.live {
		if !t.over && t.wait != untilSignalled && t.wait != untilFired && t.wait != untilWoken {
			list = append(list, t.announced())
		}
	}
	return list
}

// spent reports that a task is about to spin though nothing has changed since it last did:
// it would find what it found then.
//
//go:norace
func (c *controlled) spent(number int32) bool {
	if number == Clock {
		return false
	}
	t := c.tasks[number]
	return t.op == schedule.OpSpin && t.spunAt == c.writes+1
}

// dependence says which steps of two tasks commute. It never calls steps independent that
// are not, and so is what completeness rests on; where it is too careful, schedules
// are explored in vain. What a step announces is all that it may do to what tasks share.
type dependence struct {
	patient bool // see Options.PatientClock
	hosted  bool // see Options.Goroutine
}

// between reports whether the order of two steps of different tasks can matter: to their
// effects, or to whether the other can be taken. What one step enables by name (a spawn the
// beginning, a signal the lock of whom it woke, the clock a sleeper) is not told here: it is the cause of
// a pending step.
func (d dependence) between(a, b *footprint) bool {
	if (a.tail|b.tail)&fatal != 0 || a.guarded || b.guarded {
		return true
	}
	if a.op == schedule.OpFire || b.op == schedule.OpFire {
		return d.patient || a.timed() && b.timed() || a.meets(b) && a.shared() && b.shared()
	}
	if a.op == schedule.OpSpin && d.writes(b) || b.op == schedule.OpSpin && d.writes(a) {
		return true
	}
	return sameObject(a, b) || clockMoves(a, b) || clockMoves(b, a) || cancels(a, b) || cancels(b, a)
}

// wakes reports whether a sleeper's step no longer commutes with all steps since it went to sleep, once s was taken.
func (d dependence) wakes(s *pending, f *footprint) bool {
	if s.op == schedule.OpDone && f.op == schedule.OpDone && s.object == f.object && s.object.Class == schedule.ClassGroup {
		return s.count+s.amount+f.amount < 0 // the later one panics
	}
	return d.between(&s.footprint, f)
}

// sameObject reports whether two steps conflict on an object that both announce.
func sameObject(a, b *footprint) bool {
	if a.mutex.Class != schedule.ClassNone && a.mutex == b.object || b.mutex.Class != schedule.ClassNone && b.mutex == a.object {
		return true
	}
	return a.meets(b) && a.shared() && b.shared() && !commute(a, b)
}

// meets reports whether two steps announce a common object.
func (f *footprint) meets(g *footprint) bool {
	if len(f.more) == 0 && len(g.more) == 0 {
		return f.object == g.object
	}
	return f.object.Class != schedule.ClassNone && g.touches(f.object) || slices.ContainsFunc(f.more, g.touches)
}

func (f *footprint) touches(o schedule.Object) bool {
	return f.object == o || slices.Contains(f.more, o)
}

// clockMoves reports whether a moves the clock that b reads.
func clockMoves(a, b *footprint) bool {
	return a.tail&stamped != 0 && b.dependsOnClock()
}

// dependsOnClock reports whether the step reads the time, or sets a timer by it.
func (f *footprint) dependsOnClock() bool { return f.tail&armed != 0 || f.readsClock() }

// arms reports whether the step gives the clock something to do.
func (f *footprint) arms() bool { return f.tail&armed != 0 || f.op == schedule.OpArm }

// cancels reports whether a may cancel what b looked at.
func cancels(a, b *footprint) bool {
	return b.tail&looked != 0 && a.cancels()
}

// cancels reports whether the step cancels a context.
func (f *footprint) cancels() bool {
	return f.op == schedule.OpStore && f.object.Class == schedule.ClassCancel
}

// shared reports whether the step touches its object at all. What begins, ends or spawns a
// task, and the end of a sleep, touch nothing that another step can see before its cause.
func (f *footprint) shared() bool {
	switch f.op {
	case schedule.OpNone, schedule.OpBegin, schedule.OpEnd, schedule.OpSpawn, schedule.OpSleep, schedule.OpSpin, schedule.OpYield:
		return false
	case schedule.OpWake, schedule.OpPick:
		return len(f.more) > 0
	}
	return f.object.Class != schedule.ClassNone
}

// commute reports whether two steps on one object commute.
func commute(a, b *footprint) bool { return a.way() != alone && a.way() == b.way() }

// way is a way to use an object of which many steps, one after another, commute.
type way uint8

// alone is that of a step that commutes with none. The others are the cases of commute.
const (
	alone way = iota
	reading
	finishing
	adding
)

// way says how the step uses its objects. Steps that use one in the same way, other than alone, commute there.
func (f *footprint) way() way {
	switch {
	case f.reads():
		return reading
	case f.object.Class == schedule.ClassWaitGroup: // which Done lets others go on is known
		return alone
	case f.op == schedule.OpDone:
		return finishing
	case f.op == schedule.OpAdd && f.object.Class != schedule.ClassGroup:
		// Two Adds to a group commute, too, but to have them in order makes it simple to say which of them a Join
		// could have come before.
		return adding
	}
	return alone
}

func (f *footprint) reads() bool {
	switch f.op {
	case schedule.OpRead, schedule.OpLoad, schedule.OpJoin:
		return true
	case schedule.OpNow:
		return f.tail&toldTime == 0
	}
	return f.tail&failed != 0
}

// timed reports whether the clock's step can tell whether this one came before it.
func (f *footprint) timed() bool {
	return f.tail&stamped != 0 || f.dependsOnClock() || f.op == schedule.OpFire ||
		f.shared() && f.ofTimer()
}

// ofTimer reports whether the step touches a timer: it stops one, say, or receives from one's channel.
func (f *footprint) ofTimer() bool {
	return f.object.Class == schedule.ClassTimer ||
		slices.ContainsFunc(f.more, func(o schedule.Object) bool { return o.Class == schedule.ClassTimer })
}

// readsClock reports whether the step reads the time: itself, or for a deadline.
func (f *footprint) readsClock() bool {
	return f.op == schedule.OpNow || f.op == schedule.OpArm && f.object.Class == schedule.ClassTimer
}

// writes reports whether the step lets those go on that spin: see controlled.note.
func (d dependence) writes(f *footprint) bool {
	return f.op == schedule.OpEnd || f.op == schedule.OpFire || endsSpinning(f.op) && f.tail&failed == 0 ||
		d.hosted && (orders(f.op) || f.op == schedule.OpSelect || f.op == schedule.OpLock || f.op == schedule.OpRLock || f.op == schedule.OpJoin)
}
