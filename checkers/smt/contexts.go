package smt

import (
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/models/batch"
)

// decideInContext decides about pairs that do not commute in every state: in those
// that they can meet here. A context is what has run before: a set of transactions
// that is closed under the plan's predecessors. Taking contexts by size, all orders
// of one are known to give the same state when it is reached, so that one order of
// it stands for all.
func (q *planQuestion) decideInContext() (Method, checkers.Verdict) {
	var doubts []string
	if !slices.Equal(q.planned, q.serial) {
		c := pair{nobody, nobody}
		v, reason := q.compare(c, q.serial, q.planned)
		if v != nil {
			return ByReplay, *v
		}
		if reason != "" {
			doubts = append(doubts, reason)
		}
	}
	back := q.plan.reversed()
	if v := q.smallestContexts(back); v != nil {
		return ByReplay, *v
	}
	v, reason := q.allContexts(back)
	if v != nil {
		return ByReplay, *v
	}
	if reason != "" {
		doubts = append(doubts, reason)
	}
	if len(doubts) == 0 {
		return ByContexts, checkers.Passed()
	}
	switch proved, v := q.allOrders(); {
	case v != nil:
		return ByReplay, *v
	case proved:
		return ByOrders, checkers.Passed()
	}
	c := q.suspects[0]
	return "", checkers.Undecided("%s and %s conflict and the plan does not order them; whether that matters is not known: %s",
		q.id(c.first), q.id(c.second), doubts[0])
}

// nobody stands for no particular transaction.
const nobody int32 = -1

// smallestContexts tries to refute each suspect pair where it can run first.
func (q *planQuestion) smallestContexts(back digraph) *checkers.Verdict {
	ancestors := newReach(back)
	descendants := newReach(q.plan)
	for _, c := range q.suspects {
		if _, over := q.prover.overTime(); over {
			return nil
		}
		if descendants.from(c.second); descendants.has(c.first) {
			continue // the plan has them the other way round
		}
		done := make([]bool, len(q.serial))
		for _, tx := range []int32{c.first, c.second} {
			ancestors.from(tx)
			for i := range done {
				done[i] = done[i] || ancestors.has(int32(i)) && int32(i) != tx
			}
		}
		if v, _ := q.compareIn(done, c); v != nil {
			return v
		}
	}
	return nil
}

// split divides the planned order into what a context has run, and what will run
// after it and a pair.
func (q *planQuestion) split(done []bool, c pair) (before, after []int32) {
	for _, i := range q.planned {
		switch {
		case done[i]:
			before = append(before, i)
		case i != c.first && i != c.second:
			after = append(after, i)
		}
	}
	return before, after
}

// compareIn compares the two orders of a pair in a context: first the states that
// they leave, then, if these differ for some input, how the batch ends.
func (q *planQuestion) compareIn(done []bool, c pair) (refuted *checkers.Verdict, doubt string) {
	before, after := q.split(done, c)
	s := newSymbols(q.batch).naming(c)
	result, _, reason := q.differ(s, s.runAll(before, []int32{c.first, c.second}), s.runAll(before, []int32{c.second, c.first}))
	switch result {
	case unsatisfiable:
		return nil, ""
	case undecided:
		doubt = reason
	default:
		doubt = fmt.Sprintf("after %d others they leave different states, though no difference in the end was found", len(before))
	}
	one := slices.Concat(before, []int32{c.first, c.second}, after)
	other := slices.Concat(before, []int32{c.second, c.first}, after)
	v, reason := q.compare(c, one, other)
	if reason != "" {
		doubt = reason
	}
	return v, doubt
}

// compare looks for inputs on which two orders end differently.
func (q *planQuestion) compare(c pair, one, other []int32) (refuted *checkers.Verdict, doubt string) {
	s := newSymbols(q.batch).naming(c)
	result, m, reason := q.differ(s, s.runAll(one), s.runAll(other))
	switch result {
	case unsatisfiable:
		return nil, ""
	case undecided:
		return nil, reason
	}
	for _, order := range [][]int32{other, one} {
		if v := q.replay(s.withInputs(m), c, order); v != nil {
			return v, ""
		}
	}
	return nil, "Z3 gave inputs that did not show a difference when they were run"
}

// differ looks for an input on which two runs differ.
func (q *planQuestion) differ(s *symbols, a, b *run) (answer, model, string) {
	result, doubt := unsatisfiable, ""
	for _, question := range differences(a, b) {
		switch answer, m, reason := q.prover.ask(s.terms, question...); answer {
		case satisfiable:
			return satisfiable, m, ""
		case undecided:
			result, doubt = undecided, reason
		}
	}
	return result, nil, doubt
}

