package sched

import (
	"math"
	"math/rand/v2"
	"slices"
)

// PCT is probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi,
// Nagarakatte: A Randomized Scheduler with Probabilistic Guarantees of Finding
// Bugs, ASPLOS 2010): tasks have random priorities, the highest runs, and at depth-1
// random steps of the first length the one about to run falls below all
// others. A bug of that depth in a run of n tasks is found with probability at least
// 1/(n·length^(depth-1)).
//
// Two things differ from the paper. A task that spins falls below the others, or
// it would never see what it waits for. The clock draws a new priority each
// time it has advanced, and half of the time one below all others, even the fallen: it
// neither fires everything at once nor before every task that fell.
func PCT(seed uint64, depth, length int) Strategy {
	s := &pct{rand: newRand(seed), priorities: make([]int64, fewTasks), anew: func() *pct { return PCT(seed, depth, length).(*pct) }}
	for range depth - 1 {
		s.changes = append(s.changes, s.rand.IntN(max(length, 1)))
	}
	slices.Sort(s.changes)
	return s
}

type pct struct {
	rand    *rand.Rand
	changes []int // the steps of the priority changes to come, ascending
	// priorities by task number + 1; 0 is not drawn yet, and negative
	// ones are those that fell, the latest lowest
	priorities []int64
	fallen     int64

	anew func() *pct // the same, before its first decision

	// Of the last decision: who was taken, and from which of the sets of tasks that could run, if its priority is still what it was.
	taken int32
	from  int
	known bool
}

func (s *pct) Choose(p *Point) int {
	if p.Pick {
		return s.rand.IntN(len(p.Enabled))
	}
	if s.again(p) {
		return 0
	}
	best := s.highest(p)
	for len(s.changes) > 0 && s.changes[0] <= p.Step {
		s.changes = s.changes[1:]
		s.fall(p.Enabled[best].Task)
		best = s.highest(p)
	}
	e := p.Enabled[best]
	s.taken, s.known = e.Task, p.run != nil && p.Enabled[len(p.Enabled)-1].Task != Clock && !givesWay(e.Op)
	if s.known {
		s.from = p.run.enabled.changes
	}
	switch {
	case e.Task == Clock:
		s.priorities[Clock+1] = 0
	case givesWay(e.Op):
		s.fall(e.Task)
		s.priorities[Clock+1] = 0 // it may be the clock that is waited for
	}
	return best
}

// again reports whether the first choice is who was taken last, and still the highest: the same tasks can run, and no priority has changed.
// So a step costs nothing for the tasks that it does not change.
func (s *pct) again(p *Point) bool {
	first, last := p.Enabled[0], p.Enabled[len(p.Enabled)-1]
	return s.known && p.run.enabled.changes == s.from && first.Task == s.taken && !givesWay(first.Op) && last.Task != Clock &&
		(len(s.changes) == 0 || s.changes[0] > p.Step)
}

// foretell are the priorities that a run draws, of up to n tasks.
func (s *pct) foretell(n int) *Priorities {
	same := s.anew()
	p := &Priorities{Changes: same.changes, Draws: make([]uint64, n)}
	for i := range p.Draws {
		p.Draws[i] = uint64(same.rand.Int64()) >> 10
	}
	return p
}

func (s *pct) highest(p *Point) int {
	best, highest := 0, int64(math.MinInt64)
	for i, e := range p.Enabled {
		if q := s.priority(e.Task); q > highest {
			best, highest = i, q
		}
	}
	return best
}

func (s *pct) fall(t int32) {
	s.fallen--
	s.priorities[t+1] = s.fallen
}

func (s *pct) priority(t int32) int64 {
	if int(t)+1 >= len(s.priorities) {
		s.priorities = append(s.priorities, make([]int64, t+1)...)
	}
	q := &s.priorities[t+1]
	for *q == 0 {
		*q = s.rand.Int64()
		if t == Clock && *q&1 == 0 {
			*q = math.MinInt64
		}
	}
	return *q
}
