package sched

import (
	"math/rand/v2"

	"synchrony/models/schedule"
)

// POS is partial order sampling (Yuan, Yang, Gu: Partial Order Aware Concurrency
// Sampling, CAV 2018): every announced step has a random priority, the highest
// goes first, and steps that race with the one taken draw theirs anew. It
// samples partial orders more evenly than a random walk samples anything.
// The clock is a task whose steps race with those that read or set a time.
func POS(seed uint64) Strategy {
	return &pos{rand: rand.NewPCG(seed, mix(seed)), priorities: make([]uint64, fewTasks)}
}

// fewTasks is how many tasks a sampler has room for at first. To grow on the small
// stack of a new task would cost more than the rest of its run.
const fewTasks = 20

type pos struct {
	rand *rand.PCG
	// priorities of the announced steps, by task number + 1; 0 is not drawn yet
	priorities []uint64
}

func (s *pos) Choose(p *Point) int {
	if p.Pick {
		return evenly(s.rand, len(p.Enabled))
	}
	best, highest := 0, uint64(0)
	for i, e := range p.Enabled {
		if q := s.priority(e.Task); q > highest {
			best, highest = i, q
		}
	}
	taken := p.Enabled[best]
	for _, e := range p.Enabled {
		if e.Task == taken.Task || conflict(e, taken) {
			s.priorities[e.Task+1] = 0
		}
	}
	return best
}

// foretell are the priorities that a run draws, the first n of them.
func (s *pos) foretell(n int) *Priorities {
	source := *s.rand
	p := &Priorities{Fresh: true, Draws: make([]uint64, n)}
	for i := range p.Draws {
		p.Draws[i] = source.Uint64() >> 11
	}
	return p
}

func (s *pos) priority(t int32) uint64 {
	if int(t)+1 >= len(s.priorities) {
		s.priorities = append(s.priorities, make([]uint64, t+1)...)
	}
	q := &s.priorities[t+1]
	for *q == 0 {
		*q = s.rand.Uint64()
	}
	return *q
}

// evenly draws one of n.
func evenly(r *rand.PCG, n int) int { return int(r.Uint64() % uint64(n)) }

// conflict reports whether the order of two steps can matter.
func conflict(a, b Choice) bool {
	if a.Op == schedule.OpFire || b.Op == schedule.OpFire {
		return timed(a.Op, a.Object.Class) && timed(b.Op, b.Object.Class)
	}
	return a.Object == b.Object && a.Object.Class != schedule.ClassNone && !(reads(a.Op) && reads(b.Op))
}

func timed(op schedule.Op, class schedule.Class) bool {
	return op != schedule.OpBegin && (class == schedule.ClassClock || class == schedule.ClassTimer)
}

// reads reports whether two such steps on one object commute.
func reads(op schedule.Op) bool {
	switch op {
	case schedule.OpRead, schedule.OpLoad, schedule.OpNow, schedule.OpJoin, schedule.OpSpin, schedule.OpAdd:
		return true
	default:
		return false
	}
}
