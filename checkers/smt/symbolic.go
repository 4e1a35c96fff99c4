package smt

import (
	"fmt"

	"synchrony/models/batch"
)

// symbols are a batch's inputs: a variable for each balance at first and for each
// amount, whatever the batch says they are.
type symbols struct {
	*terms
	batch    *batch.Batch
	balances []*term // by account; nil until used
	inputs   []*term // all variables used
	amounts  []*term // of all transactions' parameters
	first    []int32 // where a transaction's amounts begin

	// In long runs a balance that has become a long sum is given a name, defined to
	// be the sum, so that what is made of n transactions is no longer than n: not
	// after transactions of a pair that is compared, for there the sums show that
	// both orders give the same.
	names       map[*term]*term // nil if there are none
	definitions []*term
	keep        pair
}

// longSum is from how many summands on a balance gets a name.
const longSum = 4

// shorten returns a balance, or the name that it gets.
func (s *symbols) shorten(x *term) *term {
	if s.names == nil || x.op != opLinear || len(x.args) < longSum {
		return x
	}
	name, ok := s.names[x]
	if !ok {
		name = s.variable(fmt.Sprintf("sum %d", x.id))
		s.names[x] = name
		s.definitions = append(s.definitions, s.eq(name, x))
	}
	return name
}

func newSymbols(b *batch.Batch) *symbols {
	s := &symbols{terms: newTerms(), batch: b, balances: make([]*term, len(b.Accounts)), first: make([]int32, len(b.Transactions))}
	n := 0
	for i := range b.Transactions {
		s.first[i] = int32(n)
		if c := b.Transactions[i].Call; c != nil {
			n += len(c.Args)
		}
	}
	s.amounts = make([]*term, n)
	return s
}

// naming gives names to long sums when two orders of a pair are compared, but does
// not if whole orders are.
func (s *symbols) naming(c pair) *symbols {
	if c.first != nobody {
		s.names, s.keep = map[*term]*term{}, c
	}
	return s
}

func balanceName(a batch.AccountID) string  { return fmt.Sprintf("balance %d", a) }
func amountName(tx int32, param int) string { return fmt.Sprintf("amount %d of %d", param, tx) }
func (s *symbols) input(name string) *term {
	x := s.variable(name)
	s.inputs = append(s.inputs, x)
	return x
}
func (s *symbols) at(tx int32, param int) int { return int(s.first[tx]) + param }

func (s *symbols) balance(a batch.AccountID) *term {
	if s.balances[a] == nil {
		s.balances[a] = s.input(balanceName(a))
	}
	return s.balances[a]
}

func (s *symbols) amount(tx int32, param int) *term {
	x := &s.amounts[s.at(tx, param)]
	if *x == nil {
		*x = s.input(amountName(tx, param))
	}
	return *x
}

// domain says that all inputs are int64s, and names what they are defined to be.
func (s *symbols) domain() []*term {
	conditions := make([]*term, len(s.inputs), len(s.inputs)+len(s.definitions))
	for i, x := range s.inputs {
		conditions[i] = s.inRange(x)
	}
	return append(conditions, s.definitions...)
}

// withInputs returns the batch with the inputs of a model.
func (s *symbols) withInputs(m model) *batch.Batch {
	b := *s.batch
	b.Accounts = append([]batch.Account(nil), b.Accounts...)
	for a := range b.Accounts {
		if s.balances[a] != nil {
			b.Accounts[a].Balance = m.int64(balanceName(batch.AccountID(a)))
		}
	}
	b.Transactions = append([]batch.Transaction(nil), b.Transactions...)
	for i := range b.Transactions {
		c := b.Transactions[i].Call
		if c == nil {
			continue
		}
		changed := *c
		changed.Args = append([]batch.Arg(nil), c.Args...)
		for k := range changed.Args {
			if s.amounts[s.at(int32(i), k)] != nil {
				changed.Args[k].Amount = m.int64(amountName(int32(i), k))
			}
		}
		b.Transactions[i].Call = &changed
	}
	return &b
}

// requirement is a condition that a transaction needs to succeed.
type requirement struct {
	holds *term
	kind  batch.FailureKind
	// overflow says that the condition is that an arithmetic result is in range.
	overflow bool
}

// run is what transactions do one after another, as long as all succeed: since any
// failure aborts the batch, what comes after one needs no expression. Balances so
// stay plain sums, without a case for each transaction that may have failed.
type run struct {
	*symbols
	state    map[batch.AccountID]*term // the balances that were written
	required []requirement             // in the order in which they are evaluated

	call    *batch.Call
	tx      int32
	written map[batch.AccountID]*term // by the transaction at hand
}

func (s *symbols) newRun() *run { return &run{symbols: s, state: map[batch.AccountID]*term{}} }

// runAll runs transactions in an order.
func (s *symbols) runAll(orders ...[]int32) *run {
	r := s.newRun()
	for _, order := range orders {
		for _, tx := range order {
			r.transaction(tx)
		}
	}
	return r
}

