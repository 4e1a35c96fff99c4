package sched

import "synchrony/models/schedule"

// enabled is the set of tasks that can run, each with the step it would take, kept from decision to decision: a step costs what it
// changes, however many tasks there are.
//
// The choices are in list ascending by task, and once more behind themselves, so that a round that begins with any of them is one slice
// of it. A place more is left for the clock.
type enabled struct {
	list []Choice // 2n, and room for one more
	n    int
	sum  uint64 // of the tasks, each mixed: which set it is
	// changes is how often a task has entered or left the set.
	changes int

	clockAt  int // where in list the clock was put, or -1
	shadowed Choice

	scratch []Choice // for a round that begins with the clock
}

//go:norace
func (s *enabled) reset() { s.n, s.sum, s.clockAt = 0, 0, -1 }

// find returns the place of the first task that is not below the number.
//
//go:norace
func (s *enabled) find(task int32) int {
	low, high := 0, s.n
	for low < high {
		middle := int(uint(low+high) >> 1)
		if s.list[middle].Task < task {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// update replaces the step of a task that is in the set.
//
//go:norace
func (s *enabled) update(c Choice) {
	i := s.find(c.Task)
	s.list[i], s.list[i+s.n] = c, c
}

//go:norace
func (s *enabled) insert(c Choice) {
	i, n := s.find(c.Task), s.n
	s.room(n + 1)
	move(s.list[n+i+2:], s.list[n+i:2*n])
	move(s.list[i+1:], s.list[i:n+i])
	s.list[i], s.list[n+1+i] = c, c
	s.n++
	s.changes++
	s.sum += mix(uint64(c.Task))
}

//go:norace
func (s *enabled) remove(task int32) {
	i, n := s.find(task), s.n
	move(s.list[i:], s.list[i+1:n+i])
	move(s.list[n+i-1:], s.list[n+i+1:2*n])
	s.n--
	s.changes++
	s.sum -= mix(uint64(task))
}

// room makes room for n choices, twice, and the clock.
//
//go:norace
func (s *enabled) room(n int) {
	if 2*n+1 > len(s.list) {
		list := make([]Choice, max(4*n+1, 64))
		move(list, s.list)
		s.list = list
	}
}

// rebuild makes the set that of all live tasks that can run.
//
//go:norace
func (s *enabled) rebuild(live []*task) {
	s.n, s.sum = 0, 0
	s.changes++
	s.room(len(live))
	for _, t := range live {
		if t.listed = !t.over && t.enabled(); t.listed {
			s.list[s.n] = t.choice()
			s.n++
			s.sum += mix(uint64(t.number))
		}
	}
	move(s.list[s.n:], s.list[:s.n])
}

// round is the set in the order that Point promises, but for the clock.
//
//go:norace
func (s *enabled) round(from int32) []Choice {
	if s.n == 0 {
		return nil
	}
	i := s.find(from)
	if i == s.n {
		i = 0
	} else if e := &s.list[i]; e.Task == from && givesWay(e.Op) {
		i++ // it goes to the end
	}
	return s.list[i : i+s.n]
}

// withClock is the round with the clock, at its end or its beginning. It must be taken back before the set changes.
//
//go:norace
func (s *enabled) withClock(round []Choice, first bool) []Choice {
	clock := Choice{Clock, schedule.OpFire, clockObject}
	if first || len(round) == 0 {
		s.scratch = append(s.scratch[:0], clock)
		//lint:ignore S1011 one by one: the race detector sees a slice that is appended
		for _, c := range round {
			s.scratch = append(s.scratch, c)
		}
		return s.scratch
	}
	n := len(round)
	round = round[:n+1]
	s.clockAt = cap(s.list) - cap(round) + n
	s.shadowed, round[n] = round[n], clock
	return round
}

//go:norace
func (s *enabled) takeBack() {
	if s.clockAt >= 0 {
		s.list[s.clockAt] = s.shadowed
		s.clockAt = -1
	}
}

//go:norace
func (t *task) choice() Choice { return Choice{t.number, t.op, t.object} }

// refresh is called when t has announced another step, or whether it can take it has changed.
//
//go:norace
func (c *controlled) refresh(t *task) {
	on := !t.over && t.enabled()
	switch {
	case on && t.listed:
		c.enabled.update(t.choice())
	case on:
		c.enabled.insert(t.choice())
	case t.listed:
		c.enabled.remove(t.number)
	}
	t.listed = on
	if conditional := !t.over && t.wait.conditional(); conditional != t.conditional {
		t.conditional = conditional
		if conditional {
			c.conditional = append(c.conditional, t)
			c.toggled = true
		} else {
			c.unconditional(t)
		}
	}
}

//go:norace
func (c *controlled) unconditional(t *task) {
	last := len(c.conditional) - 1
	for i, o := range c.conditional {
		if o == t {
			c.conditional[i] = c.conditional[last]
			c.conditional = c.conditional[:last]
			return
		}
	}
}

// conditional reports whether a task that waits so can become able to run without being told.
func (w condition) conditional() bool {
	return w == untilUnlocked || w == untilZero || w == untilHolds
}

// fewChanges is up to how many tasks enter or leave the set one by one.
const fewChanges = 4

// recheck looks at the tasks whose conditions may have changed.
//
//go:norace
func (c *controlled) recheck() {
	changes := 0
	c.toggled = false
	for _, t := range c.conditional {
		if t.wait == untilHolds { // it may change at any step
			c.toggled = true
		}
		if t.enabled() != t.listed {
			changes++
		}
	}
	if changes > fewChanges {
		c.enabled.rebuild(c.live)
		return
	}
	for i := 0; changes > 0; i++ {
		if t := c.conditional[i]; t.enabled() != t.listed {
			c.refresh(t)
			changes--
		}
	}
}
