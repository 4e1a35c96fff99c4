package vm

import "synchrony/executor/sched"

// Mode auto begins sequentially, so that a program which is over before workers could be started costs
// nothing more. When that has lasted, it looks where the program is, what its pieces have cost so far, and what is
// still to come; if that is worth it, the rest goes on in parallel.
//
// costs are its thresholds, in steps; a step takes 0.6–1.5 ns.
type costs struct {
	firstLook  int64 // when to look first; later looks come each time that the steps have doubled
	worthwhile int64 // what a chunk should cost at least: 10 µs, ten times what starting and merging it does
	enough     int64 // what must be left to make workers worth starting: about 100 µs
	patience   int64 // what a fork's worker may cost before the workers get tasks of their own
	boxes      int   // strings, lists and maps that a machine makes before it looks which are still used
}

// measured are the costs that were found best.
func measured() costs {
	return costs{firstLook: 1 << 14, worthwhile: 1 << 14, enough: 1 << 17, patience: 1 << 16, boxes: 1 << 12}
}

// eager are costs that make small programs change over to parallel execution, and collect garbage: there is no
// time to be won under a scheduler that runs one task at a time, but there are mistakes to be found.
func eager() costs {
	return costs{firstLook: 16, worthwhile: 16, enough: 16, patience: 32, boxes: 2}
}

// gain is the least ratio of all work to the longest chain of dependent work that makes workers worth starting.
const gain = 1.25

func (v *ParallelVM) automatic(r *run, l *loaded) (execution, error) {
	fine := l.fine
	if !fine.unbounded && fine.parallelism(0, 0, r) >= gain { // what it costs is known
		return v.inParallel(r, fine, r.sequential(), 0, false)
	}
	m := r.sequential()
	look := r.costs.firstLook
	m.poll = func(asking *machine) status {
		if s := r.pollRun(asking); s != running || asking != m || m.steps < look {
			return s
		}
		return halted
	}
	m.pauseAt = look
	for {
		st := m.resume()
		if st != halted {
			return r.sequentialResult(m, st)
		}
		at := m.mainPC()
		if p, ok := l.worthwhile(r, m.steps, at); ok {
			c := p.at(at)
			m.moveTo(p, c)
			return v.inParallel(r, p, m, c, true)
		}
		look = 2 * m.steps
	}
}

// mainPC is where the main code is.
func (m *machine) mainPC() int {
	if len(m.frames) > 0 {
		return m.frames[0].pc - 1 // the call
	}
	return m.pc
}

// moveTo makes a machine stop at the end of a plan's chunk, in which it is.
func (m *machine) moveTo(p *plan, c int) {
	if len(m.frames) > 0 {
		m.frames[0].fn = &p.main
	} else {
		m.fn = &p.main
	}
	m.end = p.chunks[c].to // not the last one: to have that alone left is not worth it
}

// pieces is the plan that keeps apart what has loops or calls.
func (l *loaded) pieces(rt *sched.Runtime, c costs) *plan {
	return l.plannedFor(rt, BytecodeChunker{Size: int(c.worthwhile), MinSize: 1, Apart: true})
}

// worthwhile decides whether to go on in parallel, after so many steps and at that place of the main code, and
// with which plan: its chunks are large enough if pieces go on costing what they have cost.
func (l *loaded) worthwhile(r *run, steps int64, pc int) (*plan, bool) {
	fine := l.fine
	here := fine.at(pc)
	if here == len(fine.chunks)-1 {
		return nil, false
	}
	// What a piece with loops or calls costs: the mean of those so far, the present one included.
	pieces, known := int64(0), int64(0)
	for i := range here + 1 {
		if fine.chunks[i].unbounded {
			pieces++
		} else {
			known += fine.chunks[i].size
		}
	}
	piece, worth := r.costs.firstLook, r.costs.worthwhile
	if pieces > 0 {
		piece = max((steps-known)/pieces, 1)
	}
	p := fine
	if piece < worth && pieces > 1 {
		p = l.plannedFor(r.rt, BytecodeChunker{Size: int(min(worth, fine.joined(here, worth/piece))), MinSize: 1})
	}
	return p, p.parallelism(p.at(pc), piece, r) >= gain
}

// joined is the mean length of n neighbouring pieces.
func (p *plan) joined(here int, n int64) int64 {
	to := p.chunks[here].to
	return max(int64(to)*n/int64(here+1), 1)
}

// parallelism is how much sooner the chunks from one on could be over with so many workers, if what has loops
// or calls costs piece steps; 0 if that is too little to be worth it.
func (p *plan) parallelism(from int, piece int64, r *run) float64 {
	total, longest := int64(0), int64(0)
	finish := make([]int64, len(p.chunks))
	barrier := int64(0) // when all chunks before an exclusive one are over
	for i := from; i < len(p.chunks); i++ {
		c := &p.chunks[i]
		cost := c.size
		if c.unbounded {
			cost = max(piece, c.size)
		}
		start := int64(0)
		if c.exclusive {
			start = barrier
		}
		for _, in := range c.inputs {
			if int(in.from) >= from {
				start = max(start, finish[in.from])
			}
		}
		finish[i] = start + cost
		barrier = max(barrier, finish[i])
		total += cost
		longest = max(longest, finish[i])
	}
	if total < r.costs.enough {
		return 0
	}
	return float64(total) / float64(max(longest, total/int64(r.workers)))
}
