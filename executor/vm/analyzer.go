package vm

import (
	"slices"

	"synchrony/models/program"
)

// chunk is a piece of the main code and what the analysis knows about it.
type chunk struct {
	span
	reads     []int32 // may be read before they are written
	writes    []int32 // may be written
	must      []int32 // are written whenever the chunk ends without an error or RETURN
	effects   program.Effect
	size      int64
	unbounded bool
	// exclusive: it forks, and so has to know what everything before it used; it starts when all
	// that has been merged.
	exclusive bool

	inputs []input // what it must be given: reads, and writes that may not happen
	first  int32   // its writes are the cells from this one on
	needs  int32   // of so many chunks
	next   []int32 // chunks that need it, ascending
}

// input is a variable that a chunk is given: the cell that the last chunk before it that may write the variable leaves.
type input struct {
	variable int32
	from     int32 // chunk, or -1: the initial state
	index    int32 // in that chunk's writes
}

// DependencyAnalyzer finds what the chunks of a program read and write, and so which need which.
type DependencyAnalyzer struct{ sums *summaries }

// describe analyses one span.
func (a DependencyAnalyzer) describe(s span) chunk {
	u := a.sums.unit
	main := &u.functions[0]
	c := chunk{span: s}
	certain := unconditional(main, s)
	written := make(map[int32]bool) // certainly, before the current instruction
	var one summary
	for pc := s.from; pc < s.to; pc++ {
		one = summary{reads: one.reads[:0], writes: one.writes[:0]}
		a.sums.instruction(&one, main, pc)
		for _, v := range one.reads {
			if !written[v] {
				c.reads = append(c.reads, v)
			}
		}
		c.writes = append(c.writes, one.writes...)
		c.effects |= one.effects
		c.unbounded = c.unbounded || one.loops
		if in := &main.exact[pc]; certain[pc-s.from] && stores(in.op) {
			for _, v := range one.writes {
				written[v] = true
			}
		}
	}
	for v := range written {
		c.must = append(c.must, v)
	}
	for _, list := range []*[]int32{&c.reads, &c.writes, &c.must} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	c.size = int64(s.to - s.from)
	c.exclusive = c.effects&program.Forks != 0
	return c
}

// stores reports whether an instruction that is executed certainly writes the variable that it names.
func stores(op program.Opcode) bool {
	return op == program.StoreName || op == program.StoreFunc || op == program.SharedWrite || op == program.AtomicAdd
}

// unconditional says of each instruction of a span whether it is executed whenever the span's end is reached:
// no jump passes over it, and it is in no fork.
func unconditional(f *function, s span) []bool {
	n := s.to - s.from
	skipped := make([]int, n+2)
	for pc := s.from; pc < s.to; pc++ {
		in := &f.exact[pc]
		switch in.op {
		case program.Jump, program.JumpIfFalse, program.JumpIfTrue:
			if int(in.a) > pc+1 {
				skipped[pc+1-s.from]++
				skipped[int(in.a)-s.from]--
			}
		}
	}
	certain := make([]bool, n)
	over := 0
	for i := range n {
		over += skipped[i]
		certain[i] = over == 0 && f.shape.Block[s.from+i] < 0 && f.exact[s.from+i].depth >= 0
	}
	return certain
}

// connect finds each chunk's inputs, and who needs whom; and returns how many cells the chunks write.
func (a DependencyAnalyzer) connect(chunks []chunk) (cells int32) {
	type origin struct{ chunk, index int32 }
	last := make(map[int32]origin) // writer of each variable
	for i := range chunks {
		c := &chunks[i]
		wanted := slices.Clone(c.reads)
		for _, v := range c.writes {
			if _, found := slices.BinarySearch(c.must, v); !found {
				wanted = append(wanted, v)
			}
		}
		slices.Sort(wanted)
		var from []int32
		for _, v := range slices.Compact(wanted) {
			o, ok := last[v]
			if !ok {
				o = origin{-1, 0}
			} else {
				from = append(from, o.chunk)
			}
			c.inputs = append(c.inputs, input{v, o.chunk, o.index})
		}
		slices.Sort(from)
		for _, producer := range slices.Compact(from) {
			chunks[producer].next = append(chunks[producer].next, int32(i))
			c.needs++
		}
		c.first = cells
		cells += int32(len(c.writes))
		for k, v := range c.writes {
			last[v] = origin{int32(i), int32(k)}
		}
	}
	return cells
}

// plan is a program cut and analysed, with the main code's fast form that stops at the cuts.
type plan struct {
	unit   *unit
	chunks []chunk
	main   function
	cells  int32 // that the chunks write
	// unbounded: some chunk's cost is not known from its length.
	unbounded bool
}

func newPlan(u *unit, b BytecodeChunker) *plan {
	p := &plan{unit: u, main: u.functions[0]}
	a := DependencyAnalyzer{u.sums}
	stops := make([]bool, len(p.main.exact)+1)
	for _, s := range b.cut(u) {
		c := a.describe(s)
		p.chunks = append(p.chunks, c)
		p.unbounded = p.unbounded || c.unbounded
		stops[s.from] = s.from > 0
	}
	p.cells = a.connect(p.chunks)
	p.main.translate(u, stops)
	return p
}

// needsBefore reports whether a chunk from that one on needs what some chunk before it leaves.
func (p *plan) needsBefore(first int) bool {
	before := func(in input) bool { return in.from >= 0 && int(in.from) < first }
	for i := first; i < len(p.chunks); i++ {
		if slices.ContainsFunc(p.chunks[i].inputs, before) {
			return true
		}
	}
	return false
}

// at is the chunk that an instruction of the main code belongs to.
func (p *plan) at(pc int) int {
	i, found := slices.BinarySearchFunc(p.chunks, pc, func(c chunk, pc int) int { return c.from - pc })
	if !found {
		i--
	}
	return i
}
