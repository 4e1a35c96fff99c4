package smt

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/trace"
)

// The rules that a wrong plan breaks.
const (
	CyclicPlan = "cyclic plan"
	WrongPlan  = "plan differs from serial"
)

// PlanProof is the answer to whether a plan is as good as the serial order.
type PlanProof struct {
	Result
	// Unordered counts the conflicting pairs that the plan leaves unordered or
	// orders the other way round. Each was shown to commute, if the proof is one.
	Unordered int
	// Patterns counts the kinds of such pairs: which intents, sharing accounts how.
	Patterns int
	// Counterexample refutes the plan.
	Counterexample *PlanCounterexample
}

// PlanCounterexample is an input on which an order that the plan allows comes to
// another end than the serial order. Both were run to see it.
type PlanCounterexample struct {
	Batch         *batch.Batch // the batch, with other balances and amounts
	Serial, Other []int        // the orders
	SerialOutcome batch.Outcome
	OtherOutcome  batch.Outcome // its failure's transaction numbers are positions in Other
	First, Second int           // the transactions that the plan should have ordered
}

// PlanEquivalence decides whether every order of the batch's transactions that a
// plan allows gives the same final balances, and succeeds in the same cases, as the
// serial order (of submission, as far as after clauses let it), for all initial
// balances and all amounts. The plan's edges may be a transitive reduction. Which
// failure is reported if several transactions fail is no part of this.
//
// Two orders that a plan allows can be turned into each other by swapping
// neighbours that it does not order, so it is enough that these commute:
//
//  1. if one does not write what the other accesses, they do: ordering the
//     conflicts is enough, and shown without a solver, in time linear in the
//     accesses if the plan has each conflict between neighbours as an edge;
//  2. if they commute in every state, with every amount, they do: this is proved
//     once for each pair of intents and way of sharing accounts, and kept;
//  3. if some transaction fails in every state, so does every order;
//  4. if they commute in every state that they can meet in this batch, they do:
//     this asks about whole orders, and finds the inputs that refute a plan;
//  5. if the orders that the plan allows are few, each is compared with the serial one.
//
// Transactions in Go form are judged by their declared sets, which are enforced, and
// taken to depend on nothing else.
func (p *Prover) PlanEquivalence(b *batch.Batch, plan []trace.Dependency) PlanProof {
	p.start()
	unknown := func(format string, args ...any) PlanProof {
		return PlanProof{Result: p.result("", checkers.Undecided(format, args...))}
	}
	if err := b.Validate(); err != nil {
		return unknown("%v", err)
	}
	serial := serialOrder(b)
	if len(serial) < len(b.Transactions) {
		return unknown("the batch is refused for a cycle of dependencies, so that no plan runs it")
	}
	g, err := planGraph(len(b.Transactions), plan)
	if err != nil {
		return unknown("%v", err)
	}
	q := &planQuestion{prover: p, batch: b, catalogue: p.catalogue(), serial: serial, rank: ranks(serial), plan: g}
	q.planned = g.order(q.rank)
	if len(q.planned) < len(serial) {
		return PlanProof{Result: p.result(ByFootprints, checkers.Failed(CyclicPlan, "the plan has a cycle: its transactions wait for each other"))}
	}
	return q.answer()
}

// planQuestion is one question about a plan.
type planQuestion struct {
	prover    *Prover
	batch     *batch.Batch
	catalogue *catalogue

	serial, rank []int32 // the serial order, and where each transaction is in it
	plan         digraph
	planned      []int32 // the order that the plan allows and that is most like the serial one

	suspects []pair // unordered conflicts that do not, or may not, commute in every state
	proof    PlanProof
}

// pair is two conflicting transactions, the first before the second in serial order.
type pair struct{ first, second int32 }

func (q *planQuestion) answer() PlanProof {
	method, v := q.decide()
	q.proof.Result = q.prover.result(method, v)
	return q.proof
}

