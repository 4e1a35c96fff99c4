package smt

import (
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/models/program"
)

// replay runs the chunks on inputs, alone and in both orders, and says which rule of
// Commute they break; nil if none.
func (q *chunkQuestion) replay(inputs []program.Binding) *checkers.Verdict {
	for i, name := range []string{"first", "second"} {
		mine, others := q.chunks[i], q.chunks[1-i]
		if q.execute(inputs, others).err != nil {
			continue
		}
		alone, after := q.execute(inputs, mine), q.execute(inputs, others, mine)
		if alone.failure() != after.failure() {
			return q.refuted(inputs, ErrorDepends, fmt.Sprintf("the %s chunk ends %s alone, and %s after the other", name, alone.failure(), after.failure()))
		}
		if alone.err == nil {
			continue
		}
		for _, v := range q.stored(mine, alone.at) {
			if x, y := alone.value(v), after.value(v); x != y {
				return q.refuted(inputs, UnfinishedDepend, fmt.Sprintf("when the %s chunk ends %s, %s is %s alone, and %s after the other",
					name, alone.failure(), v, x, y))
			}
		}
	}
	one, other := q.execute(inputs, q.chunks[0], q.chunks[1]), q.execute(inputs, q.chunks[1], q.chunks[0])
	if one.err != nil || other.err != nil {
		return nil
	}
	for _, v := range q.program.Names {
		if x, y := one.value(v), other.value(v); x != y {
			return q.refuted(inputs, VariablesDepend, fmt.Sprintf("%s ends as %s, and as %s if the second chunk runs first", v, x, y))
		}
	}
	return nil
}

func (q *chunkQuestion) refuted(inputs []program.Binding, rule, reason string) *checkers.Verdict {
	q.proof.Counterexample = &ChunkCounterexample{
		Inputs:      inputs,
		FirstSecond: q.execute(inputs, q.chunks[0], q.chunks[1]).outcome,
		SecondFirst: q.execute(inputs, q.chunks[1], q.chunks[0]).outcome,
	}
	v := checkers.Failed(rule, reason)
	for _, b := range inputs {
		v.Evidence = append(v.Evidence, fmt.Sprintf("%s = %v", b.Name, b.Value))
	}
	return &v
}

// execution is a run of chunks in Go.
type execution struct {
	outcome program.Outcome
	err     *program.RunError
	at      int // of the error, in the program
}

// execute runs the inputs' assignments and then the chunks.
func (q *chunkQuestion) execute(inputs []program.Binding, chunks ...Chunk) execution {
	p := *q.program
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
			code, origin = append(code, p.Main().Code[pc]), append(origin, pc)
		}
	}
	p.Functions[0].Code, p.Functions[0].Lines, p.Expect = code, nil, nil
	outcome, err := program.Run(&p, program.Limits{})
	if err != nil { // the program was valid, so its straight-line pieces are
		return execution{err: &program.RunError{Detail: err.Error()}, at: -1}
	}
	e := execution{outcome: outcome, err: outcome.Err}
	if e.err != nil {
		e.at = origin[e.err.PC]
	}
	return e
}

// failure says how the run ended.
func (e execution) failure() string {
	if e.err == nil {
		return "without an error"
	}
	return fmt.Sprintf("with %v at %d", e.err.Kind, e.at)
}

func (e execution) value(name string) string {
	for _, b := range e.outcome.Variables {
		if b.Name == name {
			return b.Value.String()
		}
	}
	return "undefined"
}

// stored lists the variables that a chunk of straight-line code stores before an
// instruction.
func (q *chunkQuestion) stored(c Chunk, before int) []string {
	var names []string
	for pc := c.From; pc < before; pc++ {
		if in := q.program.Main().Code[pc]; in.Op == program.StoreName {
			names = append(names, q.program.Names[in.A])
		}
	}
	return names
}
