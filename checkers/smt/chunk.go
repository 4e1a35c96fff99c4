package smt

import (
	"cmp"
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

func (c Chunk) String() string { return fmt.Sprintf("%d…%d", c.From, c.To-1) }

func (c Chunk) in(p *program.Program) bool {
	return 0 <= c.From && c.From <= c.To && c.To <= len(p.Main().Code)
}

func (c Chunk) overlaps(d Chunk) bool {
	return c.From < d.To && d.From < c.To && c.From < c.To && d.From < d.To
}

// ChunkProof is the answer to whether two chunks commute.
type ChunkProof struct {
	Result
	Shared         []string // the variables that one writes and the other accesses
	Counterexample *ChunkCounterexample
}

// ChunkCounterexample is variables with which two chunks do not commute, and how they ended
// when they were run.
type ChunkCounterexample struct {
	Inputs []program.Binding // those not listed are undefined
	Runs   ChunkRuns
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
// Chunks that share no variable that either writes commute, whatever their code and the
// functions that it calls, if it stays inside them, has no effect but on variables and the
// output, and they do not both print. Otherwise they must be straight-line code on ints and
// bools, or the answer is Unknown.
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
	for _, c := range q.chunks {
		if !c.in(q.program) {
			return "", checkers.Undecided("there is no chunk %v in code of %d instructions", c, len(q.program.Main().Code))
		}
	}
	if first.overlaps(second) {
		return "", checkers.Undecided("the chunks overlap")
	}
	a, b := q.footprint(first), q.footprint(second)
	if why := cmp.Or(a.beyond, b.beyond); why != "" {
		return "", checkers.Undecided("%s", why)
	}
	if a.prints && b.prints {
		return "", checkers.Undecided("both print, and the order of the output is seen")
	}
	q.proof.Shared = q.shared(a, b)
	if len(q.proof.Shared) == 0 {
		return ByFootprints, checkers.Passed()
	}
	return q.decideByExpressions()
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
			v, err := q.replay(m.inputsOf(values))
			if err == nil && v.Status == checkers.Fail {
				return ByReplay, v
			}
			doubt = "Z3 gave inputs that did not show a difference when they were run"
		}
	}
	if doubt != "" {
		return "", checkers.Undecided("%s", doubt)
	}
	return method, checkers.Passed()
}
