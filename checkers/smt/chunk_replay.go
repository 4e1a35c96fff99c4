package smt

import (
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/models/program"
)

// ChunkRuns is how two chunks end when the sequential specification runs them on the same
// variables: each alone, and both in either order.
type ChunkRuns struct {
	Alone [2]ChunkEnd
	Both  [2]ChunkEnd // [0] is the first chunk and then the second, [1] the other way round
}

// ChunkEnd is how code ends, and where in the program its error is, or -1.
type ChunkEnd struct {
	program.Outcome
	At int
}

// RunChunks runs two chunks of the main code. It refuses those that are not straight-line
// code, which means something else apart from its place in the program, and inputs for
// variables that the program does not have.
func RunChunks(p *program.Program, chunks [2]Chunk, inputs []program.Binding) (ChunkRuns, error) {
	for _, b := range inputs {
		if !slices.Contains(p.Names, b.Name) {
			return ChunkRuns{}, fmt.Errorf("the program has no variable %q", b.Name)
		}
	}
	for _, c := range chunks {
		if err := Runnable(p, c); err != nil {
			return ChunkRuns{}, err
		}
	}
	if chunks[0].overlaps(chunks[1]) {
		return ChunkRuns{}, fmt.Errorf("the chunks %v and %v overlap", chunks[0], chunks[1])
	}
	var r ChunkRuns
	for _, run := range []struct {
		end    *ChunkEnd
		chunks []Chunk
	}{
		{&r.Alone[0], chunks[:1]}, {&r.Alone[1], chunks[1:]},
		{&r.Both[0], chunks[:]}, {&r.Both[1], []Chunk{chunks[1], chunks[0]}},
	} {
		var err error
		if *run.end, err = execute(p, inputs, run.chunks); err != nil {
			return ChunkRuns{}, err
		}
	}
	return r, nil
}

// Runnable says why a chunk cannot be run apart from its place in the program.
func Runnable(p *program.Program, c Chunk) error {
	if !c.in(p) {
		return fmt.Errorf("there is no chunk %v in code of %d instructions", c, len(p.Main().Code))
	}
	for pc := c.From; pc < c.To; pc++ {
		if in := p.Main().Code[pc]; in.Effects()&(program.Branches|program.Forks|program.Calls) != 0 {
			return fmt.Errorf("the chunk %v has a %v at %d, and only straight-line code without calls can be run apart", c, in.Op, pc)
		}
	}
	return nil
}

// execute runs the inputs' assignments and then the chunks.
func execute(prog *program.Program, inputs []program.Binding, chunks []Chunk) (ChunkEnd, error) {
	p := *prog
	p.Constants = slices.Clone(p.Constants)
	p.Functions = slices.Clone(p.Functions)
	var code []program.Instruction
	var origin []int
	for _, b := range inputs {
		constant, name := int32(len(p.Constants)), int32(slices.Index(p.Names, b.Name))
		p.Constants = append(p.Constants, b.Value)
		code = append(code, program.Instruction{Op: program.LoadConst, A: constant}, program.Instruction{Op: program.StoreName, A: name})
		origin = append(origin, -1, -1)
	}
	for _, c := range chunks {
		for pc := c.From; pc < c.To; pc++ {
			code, origin = append(code, prog.Main().Code[pc]), append(origin, pc)
		}
	}
	p.Functions[0].Code, p.Functions[0].Lines, p.Expect = code, nil, nil
	outcome, err := program.Run(&p, program.Limits{})
	if err != nil {
		return ChunkEnd{}, fmt.Errorf("the chunks cannot be run apart: %w", err)
	}
	e := ChunkEnd{outcome, -1}
	if e.Err != nil && e.Err.PC < len(origin) {
		e.At = origin[e.Err.PC]
	}
	return e, nil
}

// Judge says which rule of [Prover.Commute] the chunks break, if any.
func (r *ChunkRuns) Judge(p *program.Program, chunks [2]Chunk) checkers.Verdict {
	for i, name := range []string{"first", "second"} {
		if r.Alone[1-i].Err != nil {
			continue
		}
		alone, after := r.Alone[i], r.Both[1-i]
		if alone.failure() != after.failure() {
			return checkers.Failed(ErrorDepends, fmt.Sprintf("the %s chunk ends %s alone, and %s after the other", name, alone.failure(), after.failure()))
		}
		if alone.Err == nil {
			continue
		}
		for _, v := range stored(p, chunks[i], alone.At) {
			if x, y := alone.value(v), after.value(v); x != y {
				return checkers.Failed(UnfinishedDepend, fmt.Sprintf("when the %s chunk ends %s, %s is %s alone, and %s after the other",
					name, alone.failure(), v, x, y))
			}
		}
	}
	one, other := r.Both[0], r.Both[1]
	if one.Err != nil || other.Err != nil {
		return checkers.Passed()
	}
	for _, v := range p.Names {
		if x, y := one.value(v), other.value(v); x != y {
			return checkers.Failed(VariablesDepend, fmt.Sprintf("%s ends as %s, and as %s if the second chunk runs first", v, x, y))
		}
	}
	return checkers.Passed()
}

// replay runs the question's chunks on inputs, and keeps them if they refute.
func (q *chunkQuestion) replay(inputs []program.Binding) (checkers.Verdict, error) {
	runs, err := RunChunks(q.program, q.chunks, inputs)
	if err != nil {
		return checkers.Verdict{}, err
	}
	v := runs.Judge(q.program, q.chunks)
	if v.Status == checkers.Fail {
		q.proof.Counterexample = &ChunkCounterexample{inputs, runs}
		for _, b := range inputs {
			v.Evidence = append(v.Evidence, fmt.Sprintf("%s = %v", b.Name, b.Value))
		}
	}
	return v, nil
}

// failure says how the run ended.
func (e ChunkEnd) failure() string {
	if e.Err == nil {
		return "without an error"
	}
	return fmt.Sprintf("with %v at %d", e.Err.Kind, e.At)
}

func (e ChunkEnd) value(name string) string {
	for _, b := range e.Variables {
		if b.Name == name {
			return b.Value.String()
		}
	}
	return "undefined"
}

// stored lists the variables that a chunk of straight-line code stores before an
// instruction.
func stored(p *program.Program, c Chunk, before int) []string {
	var names []string
	for pc := c.From; pc < before; pc++ {
		if in := p.Main().Code[pc]; in.Op == program.StoreName {
			names = append(names, p.Names[in.A])
		}
	}
	return names
}
