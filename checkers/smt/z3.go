//go:build cgo && !noz3

package smt

import (
	"fmt"
	"math"
	"math/big"
	"runtime"
	"time"

	"github.com/aclements/go-z3/z3"
)

// Available says whether this build has Z3. Without it, whatever needs a solver is
// Unknown: see [ErrWithoutZ3].
const Available = true

// recycle is after how many translated terms a context is given up. What Z3 holds
// is freed by finalizers only, which the garbage collector has no reason to run: it
// does not see that memory. So it is told to, now and then.
const recycle = 200_000

// heldContexts is how many contexts may have been given up before the collector is told to: each
// holds some 7 MB.
const heldContexts = 2

// Questions of up to quickTerms terms are put first to an incremental solver, which
// answers them in 0.1 ms where a fresh one takes 10 ms, for no longer than quickTime.
// It is worse at larger ones.
//
// Questions with products or quotients of variables are put to the incremental one
// only: the tactics that the other tries on them have been seen to go on for ever,
// whatever the timeout, and deaf to interrupts.
const (
	quickTerms = 1000
	quickTime  = 200 * time.Millisecond
)

// backend asks Z3. It is not safe for concurrent use: a context is not.
type backend struct {
	ctx      *z3.Context
	quick    *z3.Solver // incremental, by Push and Pop
	thorough *z3.Solver // Reset after each question: with all preprocessing
	ints     z3.Sort
	made     int
	givenUp  int // contexts that are still to be collected
	values   map[*term]z3.Value
	literal  map[string]z3.Int

	nonlinear   bool // a product or quotient of variables was translated for this question
	interrupted bool // the last check was
}

func newBackend() *backend { return &backend{} }

func (b *backend) open() {
	if b.ctx == nil {
		b.ctx = z3.NewContext(nil)
		b.quick, b.thorough = z3.NewSolver(b.ctx), z3.NewSolver(b.ctx)
		b.ints = b.ctx.IntSort()
	}
	b.values, b.literal, b.nonlinear = map[*term]z3.Value{}, map[string]z3.Int{}, false
}

func (b *backend) close() {
	b.values, b.literal = nil, nil
	if b.made > recycle {
		b.discard()
		b.givenUp = heldContexts
	}
	if b.givenUp >= heldContexts {
		b.givenUp = 0
		runtime.GC() // finalizers of a context's terms,
		runtime.GC() // and then, nothing pointing to it any more, its own
	}
}

func (b *backend) discard() {
	b.givenUp++
	b.ctx, b.quick, b.thorough, b.made, b.interrupted = nil, nil, nil, 0, false
}

// check looks for values that satisfy all conditions. If it returns satisfiable,
// they are in the model: the integer and boolean variables that occur, the latter
// as 0 or 1.
func (b *backend) check(conditions []*term, limit time.Duration, work uint) (result answer, m model, reason string) {
	defer func() {
		if r := recover(); r != nil { // how go-z3 reports Z3's errors
			b.discard()
			result, m, reason = undecided, nil, fmt.Sprintf("Z3 failed: %v", r)
		}
		b.close()
	}()
	b.open()
	before := b.made
	asserted := b.conditions(conditions)
	if b.nonlinear || b.made-before <= quickTerms {
		b.quick.Push()
		first := min(limit, quickTime) // unlimited stays so
		if b.nonlinear {
			first = limit
		}
		result, m, reason = b.ask(b.quick, asserted, first, work)
		if b.nonlinear || result != undecided {
			b.tidy(func() { b.quick.Pop() })
			return result, m, reason
		}
		b.discard()
		b.open()
		asserted = b.conditions(conditions)
	}
	result, m, reason = b.ask(b.thorough, asserted, limit, work)
	b.tidy(func() { b.thorough.Reset() })
	return result, m, reason
}

// tidy makes the context ready for the next question: a new one if it has been
// interrupted, for what is left of that is not known.
func (b *backend) tidy(retract func()) {
	if b.interrupted {
		b.discard()
		return
	}
	retract()
}

func (b *backend) ask(solver *z3.Solver, conditions []z3.Bool, limit time.Duration, work uint) (answer, model, string) {
	timeout := uint(max(1, limit.Milliseconds()))
	if limit == unlimited {
		timeout = math.MaxUint32 // Z3's word for it
	}
	b.ctx.Config().SetUint("timeout", timeout).SetUint("rlimit", work)
	for _, c := range conditions {
		solver.Assert(c)
	}
	stop := watch(b.ctx, limit)
	sat, err := solver.Check()
	b.interrupted = stop()
	switch {
	case err != nil: // sat is false then, and means nothing
		return undecided, nil, fmt.Sprintf("Z3 gave up: %v", err)
	case !sat:
		return unsatisfiable, nil, ""
	}
	return satisfiable, b.model(solver), ""
}

// grace is how long after its time Z3 is interrupted, and how often.
const grace = 50 * time.Millisecond

// watch interrupts a context's solver when its time is up, again and again until the
// function that it returns is called, if there is a limit: Z3's own timeout strikes only once, and has been
// seen to get lost, so that the solver went on for ever.
func watch(ctx *z3.Context, limit time.Duration) (stop func() (interrupted bool)) {
	if limit == unlimited {
		return func() bool { return false }
	}
	finished, stopped := make(chan struct{}), make(chan bool)
	go func() {
		interrupted := false
		timer := time.NewTimer(limit + grace)
		defer timer.Stop()
		for {
			select {
			case <-finished:
				stopped <- interrupted
				return
			case <-timer.C:
				interrupted = true
				ctx.Interrupt()
				timer.Reset(grace)
			}
		}
	}()
	return func() bool {
		close(finished)
		return <-stopped
	}
}

