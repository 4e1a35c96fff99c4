package sched

import (
	"slices"

	"synchrony/models/schedule"
)

// lastSteps is how many of the steps that a run may take decide whether it is endless: those that are scheduled in turn, but for the first
// eighth.
func lastSteps(max int) int { return max/2 - max/16 }

// endless reports that a hosted run that has used up its steps shows no end: see [Stuck.Endless].
//
//go:norace
func (c *controlled) endless(list []Choice) bool {
	if !c.hosted() || lastSteps(c.max) < idleSteps || c.writes != c.settled || len(c.timers) > 0 {
		return false
	}
	last := c.steps[len(c.steps)-lastSteps(c.max):]
	return polling(last, list) && !slices.ContainsFunc(last, func(s schedule.Step) bool {
		return s.Op == schedule.OpNow || s.Op == schedule.OpPick || s.Op == schedule.OpNone
	})
}
