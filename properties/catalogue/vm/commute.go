package vm

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/smt"
	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
)

// commutation is V14. What is judged is the analysis that a run shows, which no schedule changes.
func commutation(s system) properties.Testable {
	proofs := &commuting{}
	has := func(name string, list func(program.Workload, *trace.ProgramObservation) ([]pair, int)) condition {
		return condition{Name: name, Holds: func(w program.Workload, o trace.ProgramObservation) bool {
			pairs, _ := list(w, &o)
			return len(pairs) > 0
		}}
	}
	p := one(s, "V14", "chunks without a data dependency, direct or through others, commute for all inputs, errors included",
		integers(), []condition{chunked, has("an independent pair", independent), has("a dependent pair", dependent)}, proofs)
	p.Unscheduled, p.Classify = true, proofs.classify
	return p
}

// integers draws programs of straight-line code on ints, nearly all of which a prover has a model of, in small chunks.
// Some have many variables, so that chunks are independent, others a few that all chunks use.
func integers() *rapid.Generator[program.Workload] {
	straight := with(programs.StraightLine(), func(o *programs.Options) { o.Values, o.Modes, o.MaxStatements = 0, 0, 20 })
	wide := with(programs.Wide(), func(o *programs.Options) { o.Loops, o.MaxStatements = 0, 20 })
	g := rapid.OneOf(workloads(straight), workloads(wide))
	return rapid.Custom(func(t *rapid.T) program.Workload {
		w := g.Draw(t, "workload")
		w.Setup.ChunkSize, w.Setup.MinChunkSize = rapid.IntRange(1, 10).Draw(t, "chunk size"), 1
		return w
	})
}

// pair is two chunks, the first of which is before the second.
type pair struct{ first, second int }

// Bounds on what is asked of one program.
const (
	maxPairs     = 6   // that have to commute
	maxDependent = 3   // that don't, for the labels
	maxPaired    = 256 // chunks that are looked at; pairs grow with their square
)

// independent lists pairs of chunks that no chain of data dependencies orders, near ones first, and counts those
// that were passed over because the prover has no model of their code. Of the other dependencies, control is about
// errors, to which a proof that chunks commute applies too (the error of the first of them is the run's); chunks that
// print or fork are not asked about.
func independent(w program.Workload, o *trace.ProgramObservation) (pairs []pair, skipped int) {
	chunks := o.Chunks[:min(len(o.Chunks), maxPaired)]
	ordered := trace.OrderedChunks(len(chunks), o.Edges, trace.ChunkData)
	straight := modelled(w.Program, chunks)
	for distance := 1; distance < len(chunks); distance++ {
		for first := range len(chunks) - distance {
			second := first + distance
			switch {
			case ordered[second][first]:
			case !straight[first] || !straight[second]:
				skipped++
			case len(pairs) < maxPairs:
				pairs = append(pairs, pair{first, second})
			}
		}
	}
	return pairs, skipped
}

// dependent lists a few pairs with an edge of data between them.
func dependent(w program.Workload, o *trace.ProgramObservation) (pairs []pair, skipped int) {
	straight := modelled(w.Program, o.Chunks)
	for _, e := range o.Edges {
		switch {
		case e.Kinds&trace.ChunkData == 0 || !e.Between(len(o.Chunks)):
		case !straight[e.From] || !straight[e.To]:
			skipped++
		case len(pairs) < maxDependent:
			pairs = append(pairs, pair{int(e.From), int(e.To)})
		}
	}
	return pairs, skipped
}

// modelled says of each chunk whether it is straight-line code on ints and bools, for which every question has a form
// that Z3 can be asked.
func modelled(p *program.Program, chunks []trace.Chunk) []bool {
	code := p.Main().Code
	straight := make([]bool, len(chunks))
	for i, c := range chunks {
		straight[i] = 0 <= c.From && c.From < c.To && c.To <= len(code) &&
			!slices.ContainsFunc(code[c.From:c.To], func(in program.Instruction) bool { return !simple(p, in) })
	}
	return straight
}

func simple(p *program.Program, in program.Instruction) bool {
	switch in.Op {
	case program.LoadConst:
		kind := p.Constants[in.A].Kind()
		return kind == program.IntKind || kind == program.BoolKind
	case program.LoadName:
		return p.Names[in.A] != program.WorkerID
	case program.StoreName, program.Pop, program.Dup, program.Nop,
		program.Add, program.Sub, program.Mul, program.Div, program.Mod, program.Neg,
		program.Eq, program.Neq, program.Lt, program.Gt, program.Lte, program.Gte,
		program.And, program.Or, program.Not:
		return true
	default:
		return false
	}
}

