package sched

import "synchrony/models/schedule"

// Pick lets the strategy choose one of n: which of several ready cases a select takes, say. It is a decision
// of its own in the schedule, whose choices are all steps of the running task, numbered by their objects' indices; but it is part of the step
// before it, for nothing comes in between. With one choice or none there is no decision.
//
//go:norace
func (rt *Runtime) Pick(n int) int { return rt.pick(schedule.ClassUser, n) }

// PickData is Pick for a choice that belongs to no step which the task has announced, such as the order of a range over a map: it has a
// position of its own. The class says what is chosen.
//
//go:norace
func (rt *Runtime) PickData(class schedule.Class, n int) int {
	if c := rt.ctl; c != nil && c.positions && n > 1 && !c.isOver() {
		c.locate(c.running)
	}
	return rt.pick(class, n)
}

//go:norace
func (rt *Runtime) pick(class schedule.Class, n int) int {
	c := rt.ctl
	if n <= 1 || c == nil || c.isOver() {
		return 0
	}
	if !raceBuild {
		return c.pick(c.running.number, class, n)
	}
	c.picking, c.pickingOf = n, class
	c.running.co.leave()
	return c.picked
}

// pick is taken by the root loop in a race build, where strategies run on no other stack; else by the task itself.
//
//go:norace
func (c *controlled) pick(number int32, class schedule.Class, n int) int {
	p := &c.picks
	p.Step, p.Current, p.Pick, p.run = len(c.steps), number, true, c
	if p.Step >= c.max {
		return 0 // the next decision ends the run
	}
	p.Enabled = p.Enabled[:0]
	for i := range n {
		p.Enabled = append(p.Enabled, Choice{number, schedule.OpPick, schedule.Object{Class: class, Index: int32(i)}})
	}
	k := c.choose(p)
	if k < 0 || k >= n {
		c.misled(k, n)
		return 0
	}
	c.record(p, k)
	return k
}
