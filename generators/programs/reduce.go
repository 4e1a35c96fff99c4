package programs

import (
	"slices"

	"synchrony/models/program"
)

// Reduce looks for a smaller program that fails as p does: it calls fails with one after the other, each simpler than the last that failed, until none is. First
// stretches of instructions go, of half of a function down to one, then functions that nothing calls; then calls become the code that they execute, forks have fewer workers, instructions become simpler, and numbers small. What is tried
// is as the options say: it is valid, ends, has one outcome unless the options draw races, and is plain and succeeds where they draw nothing else.
func Reduce(p *program.Program, o Options, fails func(*program.Program) bool) {
	r := &reducer{best: p, options: o, fails: fails, tried: map[string]bool{program.Disassemble(p): true}}
	for again := true; again; {
		again = r.dropStretches()
		again = r.dropFunctions() || again
		again = r.inlineCalls() || again
		again = r.lower() || again
	}
}

// reducer is a reduction under way.
type reducer struct {
	best    *program.Program // that failed
	options Options
	fails   func(*program.Program) bool
	tried   map[string]bool // by their text
}

// reduceSteps is how many steps a program may take that is tried: more than one that is drawn, and few enough for one that never ends.
const reduceSteps = 20_000

// try tries a change to a copy of the best program, which it keeps if that fails, too.
func (r *reducer) try(change func(*program.Program) bool) bool {
	c := cloned(r.best)
	if !change(c) {
		return false
	}
	canonical(c)
	text := program.Disassemble(c)
	if r.tried[text] {
		return false
	}
	r.tried[text] = true
	if !within(c, r.options) || !r.fails(c) {
		return false
	}
	r.best = c
	return true
}

// within reports whether the options could have drawn such a program, as far as whoever runs it can tell.
func within(p *program.Program, o Options) bool {
	outcome, err := program.Run(p, program.Limits{Steps: reduceSteps})
	switch {
	case err != nil, outcome.Err != nil && (outcome.Err.Kind.Limit() || o.Errors == 0 && o.Unmatched == 0):
		return false
	case o.Racy == 0 && !OneOutcome(p):
		return false
	}
	return !o.Plain || plain(p)
}

// OneOutcome reports whether no order of workers can be seen in what a valid program shows: their accesses to shared variables do not race, and no join has
// a timeout. It errs towards no.
func OneOutcome(p *program.Program) bool {
	shapes, err := program.Analyze(p)
	if err != nil {
		return false
	}
	_, racy := races(p, shapes)
	return !racy && !slices.ContainsFunc(p.Functions, func(f program.Function) bool {
		return slices.ContainsFunc(f.Code, func(in program.Instruction) bool { return in.Op == program.JoinWorkers && in.A > 0 })
	})
}

// cloned is a copy that shares nothing with p that is changed in place, without what its text expects and its lines.
func cloned(p *program.Program) *program.Program {
	c := &program.Program{Constants: slices.Clone(p.Constants), Names: slices.Clone(p.Names), Functions: slices.Clone(p.Functions)}
	for i := range c.Functions {
		f := &c.Functions[i]
		f.Locals, f.Code, f.Lines = slices.Clone(f.Locals), slices.Clone(f.Code), nil
	}
	return c
}

// dropStretches leaves out instructions of the same function, from the end: what fails is often caused by what is first.
func (r *reducer) dropStretches() (dropped bool) {
	for f := range r.best.Functions {
		for size := (len(r.best.Functions[f].Code) + 1) / 2; size > 0; size = smaller(size) {
			for from := len(r.best.Functions[f].Code) - size; from >= 0; from-- {
				if r.try(func(p *program.Program) bool { return cut(&p.Functions[f], from, size) }) {
					dropped = true
				}
			}
		}
		dropped = r.unwrap(f) || dropped
	}
	return dropped
}

// smaller halves large sizes, and lowers by one those that statements have.
func smaller(size int) int {
	const statement = 8
	if size > statement {
		return max(size/2, statement)
	}
	return size - 1
}

