package sched

import "synchrony/models/schedule"

// turn is a deviation from the default schedule that stays where it is when others go: it is placed by how many steps the task has taken
// that took the last one, and not by how many all have; and says who goes instead, and not how many are skipped.
type turn struct {
	place
	to   int32 // the task that goes on; of a pick, the index of the choice
	pick bool
}

// place is a decision: the one after a task's n-th step. Each has its own.
type place struct {
	task int32 // Clock - 1 before the first step
	n    int
}

// counter knows the place of the next decision.
type counter struct {
	last  int32
	taken []int // by task number + 1
}

func newCounter() counter { return counter{last: Clock - 1, taken: make([]int, fewTasks)} }

func (c *counter) place() place {
	if c.last < Clock {
		return place{task: c.last}
	}
	return place{c.last, c.taken[c.last+1]}
}

func (c *counter) took(task int32) {
	for int(task)+1 >= len(c.taken) {
		c.taken = append(c.taken, 0)
	}
	c.last = task
	c.taken[task+1]++
}

// turnsOf are the deviations of a run.
func turnsOf(rec *Record) []turn {
	turns := make([]turn, 0, len(rec.Schedule.Deviations))
	at := newCounter()
	rest := rec.Schedule.Deviations
	for i, s := range rec.Steps {
		if len(rest) > 0 && rest[0].Step == i {
			rest = rest[1:]
			t := turn{place: at.place(), to: s.Task}
			if s.Op == schedule.OpPick {
				t.to, t.pick = s.Object.Index, true
			}
			turns = append(turns, t)
		}
		at.took(s.Task)
	}
	return turns
}

// turned schedules by default, but for some turns and perhaps one deviation more. Turns whose place is not reached, or whose task cannot go
// on there, are left out.
type turned struct {
	counter
	list  []turn
	turns map[place]turn     // the same, by place
	extra schedule.Deviation // none if its Skip is 0
}

func takeTurns(turns []turn, extra schedule.Deviation) Strategy {
	t := &turned{newCounter(), turns, make(map[place]turn, len(turns)), extra}
	for _, o := range turns {
		t.turns[o.place] = o
	}
	return t
}

// Choose implements [Strategy].
func (t *turned) Choose(p *Point) int {
	k := t.find(p)
	if t.extra.Skip > 0 && t.extra.Step == p.Step {
		k = min(t.extra.Skip, len(p.Enabled)-1)
	}
	t.took(p.Enabled[k].Task)
	return k
}

// find returns the choice that the turn at this place asks for, or the default.
func (t *turned) find(p *Point) int {
	turn, ok := t.turns[t.place()]
	if !ok || turn.pick != p.Pick {
		return 0
	}
	for i, e := range p.Enabled {
		if p.Pick && e.Object.Index == turn.to || !p.Pick && e.Task == turn.to {
			return i
		}
	}
	return 0
}
