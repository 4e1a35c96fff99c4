package sched

import (
	"slices"

	"synchrony/models/schedule"
)

// loop is what the last steps of a run, in which all tasks take turns, tell about whether it would go on for ever.
type loop struct {
	begun         bool // they have, when there had been so many writes and draws
	writes, draws int
	steps         map[schedule.Step]bool // once the run is watched: those of them that there were
	watched       int                    // steps since then
	endless       bool
}

// lastSteps is how many of the steps that a run may take decide whether it is endless: those that are scheduled in turn, but for the first
// eighth.
func lastSteps(max int) int { return max/2 - max/16 }

// watching reports whether a run that has used up its steps goes on, to be watched for the end of its loop: it shows none yet, and was watched for fewer steps than
// the options say.
//
//go:norace
func (c *controlled) watching(list []Choice) bool {
	l := &c.loop
	if l.steps == nil {
		last := c.steps[len(c.steps)-lastSteps(c.max):]
		if l.endless = c.unchanged() && lastSteps(c.max) >= idleSteps && polling(last, list) && !slices.ContainsFunc(last, decides); !l.endless {
			return false
		}
		l.steps = map[schedule.Step]bool{}
		for _, s := range last {
			l.steps[s] = true
		}
	}
	l.endless = l.endless && c.unchanged()
	l.watched++
	return l.endless && l.watched <= c.watch
}

// unchanged reports that nobody has changed anything in the last steps of a hosted run, and that no time can pass.
//
//go:norace
func (c *controlled) unchanged() bool {
	return c.hosted() && c.writes == c.loop.writes && c.draws == c.loop.draws && len(c.timers) == 0
}

// decides reports whether what comes after such a step may depend on more than what tasks have written.
func decides(s schedule.Step) bool {
	return s.Op == schedule.OpNow || s.Op == schedule.OpPick || s.Op == schedule.OpNone
}

// Draws announces that the task draws a random number. It is no yield point.
//
//go:norace
func (rt *Runtime) Draws() {
	if c := rt.ctl; c != nil {
		c.draws++
	}
}