func (q *planQuestion) decide() (Method, checkers.Verdict) {
	lists := footprints(q.batch, q.serial)
	ordered, v := q.ordersNeighbours(lists)
	if ordered {
		return ByFootprints, checkers.Passed()
	}
	if v != nil {
		return "", *v
	}
	method, v := q.commuteInTable(lists)
	if v != nil {
		return "", *v
	}
	if len(q.suspects) == 0 {
		return method, checkers.Passed()
	}
	for i := range q.batch.Transactions {
		if q.batch.Transactions[i].Call == nil {
			return "", checkers.Undecided("%s and %s conflict, the plan does not order them, and %s is in Go form, which cannot be proved about",
				q.id(q.suspects[0].first), q.id(q.suspects[0].second), q.id(int32(i)))
		}
	}
	for i := range q.batch.Transactions {
		if q.catalogue.feasible(q.batch, int32(i)) == unsatisfiable {
			return ByFailure, checkers.Passed()
		}
	}
	return q.decideInContext()
}

func (q *planQuestion) id(tx int32) string { return q.batch.Transactions[tx].ID }

// ordersNeighbours decides whether the plan orders all conflicts: directly, or by
// way of others.
func (q *planQuestion) ordersNeighbours(lists [][]accessor) (bool, *checkers.Verdict) {
	indirect := map[int32][]int32{}
	var sources []int32
	for _, list := range lists {
		neighbours(list, func(from, to int32) {
			if !q.plan.has(from, to) {
				if indirect[from] == nil {
					sources = append(sources, from)
				}
				indirect[from] = append(indirect[from], to)
			}
		})
	}
	reach := newReach(q.plan)
	for _, from := range sources {
		if reason, over := q.prover.overTime(); over {
			v := checkers.Undecided("%s", reason)
			return false, &v
		}
		reach.from(from)
		for _, to := range indirect[from] {
			if !reach.has(to) {
				return false, nil
			}
		}
	}
	return true, nil
}

// commuteInTable looks at every conflict that the plan does not order.
func (q *planQuestion) commuteInTable(lists [][]accessor) (Method, *checkers.Verdict) {
	reach := newReach(q.plan)
	seen := newReach(q.plan) // its stamps only
	where := make([]int, len(lists))
	syntax := true
	patterns := map[pairing]bool{}
	for _, i := range q.serial {
		if reason, over := q.prover.overTime(); over {
			v := checkers.Undecided("%s", reason)
			return "", &v
		}
		reach.from(i)
		seen.round++
		for _, a := range accounts(&q.batch.Transactions[i]) {
			list := lists[a]
			mine := list[where[a]]
			where[a]++
			for _, other := range list[where[a]:] {
				j := other.tx
				if !mine.writes && !other.writes || reach.has(j) || seen.has(j) {
					continue
				}
				seen.stamp[j] = seen.round
				q.proof.Unordered++
				syntax = q.pair(pair{i, j}, patterns) && syntax
			}
		}
	}
	q.proof.Patterns = len(patterns)
	if syntax {
		return ByExpressions, nil
	}
	return ByTable, nil
}

// pair looks an unordered conflict up, and reports whether it commutes by syntax.
func (q *planQuestion) pair(c pair, patterns map[pairing]bool) bool {
	t := q.batch.Transactions
	if t[c.first].Call == nil || t[c.second].Call == nil {
		q.suspects = append(q.suspects, c)
		return false
	}
	patterns[q.catalogue.pairing(t[c.first].Call, t[c.second].Call)] = true
	known := q.catalogue.commute(q.batch, c.first, c.second)
	if known.answer != unsatisfiable {
		q.suspects = append(q.suspects, c)
	}
	return known.syntax
}

// accounts are all that a transaction accesses, without repetitions.
func accounts(t *batch.Transaction) []batch.AccountID {
	all := append([]batch.AccountID(nil), t.Writes...)
	for _, a := range t.Reads {
		found := false
		for _, w := range t.Writes {
			found = found || w == a
		}
		if !found {
			all = append(all, a)
		}
	}
	return all
}

// names lists transactions for a person, at most ten.
func (q *planQuestion) names(order []int) string {
	text := ""
	for k, tx := range order {
		if k == 10 {
			return text + fmt.Sprintf(", … (%d in all)", len(order))
		}
		if k > 0 {
			text += ", "
		}
		text += q.batch.Transactions[tx].ID
	}
	return text
}
