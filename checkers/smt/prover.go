package smt

import (
	"errors"
	"fmt"
	"math/big"
	"time"

	"synchrony/checkers"
)

// ErrWithoutZ3 is the reason of what is Unknown in a build without Z3: one with the
// tag noz3, or without cgo.
var ErrWithoutZ3 = errors.New("built without Z3")

// Limits bounds the work for one question. Zero fields mean the default.
type Limits struct {
	// Time is how long one question may take, all its queries together; default
	// 10 s. It is soft: Z3 looks at its clock now and then, and has been seen to
	// overrun it. A hard limit needs a process that can be killed. Negative is no limit: then
	// Work alone decides what is left open, and the answers do not depend on the machine.
	Time time.Duration
	// Work bounds each query in Z3's own count of steps, which is the same on
	// every machine; default none.
	Work uint
	// Contexts is how many sets of finished transactions, and then how many orders,
	// are considered for two transactions that do not always commute; default 512.
	Contexts int
}

// The defaults of Limits.
const (
	DefaultTime     = 10 * time.Second
	DefaultContexts = 512
)

// Prover answers questions, one after another. It keeps what it has proved about
// pairs of intents, and a Z3 context, which takes about 17 MB: reuse it. It is not
// safe for concurrent use; let each goroutine have its own.
type Prover struct {
	limits  Limits
	backend *backend

	intents  map[string]int32        // numbers of intents, by what they say
	table    map[pairing]commutation // once proved, for all batches
	feasible map[pairing]answer      // whether a call can succeed at all

	began   time.Time
	queries int
}

// New returns a Prover.
func New(limits Limits) *Prover {
	if limits.Time == 0 {
		limits.Time = DefaultTime
	}
	if limits.Contexts <= 0 {
		limits.Contexts = DefaultContexts
	}
	return &Prover{
		limits: limits, backend: newBackend(),
		intents: map[string]int32{}, table: map[pairing]commutation{}, feasible: map[pairing]answer{},
	}
}

// Result is an answer: Pass is a proof for all inputs, Fail a refutation with
// inputs that were replayed, Unknown neither.
type Result struct {
	checkers.Verdict
	Method  Method
	Queries int // to Z3
	Elapsed time.Duration
}

// Method is how an answer was found.
type Method string

// The methods, from the cheapest.
const (
	ByFootprints  Method = "footprints"        // what may run in any order shares nothing that either writes
	ByExpressions Method = "expressions"       // both orders give the same expressions
	ByTable       Method = "commutation table" // what may run in any order commutes in every state
	ByContexts    Method = "contexts"          // it commutes in every state that it can meet
	ByOrders      Method = "every order"       // each order was compared with the serial one
	ByFailure     Method = "certain failure"   // some transaction fails in every state
	BySolver      Method = "Z3"                // one query
	ByReplay      Method = "replay"            // the inputs of a refutation were run
)

// answer is what a solver says of conditions.
type answer uint8

const (
	undecided answer = iota // never to be read as a proof
	satisfiable
	unsatisfiable
)

// model has the values of variables, by name.
type model map[string]*big.Int

// start begins a question.
func (p *Prover) start() { p.began, p.queries = time.Now(), 0 }

func (p *Prover) result(method Method, v checkers.Verdict) Result {
	return Result{Verdict: v, Method: method, Queries: p.queries, Elapsed: time.Since(p.began)}
}

// remaining is what the question has left of its time; unlimited if that is not limited.
func (p *Prover) remaining() time.Duration {
	if p.limits.Time < 0 {
		return unlimited
	}
	return max(0, p.limits.Time-time.Since(p.began))
}

// unlimited is the time of a question that may take any.
const unlimited time.Duration = -1

// overTime says so if the question's time is up.
func (p *Prover) overTime() (reason string, over bool) {
	if p.remaining() != 0 {
		return "", false
	}
	return fmt.Sprintf("not decided within %v", p.limits.Time), true
}

// ask looks for values that satisfy all conditions. Those that are constant are
// decided without the solver.
func (p *Prover) ask(t *terms, conditions ...*term) (answer, model, string) {
	asked := conditions[:0:0]
	for _, c := range conditions {
		switch c {
		case t.yes:
		case t.no:
			return unsatisfiable, nil, ""
		default:
			asked = append(asked, c)
		}
	}
	if len(asked) == 0 {
		return satisfiable, model{}, ""
	}
	if reason, over := p.overTime(); over {
		return undecided, nil, reason
	}
	p.queries++
	result, m, reason := p.backend.check(asked, p.remaining(), p.limits.Work)
	if _, over := p.overTime(); over && result == undecided {
		reason = fmt.Sprintf("%s, within %v", reason, p.limits.Time)
	}
	return result, m, reason
}

// int64 returns a variable's value; one that the question did not mention may be
// anything, so it is 0.
func (m model) int64(name string) int64 {
	if n := m[name]; n != nil && n.IsInt64() {
		return n.Int64()
	}
	return 0
}