// transaction runs a transaction in text form, as batch.RunSerially does.
func (r *run) transaction(tx int32) {
	r.tx, r.call, r.written = tx, r.batch.Transactions[tx].Call, nil
	in := r.call.Intent
	for i := range in.Guard {
		r.compare(&in.Guard[i], batch.GuardFailed)
	}
	written := map[batch.AccountID]*term{}
	var disagree []*term
	surplus := r.zero
	for i := range in.Verify {
		param, ok := in.Verify[i].Defines()
		if !ok {
			continue
		}
		account, value := r.call.Args[param].Account, r.value(in.Verify[i].Right)
		if first, again := written[account]; again {
			disagree = append(disagree, r.eq(first, value))
			continue
		}
		written[account] = value
		surplus = r.add(surplus, r.sub(value, r.current(account)))
	}
	for _, c := range disagree {
		r.require(c, batch.PostconditionFailed, false)
	}
	r.written = written
	for i := range in.Verify {
		if _, defines := in.Verify[i].Defines(); !defines {
			r.compare(&in.Verify[i], batch.PostconditionFailed)
		}
	}
	r.require(r.eq(surplus, r.zero), batch.NotConserved, false)
	for _, account := range r.batch.Transactions[tx].Writes {
		value := written[account]
		if tx != r.keep.first && tx != r.keep.second {
			value = r.shorten(value)
		}
		r.state[account] = value
	}
}

func (r *run) require(c *term, kind batch.FailureKind, overflow bool) {
	if c != r.yes {
		r.required = append(r.required, requirement{c, kind, overflow})
	}
}

func (r *run) compare(c *batch.Cond, kind batch.FailureKind) {
	left := r.value(c.Left)
	right := r.value(c.Right)
	r.require(r.relation(c.Op, left, right), kind, false)
}

func (t *terms) relation(o batch.CompareOp, left, right *term) *term {
	switch o {
	case batch.GTE:
		return t.le(right, left)
	case batch.LTE:
		return t.le(left, right)
	case batch.EQ:
		return t.eq(left, right)
	case batch.NEQ:
		return t.not(t.eq(left, right))
	case batch.GT:
		return t.lt(right, left)
	default: // LT
		return t.lt(left, right)
	}
}

// current is a balance before the transaction at hand.
func (r *run) current(a batch.AccountID) *term {
	if x, ok := r.state[a]; ok {
		return x
	}
	return r.balance(a)
}

// value evaluates an expression, and requires that every subexpression has a value.
func (r *run) value(x *batch.Expr) *term {
	switch x.Kind {
	case batch.IntLit:
		return r.number(x.Int)
	case batch.Amount:
		return r.amount(r.tx, x.Param)
	case batch.Old, batch.New:
		account := r.call.Args[x.Param].Account
		if value, ok := r.written[account]; ok && x.Kind == batch.New {
			return value
		}
		return r.current(account)
	}
	left := r.value(x.Left)
	if x.Kind == batch.Neg {
		return r.fits(r.neg(left))
	}
	right := r.value(x.Right)
	switch x.Kind {
	case batch.Add:
		return r.fits(r.add(left, right))
	case batch.Sub:
		return r.fits(r.sub(left, right))
	case batch.Mul:
		return r.fits(r.mul(left, right))
	}
	r.require(r.not(r.eq(right, r.zero)), batch.ArithmeticFailed, false)
	if x.Kind == batch.Div {
		return r.fits(r.quo(left, right))
	}
	return r.rem(left, right)
}

func (r *run) fits(x *term) *term {
	r.require(r.inRange(x), batch.ArithmeticFailed, true)
	return x
}

// conditions are all requirements, without repetitions.
func (r *run) conditions() []*term {
	seen := make(map[*term]bool, len(r.required))
	var all []*term
	for _, q := range r.required {
		if !seen[q.holds] {
			seen[q.holds] = true
			all = append(all, q.holds)
		}
	}
	return all
}

// differences are three questions, each given as conditions to satisfy: does some
// input let a succeed and b fail, or the other way round, or both succeed with
// different balances? A question that needs no solver to be denied is left out. If
// none is left, a and b are the same expressions.
func differences(a, b *run) [][]*term {
	s := a.symbols
	condA, condB := a.conditions(), b.conditions()
	onlyA, onlyB := without(condA, condB), without(condB, condA)
	var questions [][]*term
	ask := func(conditions []*term, extra *term) {
		if extra != s.no {
			questions = append(questions, append(append(s.domain(), conditions...), extra))
		}
	}
	ask(condA, s.not(s.and(onlyB...)))
	ask(condB, s.not(s.and(onlyA...)))
	var differ []*term
	for id := range s.batch.Accounts {
		account := batch.AccountID(id)
		_, inA := a.state[account]
		if _, inB := b.state[account]; inA || inB {
			differ = append(differ, s.not(s.eq(a.current(account), b.current(account))))
		}
	}
	ask(append(append([]*term(nil), condA...), onlyB...), s.or(differ...))
	return questions
}

func without(all, excluded []*term) []*term {
	out := make(map[*term]bool, len(excluded))
	for _, x := range excluded {
		out[x] = true
	}
	var rest []*term
	for _, x := range all {
		if !out[x] {
			rest = append(rest, x)
		}
	}
	return rest
}