// model reads the values of all variables that were translated.
func (b *backend) model(solver *z3.Solver) model {
	m, zm := model{}, solver.Model()
	for x, v := range b.values {
		switch x.op {
		case opVar:
			n, ok := zm.Eval(v, true).(z3.Int).AsBigInt()
			if !ok {
				n = new(big.Int)
			}
			m[x.name] = n
		case opFlag:
			m[x.name] = new(big.Int)
			if set, _ := zm.Eval(v, true).(z3.Bool).AsBool(); set {
				m[x.name] = one
			}
		}
	}
	return m
}

func (b *backend) condition(x *term) z3.Bool { return b.translate(x).(z3.Bool) }
func (b *backend) integer(x *term) z3.Int    { return b.translate(x).(z3.Int) }

// translate is recursive: terms are as deep as the expressions of the input, which
// batch.MaxDepth bounds, times a transaction's or chunk's length.
func (b *backend) translate(x *term) z3.Value {
	if v, ok := b.values[x]; ok {
		return v
	}
	v := b.build(x)
	b.values[x] = v
	b.made++
	return v
}

func (b *backend) build(x *term) z3.Value {
	switch x.op {
	case opVar:
		return b.ctx.IntConst(x.name)
	case opFlag:
		return b.ctx.BoolConst(x.name)
	case opLinear:
		return b.linear(x)
	case opMul:
		b.nonlinear = true
		return b.integer(x.args[0]).Mul(b.integer(x.args[1]))
	case opQuo:
		return b.truncated(x, z3.Int.Div)
	case opRem:
		return b.truncated(x, z3.Int.Mod)
	case opIte:
		return b.condition(x.args[0]).IfThenElse(b.translate(x.args[1]), b.translate(x.args[2]))
	case opTrue:
		return b.ctx.FromBool(true)
	case opLE:
		return b.compare(x.args[0], z3.Int.LE)
	case opEQ:
		return b.compare(x.args[0], z3.Int.Eq)
	case opNot:
		return b.condition(x.args[0]).Not()
	case opAnd:
		return b.condition(x.args[0]).And(b.conditions(x.args[1:])...)
	default: // opOr
		return b.condition(x.args[0]).Or(b.conditions(x.args[1:])...)
	}
}

func (b *backend) conditions(xs []*term) []z3.Bool {
	out := make([]z3.Bool, len(xs))
	for i, x := range xs {
		out[i] = b.condition(x)
	}
	return out
}

func (b *backend) number(n *big.Int) z3.Int {
	key := n.Text(36)
	v, ok := b.literal[key]
	if !ok {
		v = b.ctx.FromBigInt(n, b.ints).(z3.Int)
		b.literal[key] = v
		b.made++
	}
	return v
}

func (b *backend) linear(x *term) z3.Int { return b.sum(x.constant, x.coefs, x.args) }

// sum is a constant and multiples of terms.
func (b *backend) sum(constant *big.Int, coefs []*big.Int, atoms []*term) z3.Int {
	sum := make([]z3.Int, 0, len(atoms)+1)
	for i, a := range atoms {
		v := b.integer(a)
		if coefs[i].Cmp(one) != 0 {
			v = b.number(coefs[i]).Mul(v)
			b.made++
		}
		sum = append(sum, v)
	}
	if constant.Sign() != 0 || len(sum) == 0 {
		sum = append(sum, b.number(constant))
	}
	if len(sum) == 1 {
		return sum[0]
	}
	return sum[0].Add(sum[1:]...)
}

// compare puts what is negative in a linear term on the other side: that saves most
// multiplications.
func (b *backend) compare(x *term, with func(z3.Int, z3.Int) z3.Bool) z3.Bool {
	constant, coefs, atoms := x.parts()
	var side [2]struct {
		coefs []*big.Int
		atoms []*term
	}
	for i, c := range coefs {
		s := &side[0]
		if c.Sign() < 0 {
			s, c = &side[1], new(big.Int).Neg(c)
		}
		s.coefs, s.atoms = append(s.coefs, c), append(s.atoms, atoms[i])
	}
	left := b.sum(new(big.Int), side[0].coefs, side[0].atoms)
	return with(left, b.sum(new(big.Int).Neg(constant), side[1].coefs, side[1].atoms))
}

// truncated makes Z3's division, whose remainder is never negative, one that rounds
// toward zero: they agree for dividends from 0, and the sign of the dividend is the
// sign of everything.
func (b *backend) truncated(x *term, euclidean func(z3.Int, z3.Int) z3.Int) z3.Int {
	b.nonlinear = b.nonlinear || x.args[1].value() == nil
	dividend, divisor := b.integer(x.args[0]), b.integer(x.args[1])
	negative := dividend.LT(b.number(new(big.Int)))
	b.made += 6
	return negative.IfThenElse(euclidean(dividend.Neg(), divisor).Neg(), euclidean(dividend, divisor)).(z3.Int)
}
