package sched

import "synchrony/models/schedule"

// Projections are strategies that have a run of another, smaller program do what is left in it of what the run of rec did: the first takes the
// same turns, each counted in steps of one task; the second takes the steps in the order in which rec has them, without those that the program has no
// longer. rec must be good for as long as they are used: see [Record.Clone].
func Projections(rec *Record) []Strategy {
	return []Strategy{takeTurns(turnsOf(rec), schedule.Deviation{}), &follower{rest: rec.Steps}}
}

// follower schedules the steps of another run, in their order.
type follower struct{ rest []schedule.Step }

// farthestAhead is up to how many steps are left out to find one that can be taken.
const farthestAhead = 512

// Choose implements [Strategy]: the earliest of the steps still to come that a task can take, or the default if there is none.
func (f *follower) Choose(p *Point) int {
	for i, s := range f.rest[:min(len(f.rest), farthestAhead)] {
		for k, e := range p.Enabled {
			if alike(p, s, e) {
				f.rest = f.rest[i+1:]
				return k
			}
		}
	}
	return 0
}

// alike reports whether a choice is that of a step, as far as another program's can be: objects have other numbers there.
func alike(p *Point, s schedule.Step, c Choice) bool {
	if p.Pick || s.Op == schedule.OpPick {
		return p.Pick && s.Op == schedule.OpPick && s.Object == c.Object
	}
	return s.Task == c.Task && s.Op == c.Op && s.Object.Class == c.Object.Class
}
