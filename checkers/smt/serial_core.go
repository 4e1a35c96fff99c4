package smt

import (
	"fmt"
	"slices"
	"strings"

	"synchrony/checkers"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// requirements lists what an order must agree with.
func (q *orderQuestion) requirements() []Requirement {
	var all []Requirement
	for _, tx := range q.txs {
		seen := map[[2]int32]bool{} // key and writer
		for _, a := range q.h.Of(tx) {
			if w := q.writer(&a); q.sees(&a) && w != tx && !seen[[2]int32{a.Key(), w}] {
				seen[[2]int32{a.Key(), w}] = true
				all = append(all, q.observation(tx, &a, w)...)
			}
		}
	}
	if q.options.RealTime {
		all = append(all, q.realTime()...)
	}
	return all
}

// observation is what follows from a transaction having seen w's write of a key: w
// comes before it, and no other writer comes between.
func (q *orderQuestion) observation(tx int32, a *history.Access, w int32) []Requirement {
	h, k := q.h, a.Key()
	verb := "read"
	if a.IsWrite() {
		verb = "replaced"
	}
	var all []Requirement
	what := fmt.Sprintf("%s %s %s as it was at first", h.TxName(tx), verb, h.KeyName(k))
	if w != trace.None {
		what = fmt.Sprintf("%s %s %s %d, written by %s", h.TxName(tx), verb, h.KeyName(k), h.Accesses[a.Version].Value, h.TxName(w))
		all = append(all, Requirement{Before: w, After: tx, Key: k, Why: what})
	}
	for _, other := range q.writers[k] {
		if other == tx || other == w {
			continue
		}
		r := Requirement{Before: tx, After: other, Key: k, Why: fmt.Sprintf("%s, and %s writes it too", what, h.TxName(other))}
		if w != trace.None {
			r.Or = &Requirement{Before: other, After: w, Key: k}
		}
		all = append(all, r)
	}
	return all
}

// realTime lists the pairs of which one returned before the other was invoked, but
// for those that follow from others.
func (q *orderQuestion) realTime() []Requirement {
	var all []Requirement
	for _, a := range q.txs {
		for _, b := range q.txs {
			if !q.precedes(a, b) || slices.ContainsFunc(q.txs, func(c int32) bool { return q.precedes(a, c) && q.precedes(c, b) }) {
				continue
			}
			why := fmt.Sprintf("%s returned before %s was invoked", q.h.TxName(a), q.h.TxName(b))
			all = append(all, Requirement{Before: a, After: b, Key: -1, Why: why})
		}
	}
	return all
}

// String says what is required, and why.
func (q *orderQuestion) show(r Requirement) string {
	text := fmt.Sprintf("%s before %s", q.h.TxName(r.Before), q.h.TxName(r.After))
	if r.Or != nil {
		text += fmt.Sprintf(", or %s before %s", q.h.TxName(r.Or.Before), q.h.TxName(r.Or.After))
	}
	return text + ": " + r.Why
}

func (q *orderQuestion) ask(all []Requirement) (answer, model, string) {
	conditions := make([]*term, len(all))
	for i, r := range all {
		conditions[i] = q.terms.lt(q.positions[r.Before], q.positions[r.After])
		if r.Or != nil {
			conditions[i] = q.terms.or(conditions[i], q.terms.lt(q.positions[r.Or.Before], q.positions[r.Or.After]))
		}
	}
	return q.prover.ask(q.terms, conditions...)
}

// refuted explains why there is no order, by a core of the requirements. go-z3 has
// no way to ask for Z3's, which is not minimal anyway: first transactions are left
// out, then single requirements, as long as no order appears.
func (q *orderQuestion) refuted(all []Requirement) checkers.Verdict {
	impossible := func(rs []Requirement) bool {
		result, _, _ := q.ask(rs)
		return result == unsatisfiable
	}
	among := func(txs []int32) []Requirement {
		return slices.DeleteFunc(slices.Clone(all), func(r Requirement) bool {
			return !slices.Contains(txs, r.Before) || !slices.Contains(txs, r.After) ||
				r.Or != nil && (!slices.Contains(txs, r.Or.Before) || !slices.Contains(txs, r.Or.After))
		})
	}
	txs := minimise(q.txs, func(txs []int32) bool { return impossible(among(txs)) })
	core := minimise(among(txs), impossible)
	q.proof.Core = core
	var lines, names []string
	for _, r := range core {
		lines = append(lines, q.show(r))
	}
	for _, tx := range txs {
		names = append(names, q.h.TxName(tx))
	}
	without := "whatever the order of versions"
	if q.options.Versions {
		without = "with the versions as recorded"
	}
	reason := fmt.Sprintf("there is no serial order of %s that explains what they saw, %s", strings.Join(names, ", "), without)
	return checkers.Failed(NoSerialOrder, reason, lines...)
}

// minimise returns a part of all of which nothing can be left out, if broken holds
// of all and of everything that has a part of which it holds. It is QuickXplain
// (Junker, "QUICKXPLAIN: Preferred Explanations and Relaxations for
// Over-Constrained Problems", AAAI 2004): O(k log(n/k)) tests for a part of k. If a
// test fails for want of time, the part may be larger than it need be, not wrong.
func minimise[T any](all []T, broken func([]T) bool) []T {
	var explain func(background []T, grown bool, rest []T) []T
	explain = func(background []T, grown bool, rest []T) []T {
		if grown && broken(background) {
			return nil
		}
		if len(rest) <= 1 {
			return rest
		}
		left, right := rest[:len(rest)/2], rest[len(rest)/2:]
		second := explain(slices.Concat(background, left), true, right)
		first := explain(slices.Concat(background, second), len(second) > 0, left)
		return slices.Concat(first, second)
	}
	return explain(nil, false, all)
}
