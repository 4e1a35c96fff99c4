package order

import (
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/trace"
)

// pairs looks conflicts up in the report. A batch whose transactions all use one
// account has n² of them, so they are enumerated one by one and the first that is
// not reported ends it: the time is linear in the accesses and the report.
type pairs struct {
	*run
	exact bool       // the entries that there are have been found to be right
	byTo  csr[int32] // indices in the report, by To
	// entry[i] is the report's entry for the pair (i, j) if stamp[i] == j, for the j
	// at hand.
	entry, stamp []int32
	// What transactions before j did to each account, in order. A transaction that
	// does both is in both.
	readers, writers [][]int32
}

func newPairs(r *run) *pairs {
	n := len(r.batch.Transactions)
	return &pairs{
		run: r,
		byTo: group(n, func(put func(int32, int32)) {
			for i := range r.seen.Conflicts {
				put(r.seen.Conflicts[i].To, int32(i))
			}
		}),
		entry: make([]int32, n), stamp: filled(n, -1),
		readers: make([][]int32, len(r.batch.Accounts)), writers: make([][]int32, len(r.batch.Accounts)),
	}
}

// compare checks that the report has every conflict that follows from the sets
// given for each transaction.
func (p *pairs) compare(sets func(tx int32) (reads, writes []batch.AccountID)) verdict {
	for j := range p.batch.Transactions {
		for _, i := range p.byTo.of(j) {
			from := p.seen.Conflicts[i].From
			p.entry[from], p.stamp[from] = i, int32(j)
		}
		reads, writes := sets(int32(j))
		if v := p.compareOne(int32(j), reads, writes); v.Status != checkers.Pass {
			return v
		}
		for _, a := range reads {
			p.readers[a] = append(p.readers[a], int32(j))
		}
		for _, a := range writes {
			p.writers[a] = append(p.writers[a], int32(j))
		}
	}
	return checkers.Passed()
}

func (p *pairs) compareOne(j int32, reads, writes []batch.AccountID) verdict {
	for _, c := range []struct {
		kind    trace.DependencyKind
		mine    []batch.AccountID
		earlier [][]int32
	}{{trace.RAW, reads, p.writers}, {trace.WAR, writes, p.readers}, {trace.WAW, writes, p.writers}} {
		for _, a := range c.mine {
			for _, i := range c.earlier[a] {
				if !p.has(i, j, c.kind, a) {
					return p.missing(i, j, c.kind, a)
				}
			}
		}
	}
	return checkers.Passed()
}

func (p *pairs) has(i, j int32, kind trace.DependencyKind, a batch.AccountID) bool {
	if p.stamp[i] != j || p.exact {
		return p.stamp[i] == j
	}
	d := &p.seen.Conflicts[p.entry[i]]
	_, ok := slices.BinarySearch(d.Accounts, a)
	return ok && d.Kinds&kind != 0
}

func (p *pairs) missing(i, j int32, kind trace.DependencyKind, a batch.AccountID) verdict {
	entry := fmt.Sprintf("the report has no entry for %s and %s", p.names.Tx(i), p.names.Tx(j))
	rule := "missing conflict"
	if p.stamp[i] == j {
		entry = "the report's entry: " + p.names.Dependency(p.seen.Conflicts[p.entry[i]])
		rule = "incomplete conflict"
	}
	return checkers.Failed(rule, fmt.Sprintf("the conflict report lacks %v of %s and %s over %s: %s", kind, p.names.Tx(i), p.names.Tx(j),
		p.names.Account(a), p.because(i, j, kind, a)), entry, p.declared(i), p.declared(j))
}
