package vm

import (
	"slices"

	"synchrony/models/program"
)

// summary is what code may do, the functions it may call included. Variables are
// numbered: a global by its slot, a shared variable by the number of globals and its own.
type summary struct {
	reads, writes []int32 // ascending, each once
	effects       program.Effect
	loops         bool // or calls: what it costs is not its length
}

// summaries has one for each function, and one for the calls whose function is not known
// before they are made: those may reach every function that is some constant's value.
type summaries struct {
	unit      *unit
	functions []summary
	unknown   summary
	shared    []int32 // the number of each name's shared variable among them, or -1
	names     []int32 // the names of the shared variables
}

// analyzeFunctions computes the summaries: the least fixed point over the call graph.
func analyzeFunctions(u *unit) *summaries {
	s := &summaries{unit: u, functions: make([]summary, len(u.functions)), shared: make([]int32, len(u.program.Names))}
	for i := range s.shared {
		s.shared[i] = -1
	}
	for i := range u.functions {
		for _, in := range u.functions[i].exact {
			if info, _ := in.op.Info(); info.A == program.SharedOperand && s.shared[in.a] < 0 {
				s.shared[in.a] = int32(len(s.names))
				s.names = append(s.names, in.a)
			}
		}
	}
	s.propagate(u.escaping())
	return s
}

// propagate gives callers what their callees do, until nothing changes. The node after the last function
// stands for the calls whose function is not known.
func (s *summaries) propagate(escaping []int) {
	unknown := len(s.functions)
	callers := make([][]call, unknown+1)
	for f := range s.functions {
		s.functions[f] = s.code(&s.unit.functions[f], 0, len(s.unit.functions[f].exact))
		for _, in := range s.unit.functions[f].exact {
			switch in.op {
			case program.CallFuncConst, program.ParallelMap:
				callers[in.a] = append(callers[in.a], call{f, in.op == program.ParallelMap})
			case program.CallName, program.CallTop:
				callers[unknown] = append(callers[unknown], call{by: f})
			}
		}
	}
	for _, f := range escaping {
		callers[f] = append(callers[f], call{by: unknown})
	}
	of := func(f int) *summary {
		if f == unknown {
			return &s.unknown
		}
		return &s.functions[f]
	}
	queued := make([]bool, unknown+1)
	var work []int
	for f := unknown; f >= 0; f-- {
		work, queued[f] = append(work, f), true
	}
	for len(work) > 0 {
		f := work[0]
		work, queued[f] = work[1:], false
		for _, c := range callers[f] {
			callee := *of(f)
			if c.mapping { // what it writes is dropped
				callee.writes = nil
			}
			if of(c.by).absorb(callee) && !queued[c.by] {
				work, queued[c.by] = append(work, c.by), true
			}
		}
	}
}

// call is a place where a function is called.
type call struct {
	by      int
	mapping bool // by a PARALLEL_MAP
}

// escaping lists the functions that a constant makes a value.
func (u *unit) escaping() []int {
	seen := make([]bool, len(u.functions))
	direct, value := make([]bool, len(u.constants)), make([]bool, len(u.constants))
	for i := range u.program.Functions {
		for _, in := range u.program.Functions[i].Code {
			switch in.Op {
			case program.CallFuncConst, program.ParallelMap:
				direct[in.A] = true
			case program.LoadConst:
				value[in.A] = true
			case program.StoreFunc:
				value[in.B] = true
			}
		}
	}
	for i, c := range u.program.Constants {
		if value[i] || !direct[i] {
			u.functionsIn(c, seen)
		}
	}
	var list []int
	for f, ok := range seen {
		if ok {
			list = append(list, f)
		}
	}
	return list
}

func (u *unit) functionsIn(v program.Value, seen []bool) {
	switch v.Kind() {
	case program.FuncKind:
		seen[u.numbers[v.AsString()]] = true
	case program.ListKind:
		for _, e := range v.Elements() {
			u.functionsIn(e, seen)
		}
	case program.MapKind:
		for _, e := range v.Entries() {
			u.functionsIn(e.Value, seen)
		}
	}
}

// code summarises the instructions of f from a pc to another.
func (s *summaries) code(f *function, from, to int) summary {
	var sum summary
	for pc := from; pc < to; pc++ {
		s.instruction(&sum, f, pc)
	}
	sum.normalize()
	return sum
}

// instruction adds what one instruction may do, whatever it calls included.
func (s *summaries) instruction(sum *summary, f *function, pc int) {
	in := &f.exact[pc]
	effects := f.source.Code[pc].Effects()
	sum.effects |= effects
	if in.global {
		if effects&program.ReadsVariable != 0 {
			sum.reads = append(sum.reads, in.a)
		}
		if effects&program.WritesVariable != 0 {
			sum.writes = append(sum.writes, in.a)
		}
	}
	if effects&(program.ReadsShared|program.WritesShared) != 0 {
		v := int32(len(s.unit.names)) + s.shared[in.a]
		if effects&program.ReadsShared != 0 {
			sum.reads = append(sum.reads, v)
		}
		if effects&program.WritesShared != 0 {
			sum.writes = append(sum.writes, v)
		}
	}
	switch in.op {
	case program.CallFuncConst:
		sum.add(s.functions[in.a])
		sum.loops = true
	case program.ParallelMap: // what it writes is dropped
		callee := s.functions[in.a]
		callee.writes = nil
		sum.add(callee)
		sum.loops = true
	case program.CallName, program.CallTop:
		sum.add(s.unknown)
		sum.loops = true
	case program.Jump, program.JumpIfFalse, program.JumpIfTrue:
		sum.loops = sum.loops || int(in.a) <= pc
	}
}

func (s *summary) add(o summary) {
	s.reads = append(s.reads, o.reads...)
	s.writes = append(s.writes, o.writes...)
	s.effects |= o.effects
	s.loops = s.loops || o.loops
	if len(s.reads)+len(s.writes) > 1<<12 {
		s.normalize()
	}
}

func (s *summary) normalize() {
	slices.Sort(s.reads)
	s.reads = slices.Compact(s.reads)
	slices.Sort(s.writes)
	s.writes = slices.Compact(s.writes)
}

// absorb adds another normal summary, and reports whether that changed anything.
func (s *summary) absorb(o summary) bool {
	before := [3]int{len(s.reads), len(s.writes), int(s.effects)}
	s.add(o)
	s.normalize()
	return before != [3]int{len(s.reads), len(s.writes), int(s.effects)}
}

// block is what the join of a fork needs to know: the variables that its block may store.
type block struct {
	join    int
	timeout int64
	globals []int32
	locals  []int32 // registers
}

// blocks describes every fork of f, by pc.
func (s *summaries) blocks(f *function) map[int]*block {
	var all map[int]*block
	for pc, in := range f.exact {
		if in.op != program.ForkExecution {
			continue
		}
		b := &block{join: f.shape.Partner[pc]}
		b.timeout = int64(f.exact[b.join].a)
		sum := s.code(f, pc+1, b.join)
		for _, v := range sum.writes {
			if int(v) < len(s.unit.names) {
				b.globals = append(b.globals, v)
			}
		}
		if f.number != 0 {
			for i := pc + 1; i < b.join; i++ {
				if o := &f.exact[i]; !o.global && (o.op == program.StoreName || o.op == program.StoreFunc) {
					b.locals = append(b.locals, o.a)
				}
			}
			slices.Sort(b.locals)
			b.locals = slices.Compact(b.locals)
		}
		if all == nil {
			all = make(map[int]*block)
		}
		all[pc] = b
	}
	return all
}
