package programs

import (
	"strings"

	"pgregory.net/rapid"

	"synchrony/generators/bounds"
	"synchrony/generators/choice"
	"synchrony/models/program"
)

// dimension is a way in which a program is large: what is n of it, and a bound of a machine may be on that.
type dimension struct {
	name string // as in the table of bounds
	most int    // what the language allows, or more costs more than it is worth
	add  func(l *large, n int)
}

// dimensions are ordered from simple to complex, as a shrinker prefers them.
func dimensions() []dimension {
	return []dimension{
		{"chunks", 1002, (*large).links},
		{"variables", 300, (*large).variables},
		{"strings", 300, (*large).strings},
		{"constants", 300, (*large).constants},
		{"output", 300, (*large).output},
		{"steps", 16_400, (*large).loop},
		{"bytes", 300, (*large).text},
		{"entries", 300, (*large).entries},
		{"elements", 1030, (*large).elements},
		{"shared variables", 300, (*large).shared},
		{"functions", 300, (*large).functions},
		{"locals", program.MaxLocals, (*large).locals},
		{"parameters", program.MaxStack - 1, (*large).parameters},
		{"stack", program.MaxStack - 1, (*large).stack},
		{"calls", program.MaxStack - 1, (*large).calls},
		{"accesses", 8200, (*large).accesses},
		{"fork workers", program.MaxWorkers, (*large).fork},
		{"rounds", 300, (*large).rounds},
		{"depth", 1001, (*large).recursion}, // which may be an error, and hide what comes after it
	}
}

// What else of a run is large.
const (
	poolSize  = "workers"
	attempts  = "attempts" // at the first chunk
	queueSize = "queue"
)

// The most of these.
const (
	maxPool     = 130
	maxAttempts = 300
	maxQueue    = 300
)

// ScaledSteps is the limit on the steps of large programs, which no other drawn program has.
const ScaledSteps = 200_000

// scaleNumbers is what is drawn of a large program: the size of each dimension, 0 for none.
type scaleNumbers struct {
	sizes   []int // by dimension
	apart   bool  // the chunks do not need each other
	fails   bool  // it ends with an error
	workers int
	mode    program.Mode
	chunk   int
	queue   int
	tries   int // attempts at the first chunk
}

// Scaled draws programs that are large: one is in one way at least, of a size around some bound of the machine or of
// fields of their widths (see package bounds). No order of accesses can be seen, and nothing limits their time.
func Scaled() *rapid.Generator[Drawn] {
	return rapid.Custom(func(t *rapid.T) Drawn { return Drawn{drawScale(choice.From(t)).workload()} })
}

// ScaledSizes returns how many there are at most of each thing of which Scaled draws a number, by its name in the table of bounds.
func ScaledSizes() map[string]int {
	most := map[string]int{poolSize: maxPool, attempts: maxAttempts, queueSize: maxQueue}
	for _, d := range dimensions() {
		most[d.name] = d.most
	}
	return most
}

func drawScale(s choice.Source) scaleNumbers {
	var ways []choice.Sizes
	for _, d := range dimensions() {
		ways = append(ways, bounds.Around(d.name, d.most))
	}
	n := scaleNumbers{sizes: choice.DrawSome(s, ways, 35)}
	n.apart = choice.Chance(s, 30)
	n.fails = choice.Chance(s, 25)
	n.mode = []program.Mode{program.Parallel, program.Auto, program.Sequential}[choice.Pick(s, 7, 2, 1)]
	n.workers = 2
	if pool := bounds.Around(poolSize, maxPool).Draw(s); choice.Chance(s, 40) {
		n.workers = pool
	}
	n.chunk = []int{4, 1, 50, 1000}[choice.Pick(s, 3, 1, 1, 4)]
	if queue := bounds.Around(queueSize, maxQueue).Draw(s); choice.Chance(s, 20) {
		n.queue = queue
	}
	if tries := bounds.Around(attempts, maxAttempts).Draw(s); choice.Chance(s, 15) {
		n.tries = tries
	}
	return n
}

func (n scaleNumbers) workload() program.Workload {
	l := &large{tables: newTables(), apart: n.apart}
	for i, d := range dimensions() {
		if n.sizes[i] > 0 {
			d.add(l, n.sizes[i])
		}
	}
	if n.fails {
		l.push(program.String(strings.Repeat("x", max(l.bytes, 1))))
		l.emit(program.Neg)
		l.emit(program.Pop)
	}
	l.program.Functions[0].Code = l.code
	canonical(l.program)
	s := program.Setup{Mode: n.mode, Workers: n.workers, ChunkSize: n.chunk, MinChunkSize: 1, QueueSize: n.queue, Limits: program.Limits{Steps: ScaledSteps}}
	if n.tries > 1 {
		s.Retries = n.tries
		for k := range n.tries {
			s.Faults = append(s.Faults, program.Fault{Kind: program.FailAttempt, Attempt: k})
		}
	}
	return program.Workload{Program: l.program, Setup: s}
}