// commuting decides V14. It keeps provers that are not in use, since each has a context of Z3, which is large and
// only freed by the garbage collector. A prover's past changes no answer.
type commuting struct {
	mu   sync.Mutex
	idle []*smt.Prover
}

// proverWork bounds a query in Z3's own steps, so that what is undecided is the same on every machine. Queries that
// are decided take a small part of it; those about products and remainders of variables may take any number.
const proverWork = 2_000_000

func (*commuting) Name() string { return "commutation" }

func (c *commuting) Check(w program.Workload, o trace.ProgramObservation) checkers.Verdict {
	pairs, _ := independent(w, &o)
	verdict := checkers.Passed()
	for _, p := range pairs {
		proof := c.prove(w.Program, o.Chunks, p)
		switch proof.Status {
		case checkers.Fail:
			return broken(o.Chunks, p, proof)
		case checkers.Unknown: // a later pair may still be refuted
			verdict = checkers.Undecided("whether %s commute: %s", p.in(o.Chunks), proof.Reason)
		}
	}
	return verdict
}

// prove asks a prover that nobody else uses meanwhile.
func (c *commuting) prove(prog *program.Program, chunks []trace.Chunk, p pair) smt.ChunkProof {
	prover := c.take()
	defer c.giveBack(prover)
	first, second := chunks[p.first], chunks[p.second]
	return prover.Commute(prog, smt.Chunk{From: first.From, To: first.To}, smt.Chunk{From: second.From, To: second.To})
}

func (c *commuting) take() *smt.Prover {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.idle); n > 0 {
		prover := c.idle[n-1]
		c.idle = c.idle[:n-1]
		return prover
	}
	return smt.New(smt.Limits{Time: -1, Work: proverWork})
}

func (c *commuting) giveBack(prover *smt.Prover) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.idle = append(c.idle, prover)
}

// in names the chunks of a pair.
func (p pair) in(chunks []trace.Chunk) string {
	one, other := chunks[p.first], chunks[p.second]
	return fmt.Sprintf("chunks %d (%d…%d) and %d (%d…%d)", p.first, one.From, one.To, p.second, other.From, other.To)
}

// broken is the verdict of a refuted pair: on which inputs, and what both orders give.
func broken(chunks []trace.Chunk, p pair, proof smt.ChunkProof) checkers.Verdict {
	v := checkers.Failed(proof.Rule, fmt.Sprintf("no data dependency orders %s, which share %s but don't commute: %s",
		p.in(chunks), strings.Join(proof.Shared, ", "), proof.Reason), proof.Evidence...)
	if c := proof.Counterexample; c != nil {
		if len(c.Inputs) == 0 {
			v.Evidence = append(v.Evidence, "all variables are undefined before")
		}
		v.Evidence = append(v.Evidence,
			fmt.Sprintf("chunk %d, then %d: %s", p.first, p.second, shows(c.Runs.Both[0].Outcome)),
			fmt.Sprintf("chunk %d, then %d: %s", p.second, p.first, shows(c.Runs.Both[1].Outcome)))
	}
	return v
}

// shows is an outcome in one line. An error's position is left out: it is one in the code that was run, two chunks.
func shows(o program.Outcome) string {
	var parts []string
	for _, b := range o.Variables {
		parts = append(parts, fmt.Sprintf("%s = %v", b.Name, b.Value))
	}
	if o.Err != nil {
		parts = append(parts, "error: "+o.Err.Kind.String())
	}
	return cmp.Or(strings.Join(parts, ", "), "nothing")
}

// classify labels a case by how its pairs were decided. A dependent pair that does not commute shows that the prover
// tells the difference; one that does was ordered for the sake of the names of its variables alone.
func (c *commuting) classify(w program.Workload, o trace.ProgramObservation) []string {
	l := programs.Classify(w)
	label := func(kind string, list func(program.Workload, *trace.ProgramObservation) ([]pair, int)) {
		pairs, skipped := list(w, &o)
		for _, p := range pairs {
			proof := c.prove(w.Program, o.Chunks, p)
			switch proof.Status {
			case checkers.Pass:
				l.Add(fmt.Sprintf("%s pair: commutes, by %s", kind, proof.Method))
			case checkers.Fail:
				l.Add(kind + " pair: does not commute, by " + string(proof.Method))
			default:
				l.Add(kind + " pair: undecided")
			}
		}
		if skipped > 0 {
			l.Add(kind + " pair: skipped, not straight-line code on ints")
		}
	}
	label("independent", independent)
	label("dependent", dependent)
	return l
}