// unwrap leaves out a fork and its join, or two other instructions, of which neither can go alone.
func (r *reducer) unwrap(f int) (dropped bool) {
	const near = 60 // instructions between the two
	for i := 0; i < len(r.best.Functions[f].Code); i++ {
		for j := i + 2; j < min(len(r.best.Functions[f].Code), i+near); j++ {
			if r.try(func(p *program.Program) bool { return cut(&p.Functions[f], j, 1) && cut(&p.Functions[f], i, 1) }) {
				dropped = true
				j--
			}
		}
	}
	return dropped
}

// cut leaves out instructions of a function. Jumps to them lead to what comes after.
func cut(f *program.Function, from, size int) bool {
	if from+size > len(f.Code) {
		return false
	}
	f.Code = slices.Delete(f.Code, from, from+size)
	for i := range f.Code {
		if in := &f.Code[i]; isJump(in.Op) && int(in.A) > from {
			in.A = int32(max(from, int(in.A)-size))
		}
	}
	return true
}

// dropFunctions leaves out functions that nothing names.
func (r *reducer) dropFunctions() (dropped bool) {
	for f := len(r.best.Functions) - 1; f > 0; f-- {
		dropped = r.try(func(p *program.Program) bool {
			name := p.Functions[f].Name
			p.Functions = slices.Delete(p.Functions, f, f+1)
			canonical(p) // so that it has no constants but those of the others
			return !slices.ContainsFunc(p.Constants, func(v program.Value) bool { return v.Kind() == program.FuncKind && v.AsString() == name })
		}) || dropped
	}
	return dropped
}

// lower tries fewer workers, constants in place of variables, values that go nowhere, and numbers near 0.
func (r *reducer) lower() (lowered bool) {
	for f := range r.best.Functions {
		for pc := range r.best.Functions[f].Code {
			in := r.best.Functions[f].Code[pc]
			switch in.Op {
			case program.ForkExecution:
				lowered = r.fewerWorkers(f, pc, int(in.A)) || lowered
			case program.LoadName, program.SharedRead:
				lowered = r.constant(f, pc, program.Int(1)) || lowered
			case program.StoreName, program.SharedWrite, program.Print:
				lowered = r.put(f, pc, func(*program.Program) program.Instruction { return instruction(program.Pop) }) || lowered
			case program.LoadConst:
				lowered = r.smallerNumber(f, pc, r.best.Constants[in.A]) || lowered
			}
		}
	}
	return lowered
}

func (r *reducer) fewerWorkers(f, pc, workers int) bool {
	for n := 1; n < workers; n++ {
		if r.try(func(p *program.Program) bool { p.Functions[f].Code[pc].A = int32(n); return true }) {
			return true
		}
	}
	return false
}

func (r *reducer) smallerNumber(f, pc int, v program.Value) bool {
	if v.Kind() != program.IntKind {
		return false
	}
	for _, n := range []int64{0, 1, 2, v.AsInt() / 2} {
		if magnitude(n) < magnitude(v.AsInt()) && r.constant(f, pc, program.Int(n)) {
			return true
		}
	}
	return false
}

// constant tries a constant in place of what an instruction pushes.
func (r *reducer) constant(f, pc int, v program.Value) bool {
	return r.put(f, pc, func(p *program.Program) program.Instruction { return instruction(program.LoadConst, constantIn(p, v)) })
}

// put tries another instruction in place of one.
func (r *reducer) put(f, pc int, in func(*program.Program) program.Instruction) bool {
	return r.try(func(p *program.Program) bool {
		p.Functions[f].Code[pc] = in(p)
		return true
	})
}

// magnitude is how far n is from 0.
func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// constantIn is the index of a constant of a program, which gets it if it has not.
func constantIn(p *program.Program, v program.Value) int32 {
	if i := slices.IndexFunc(p.Constants, func(c program.Value) bool { return program.Identical(c, v) }); i >= 0 {
		return int32(i)
	}
	p.Constants = append(p.Constants, v)
	return int32(len(p.Constants) - 1)
}
