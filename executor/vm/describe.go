package vm

import (
	"slices"

	"synchrony/models/program"
	"synchrony/models/trace"
)

// Analysis is how a program would be cut into chunks, and why.
type Analysis = trace.ProgramAnalysis

// Analyze cuts a program as mode parallel would with this configuration.
func Analyze(p *program.Program, c ParallelConfig) (*Analysis, error) {
	full, err := c.complete()
	if err != nil {
		return nil, err
	}
	u, err := load(p)
	if err != nil {
		return nil, err
	}
	return newPlan(u, BytecodeChunker{Size: full.ChunkSize, MinSize: full.MinChunkSize}).analysis(), nil
}

// variables are the names of the variables, by number.
func (u *unit) variables() []string {
	var names []string
	for slot := range u.names {
		names = append(names, u.slotName(slot))
	}
	return append(names, u.sharedNames()...)
}

func (p *plan) analysis() *Analysis {
	a := &Analysis{Variables: p.unit.variables(), Globals: len(p.unit.names), Edges: p.edges()}
	for i := range p.chunks {
		c := &p.chunks[i]
		why := c.why
		if c.exclusive {
			why += "; it forks: its workers share what is left of the limits, so all before it has to be merged"
		}
		a.Chunks = append(a.Chunks, trace.Chunk{
			From: c.from, To: c.to, Reads: c.reads, Writes: c.writes, Must: c.must, Effects: c.effects,
			Parallel: !c.exclusive, Why: why, Unbounded: c.unbounded,
		})
		for _, v := range c.writes {
			a.Cells = append(a.Cells, trace.CellVersion{Chunk: int32(i), Variable: v})
		}
	}
	return a
}

// user is the chunks that may have touched a variable last.
type user struct {
	writers []int32 // down to the last one that certainly writes it
	readers []int32 // since that
}

// edges lists all dependencies between chunks: of data, control, output and budget.
func (p *plan) edges() []trace.ChunkDependency {
	var edges []trace.ChunkDependency
	users := make(map[int32]*user)
	ends, prints := int32(-1), int32(-1) // the last chunk that may end the run; that prints
	for i := range p.chunks {
		c, to := &p.chunks[i], int32(i)
		found := make(map[int32]*trace.ChunkDependency)
		note := func(from int32, kind trace.ChunkDependencyKind, variables ...int32) {
			if from < 0 || from == to {
				return
			}
			d := found[from]
			if d == nil {
				d = &trace.ChunkDependency{From: from, To: to}
				found[from] = d
			}
			d.Kinds |= kind
			d.Variables = append(d.Variables, variables...)
		}
		p.dataEdges(c, to, users, note)
		note(ends, trace.ChunkControl)
		if c.effects&program.Prints != 0 {
			note(prints, trace.ChunkOutput)
			prints = to
		}
		if c.exclusive {
			note(to-1, trace.ChunkBudget)
		}
		if c.effects&program.MayFail != 0 || p.returns(c) {
			ends = to
		}
		first := len(edges)
		for _, d := range found {
			slices.Sort(d.Variables)
			d.Variables = slices.Compact(d.Variables)
			edges = append(edges, *d)
		}
		slices.SortFunc(edges[first:], func(a, b trace.ChunkDependency) int { return int(a.From - b.From) })
	}
	return edges
}

// dataEdges notes what a chunk shares with those before it, and adds it to the variables' users.
func (p *plan) dataEdges(c *chunk, to int32, users map[int32]*user, note func(int32, trace.ChunkDependencyKind, ...int32)) {
	of := func(v int32) *user {
		if users[v] == nil {
			users[v] = &user{}
		}
		return users[v]
	}
	for _, in := range c.inputs { // a write that may not happen passes the value on: it reads it, too
		for _, from := range of(in.variable).writers {
			note(from, trace.ChunkRAW, in.variable)
		}
	}
	for _, v := range c.writes {
		u := of(v)
		for _, from := range u.writers {
			note(from, trace.ChunkWAW, v)
		}
		for _, from := range u.readers {
			note(from, trace.ChunkWAR, v)
		}
		if _, certain := slices.BinarySearch(c.must, v); certain {
			u.writers, u.readers = u.writers[:0], u.readers[:0]
		}
		u.writers = append(u.writers, to)
	}
	for _, v := range c.reads {
		of(v).readers = append(of(v).readers, to)
	}
}

// returns reports whether a chunk has a RETURN of the main code.
func (p *plan) returns(c *chunk) bool {
	for pc := c.from; pc < c.to; pc++ {
		if p.main.exact[pc].op == program.Return {
			return true
		}
	}
	return false
}
