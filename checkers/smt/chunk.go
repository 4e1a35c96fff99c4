package smt

import (
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/models/program"
)

// The rules that chunks break which do not commute.
const (
	ErrorDepends     = "error depends on order"
	VariablesDepend  = "variables depend on order"
	UnfinishedDepend = "unfinished work depends on order" // what a chunk stored before its error
)

// Chunk is the instructions From…To-1 of a program's main code.
type Chunk struct{ From, To int }

// ChunkProof is the answer to whether two chunks commute.
type ChunkProof struct {
	Result
	Shared         []string // the variables that one writes and the other accesses
	Counterexample *ChunkCounterexample
}

// ChunkCounterexample is variables with which two chunks do not commute, and how the
// main code ends when the first chunk is run before the second, and after it.
type ChunkCounterexample struct {
	Inputs                   []program.Binding // those not listed are undefined
	FirstSecond, SecondFirst program.Outcome
}

// Commute decides whether two chunks of the main code commute, for all int values of
// the variables, each of which may also be undefined:
//
//   - a chunk ends with the same error at the same instruction, or with none, whether
//     or not the other has run before it without an error;
//   - if it ends with an error, it has stored the same by then;
//   - if neither ends with an error, both orders leave the same variables.
//
// So running them in parallel on private copies, and reporting the error of the
// first of them, is as good as one after the other. Limits on steps, memory and time
// are left out of account.
//
// Chunks that share no variable that either writes commute, whatever their code, if
// it stays inside them and has no effect but on variables. Otherwise they must be
// straight-line code on ints and bools, or the answer is Unknown.
func (p *Prover) Commute(prog *program.Program, first, second Chunk) ChunkProof {
	p.start()
	q := &chunkQuestion{prover: p, program: prog, chunks: [2]Chunk{first, second}}
	method, v := q.decide()
	q.proof.Result = p.result(method, v)
	return q.proof
}

type chunkQuestion struct {
	prover  *Prover
	program *program.Program
	chunks  [2]Chunk
	proof   ChunkProof
}

func (q *chunkQuestion) decide() (Method, checkers.Verdict) {
	if err := program.Validate(q.program); err != nil {
		return "", checkers.Undecided("%v", err)
	}
	first, second := q.chunks[0], q.chunks[1]
	code := q.program.Main().Code
	for _, c := range q.chunks {
		if c.From < 0 || c.To < c.From || c.To > len(code) {
			return "", checkers.Undecided("there is no chunk %d…%d in code of %d instructions", c.From, c.To, len(code))
		}
		if why := effects(code, c); why != "" {
			return "", checkers.Undecided("%s", why)
		}
	}
	if first.From < second.To && second.From < first.To && first.From < first.To && second.From < second.To {
		return "", checkers.Undecided("the chunks overlap")
	}
	q.proof.Shared = q.shared()
	if len(q.proof.Shared) == 0 {
		return ByFootprints, checkers.Passed()
	}
	return q.decideByExpressions()
}

// effects says why a chunk is more than a function of its variables.
func effects(code []program.Instruction, c Chunk) string {
	const others = program.ReadsShared | program.WritesShared | program.Prints | program.Calls | program.Forks |
		program.Waits | program.TakesTime
	for pc := c.From; pc < c.To; pc++ {
		in := code[pc]
		switch {
		case in.Op == program.Return, in.Effects()&others != 0:
			return fmt.Sprintf("the %v at %d does more than compute with variables", in.Op, pc)
		case in.Effects()&program.Branches != 0 && (int(in.A) < c.From || int(in.A) > c.To):
			return fmt.Sprintf("the %v at %d leaves its chunk", in.Op, pc)
		}
	}
	return ""
}

// shared lists the variables that one chunk writes and the other accesses.
func (q *chunkQuestion) shared() []string {
	var reads, writes [2]map[int32]bool
	for i, c := range q.chunks {
		reads[i], writes[i] = map[int32]bool{}, map[int32]bool{}
		for _, in := range q.program.Main().Code[c.From:c.To] {
			if in.Effects()&program.ReadsVariable != 0 {
				reads[i][in.A] = true
			}
			if in.Effects()&program.WritesVariable != 0 {
				writes[i][in.A] = true
			}
		}
	}
	var names []string
	for v, name := range q.program.Names {
		k := int32(v)
		if writes[0][k] && (reads[1][k] || writes[1][k]) || writes[1][k] && reads[0][k] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// decideByExpressions asks the questions in turn: each is a rule, and conditions
// under which it is broken.
func (q *chunkQuestion) decideByExpressions() (Method, checkers.Verdict) {
	m, why := newChunkMachine(q.program), ""
	a, b := m.run(q.chunks[0], nil, &why), m.run(q.chunks[1], nil, &why)
	if why != "" {
		return "", checkers.Undecided("%s", why)
	}
	ab, ba := m.run(q.chunks[1], a, &why), m.run(q.chunks[0], b, &why)
	questions := [][]*term{
		{b.succeeds(), m.not(m.eq(a.failure(), ba.failure()))},
		{a.succeeds(), m.not(m.eq(b.failure(), ab.failure()))},
		{b.succeeds(), m.eq(a.failure(), ba.failure()), a.unfinishedDiffers(ba)},
		{a.succeeds(), m.eq(b.failure(), ab.failure()), b.unfinishedDiffers(ab)},
		{a.succeeds(), b.succeeds(), ab.succeeds(), ba.succeeds(), ab.variablesDiffer(ba)},
	}
	method, doubt := ByExpressions, ""
	for _, conditions := range questions {
		if slices.Contains(conditions, m.no) {
			continue
		}
		method = BySolver
		switch result, values, reason := q.prover.ask(m.terms, append(m.domain(), conditions...)...); result {
		case undecided:
			doubt = reason
		case satisfiable:
			if v := q.replay(m.inputsOf(values)); v != nil {
				return ByReplay, *v
			}
			doubt = "Z3 gave inputs that did not show a difference when they were run"
		}
	}
	if doubt != "" {
		return "", checkers.Undecided("%s", doubt)
	}
	return method, checkers.Passed()
}
