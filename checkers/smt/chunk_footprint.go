package smt

import (
	"fmt"
	"slices"

	"synchrony/models/program"
)

// footprint is what code may do to what others can see, the functions that it may call included.
type footprint struct {
	reads, writes map[int32]bool // globals, by name
	prints        bool
	beyond        string // why it is more than a function of its variables; then the rest is not complete
}

// footprint collects what the instructions of a chunk may do. A name that a function declares is a local
// of each call, which nobody else sees.
func (q *chunkQuestion) footprint(c Chunk) footprint {
	f := footprint{reads: map[int32]bool{}, writes: map[int32]bool{}}
	main := q.program.Main()
	called := make([]bool, len(q.program.Functions))
	var pending []int
	call := func(in program.Instruction) {
		for _, callee := range q.callees(in) {
			if !called[callee] {
				called[callee] = true
				pending = append(pending, callee)
			}
		}
	}
	for pc := c.From; pc < c.To; pc++ {
		in := main.Code[pc]
		if in.Op == program.Return || in.Effects()&program.Branches != 0 && (int(in.A) < c.From || int(in.A) > c.To) {
			f.beyond = fmt.Sprintf("the %v at %d leaves its chunk", in.Op, pc)
			return f
		}
		f.add(main, in, pc)
		call(in)
	}
	for len(pending) > 0 {
		function := &q.program.Functions[pending[0]]
		pending = pending[1:]
		for pc, in := range function.Code {
			f.add(function, in, pc)
			call(in)
		}
	}
	return f
}

// add adds one instruction of a function, without what it calls. Forks are functions of the
// variables, too, as long as their workers share nothing and never look at the time.
func (f *footprint) add(function *program.Function, in program.Instruction, pc int) {
	const beyond = program.ReadsShared | program.WritesShared | program.TakesTime
	effects := in.Effects()
	if effects&beyond != 0 && f.beyond == "" {
		f.beyond = fmt.Sprintf("the %v at %s+%d does more than compute with variables", in.Op, function.Name, pc)
	}
	f.prints = f.prints || effects&program.Prints != 0
	if effects&(program.ReadsVariable|program.WritesVariable) == 0 || function.Local(in.A) >= 0 {
		return
	}
	if effects&program.ReadsVariable != 0 {
		f.reads[in.A] = true
	}
	if effects&program.WritesVariable != 0 {
		f.writes[in.A] = true
	}
}

// callees are the functions that an instruction may call: any, if it is a value that says which.
func (q *chunkQuestion) callees(in program.Instruction) []int {
	switch in.Op {
	case program.CallFuncConst, program.ParallelMap:
		return []int{q.program.FunctionIndex(q.program.Constants[in.A].AsString())}
	case program.CallName, program.CallTop:
		all := make([]int, len(q.program.Functions))
		for i := range all {
			all[i] = i
		}
		return all[1:] // nothing calls the main code
	}
	return nil
}

// shared lists the variables that one chunk writes and the other accesses.
func (q *chunkQuestion) shared(a, b footprint) []string {
	var names []string
	for v, name := range q.program.Names {
		k := int32(v)
		if a.writes[k] && (b.reads[k] || b.writes[k]) || b.writes[k] && a.reads[k] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
