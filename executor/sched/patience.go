package sched

import (
	"slices"
	"time"

	"synchrony/models/schedule"
)

// A patient clock lets no time pass while a task can run. Hosted tasks may wait for a time by polling, in loops
// that no Spin tells of: then a clock that is patient for ever would never move.

// instant is what passes on any machine while tasks run: a timer that is set for no longer may fire before they take another step. Who
// relies on such a timer to wait for another task has a bug on a fast machine, too.
const instant = time.Microsecond

// lookForDue notes whether the time for the next timer may have come though tasks can run: it is an alarm that is to ring now, or
// it was set for an instant.
//
//go:norace
func (c *controlled) lookForDue() {
	if !c.hosted() {
		return
	}
	c.due = false
	var next *Timer
	for _, t := range c.timers {
		if t.alarm != nil && t.deadline <= c.now {
			c.due = true
			return
		}
		if next == nil || t.deadline < next.deadline {
			next = t
		}
	}
	c.due = next != nil && next.brief
}

// idleSteps is after how many steps that changed nothing a patient clock may move, if those who took them look at the same things again and again.
const idleSteps = 1000

// mayPass reports whether a patient clock may advance though tasks could run.
//
//go:norace
func (c *controlled) mayPass(list []Choice) bool {
	return c.due || len(c.steps) >= c.max/2 || c.idle(list) || c.allOutside(list)
}

// Outside announces that the task is about to wait natively for something outside of the run, such as a child process. Nobody knows how long
// that takes: even a patient clock may advance before, if nobody else can run.
//
//go:norace
func (rt *Runtime) Outside() {
	c := rt.ctl
	if c == nil || c.isOver() {
		return
	}
	t := c.running
	t.outside = true
	c.announce(t, schedule.OpNone, schedule.Object{})
	t.outside = false
}

// allOutside reports that all who can run are about to wait for the world.
//
//go:norace
func (c *controlled) allOutside(list []Choice) bool {
	for _, e := range list {
		if !c.tasks[e.Task].outside {
			return false
		}
	}
	return true
}

// idle reports that no task has changed anything for so long that time should pass, and that all who can run are about to do what they did before. It is
// looked for after idleSteps, and each time that their number has doubled.
//
//go:norace
func (c *controlled) idle(list []Choice) bool {
	if c.writes != c.wroteBy {
		c.wroteBy, c.wroteAt, c.idleAt, c.polled = c.writes, len(c.steps), len(c.steps)+idleSteps, false
	}
	if !c.polled && len(c.steps) >= c.idleAt {
		c.polled = polling(c.steps[c.wroteAt:], list)
		c.idleAt = 2*len(c.steps) - c.wroteAt
	}
	return c.polled
}

// polling reports that the second half of some steps has nothing that the first had not, and that neither has what comes next. Who reads one thing after
// the other, as a sum over many counters does, only takes long; and who has had no turn, while others waited for him in a loop, may be about to
// end their waiting.
//
//go:norace
func polling(steps []schedule.Step, next []Choice) bool {
	seen := map[schedule.Step]bool{}
	for _, s := range steps[:len(steps)/2] {
		seen[s] = true
	}
	for _, e := range next {
		if e.Task != Clock && !seen[schedule.Step(e)] {
			return false
		}
	}
	return !slices.ContainsFunc(steps[len(steps)/2:], func(s schedule.Step) bool { return !seen[s] })
}

// early reports that the clock's step, just chosen, lets time pass though tasks could run, and not for ever to no avail.
//
//go:norace
func (c *controlled) early(p *Point) bool {
	return len(p.Enabled) > 1 && !c.due && !c.idle(p.Enabled) && p.Enabled[0].Task != Clock
}

// lateRings is how often the clock may advance without any step of the main task, once that is over, unless Options.LateRings says
// otherwise: others may be about to end, but a ticker would keep the run going for ever.
const lateRings = 20

// inVain reports that it is no use to let time pass: nobody can run, and nobody would notice any alarm that could ring: what is left is
// stuck. Or nothing but alarms has kept the run going for long, and the run is given up.
//
//go:norace
func (c *controlled) inVain(list []Choice) bool {
	if !c.hosted() {
		return false
	}
	if c.tasks[0].over && c.fires >= c.late+len(c.timers) {
		c.ended = true
		return true
	}
	if len(list) > 0 {
		return false
	}
	if c.ticking.equal >= max(c.max/stepsPerTick, 1) {
		c.ticked = true
		return true
	}
	for _, t := range c.timers {
		if t.alarm == nil || t.alarm.heeded == nil || t.alarm.heeded() {
			return false
		}
	}
	return true
}