// replay runs the batch, with other inputs, serially and in another order. It returns
// nil if there is no difference.
func (q *planQuestion) replay(b *batch.Batch, c pair, order []int32) *checkers.Verdict {
	serial, other := batch.RunSerially(reordered(b, q.serial)), batch.RunSerially(reordered(b, order))
	if (serial.Failure == nil) == (other.Failure == nil) && slices.Equal(serial.Balances, other.Balances) {
		return nil
	}
	e := &PlanCounterexample{
		Batch: b, Serial: ints(q.serial), Other: ints(order), SerialOutcome: serial, OtherOutcome: other,
		First: int(c.first), Second: int(c.second),
	}
	q.proof.Counterexample = e
	reason := fmt.Sprintf("the plan allows an order that ends differently: %s", difference(b, serial, other))
	if c.first >= 0 {
		reason = fmt.Sprintf("the plan does not order %s and %s, and that matters: %s", q.id(c.first), q.id(c.second), difference(b, serial, other))
	}
	v := checkers.Failed(WrongPlan, reason,
		"serial order: "+q.names(e.Serial), "other order: "+q.names(e.Other))
	v.Evidence = append(v.Evidence, inputs(b)...)
	return &v
}

// difference says how two outcomes differ.
func difference(b *batch.Batch, serial, other batch.Outcome) string {
	switch {
	case serial.Failure != nil:
		return fmt.Sprintf("serially %v, and in the other order all succeed", serial.Failure)
	case other.Failure != nil:
		return fmt.Sprintf("serially all succeed, and in the other order %v", other.Failure)
	}
	for a := range b.Accounts {
		if serial.Balances[a] != other.Balances[a] {
			return fmt.Sprintf("%s ends with %d serially, and with %d in the other order", b.Accounts[a].Name, serial.Balances[a], other.Balances[a])
		}
	}
	return "no difference"
}

// inputs lists the balances and amounts of a small batch.
func inputs(b *batch.Batch) []string {
	if len(b.Accounts) > 20 || len(b.Transactions) > 20 {
		return nil
	}
	var lines []string
	for _, a := range b.Accounts {
		lines = append(lines, fmt.Sprintf("balance of %s: %d", a.Name, a.Balance))
	}
	for i := range b.Transactions {
		c := b.Transactions[i].Call
		for k, p := range c.Intent.Params {
			if p.Type == batch.AmountParam {
				lines = append(lines, fmt.Sprintf("%s of %s: %d", p.Name, b.Transactions[i].ID, c.Args[k].Amount))
			}
		}
	}
	return lines
}

// reordered is the batch with its transactions in another order, which is then the
// serial one.
func reordered(b *batch.Batch, order []int32) *batch.Batch {
	r := *b
	r.Transactions = make([]batch.Transaction, len(order))
	for k, i := range order {
		r.Transactions[k] = b.Transactions[i]
		r.Transactions[k].After = nil
	}
	return &r
}

func ints(order []int32) []int {
	out := make([]int, len(order))
	for k, i := range order {
		out[k] = int(i)
	}
	return out
}

// allContexts goes through all contexts, as far as the limits let it.
func (q *planQuestion) allContexts(back digraph) (refuted *checkers.Verdict, doubt string) {
	n := len(q.serial)
	suspect := make(map[pair]bool, len(q.suspects))
	for _, c := range q.suspects {
		suspect[c] = true
	}
	empty := make([]bool, n)
	known := map[string]bool{contextKey(empty): true}
	for layer := [][]bool{empty}; len(layer) > 0; {
		var next [][]bool
		for _, done := range layer {
			ready := q.ready(done, back)
			for x, i := range ready {
				for _, j := range ready[x+1:] {
					if c := (pair{i, j}); suspect[c] {
						v, reason := q.compareIn(done, c)
						if v != nil {
							return v, ""
						}
						if reason != "" {
							doubt = reason
						}
					}
				}
				grown := slices.Clone(done)
				grown[i] = true
				if k := contextKey(grown); !known[k] {
					known[k] = true
					next = append(next, grown)
				}
			}
			if reason, over := q.prover.overTime(); over {
				return nil, reason
			}
			if len(known) > q.prover.limits.Contexts {
				return nil, fmt.Sprintf("there are more than %d contexts", q.prover.limits.Contexts)
			}
		}
		layer = next
	}
	return nil, doubt
}

// ready lists the transactions that may run next, in serial order.
func (q *planQuestion) ready(done []bool, back digraph) []int32 {
	var ready []int32
	for _, i := range q.serial {
		if !done[i] && !slices.ContainsFunc(back[i], func(j int32) bool { return !done[j] }) {
			ready = append(ready, i)
		}
	}
	return ready
}

// allOrders compares every order that the plan allows with the serial one, if they
// are not too many. It decides where states differ on the way, but not in the end,
// such as when the batch cannot but fail later.
func (q *planQuestion) allOrders() (proved bool, refuted *checkers.Verdict) {
	n, tried := len(q.serial), 0
	back, done := q.plan.reversed(), make([]bool, len(q.serial))
	proved = true
	var extend func(order []int32)
	extend = func(order []int32) {
		if !proved || refuted != nil {
			return
		}
		if len(order) == n {
			tried++
			v, doubt := q.compare(pair{nobody, nobody}, q.serial, order)
			refuted = v
			proved = doubt == "" && tried <= q.prover.limits.Contexts
			return
		}
		for _, i := range q.ready(done, back) {
			done[i] = true
			extend(append(order, i))
			done[i] = false
		}
	}
	extend(make([]int32, 0, n))
	return proved && refuted == nil, refuted
}

func contextKey(done []bool) string {
	key := make([]byte, (len(done)+7)/8)
	for i, d := range done {
		if d {
			key[i/8] |= 1 << (i % 8)
		}
	}
	return string(key)
}
