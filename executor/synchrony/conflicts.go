package synchrony

import (
	"cmp"
	"slices"

	"synchrony/models/batch"
	"synchrony/models/trace"
)

// use is a transaction's access to an account.
type use struct {
	tx            int32
	reads, writes bool
}

// usesByAccount lists each account's users in submission order.
func usesByAccount(b *batch.Batch) [][]use {
	uses := make([][]use, len(b.Accounts))
	for j := range b.Transactions {
		t := &b.Transactions[j]
		for _, a := range t.Reads {
			uses[a] = append(uses[a], use{tx: int32(j), reads: true})
		}
		for _, a := range t.Writes {
			if last := len(uses[a]) - 1; last >= 0 && uses[a][last].tx == int32(j) {
				uses[a][last].writes = true
			} else {
				uses[a] = append(uses[a], use{tx: int32(j), writes: true})
			}
		}
	}
	return uses
}

// kinds says why the later of two accesses to one account depends on the earlier.
func kinds(earlier, later use) trace.DependencyKind {
	var k trace.DependencyKind
	if earlier.writes && later.reads {
		k |= trace.RAW
	}
	if earlier.reads && later.writes {
		k |= trace.WAR
	}
	if earlier.writes && later.writes {
		k |= trace.WAW
	}
	return k
}

// conflicts is the conflict report: every pair of transactions that share an
// account which one of them writes, ordered by From and To. It takes O(pairs log pairs)
// time, and a hot account has O(n²) pairs, so it is made on demand only.
func conflicts(b *batch.Batch) []trace.Dependency {
	type pair struct {
		from, to int32
		account  batch.AccountID
		kinds    trace.DependencyKind
	}
	var pairs []pair
	for a, uses := range usesByAccount(b) {
		for j, later := range uses {
			for _, earlier := range uses[:j] {
				if k := kinds(earlier, later); k != 0 {
					pairs = append(pairs, pair{earlier.tx, later.tx, batch.AccountID(a), k})
				}
			}
		}
	}
	slices.SortFunc(pairs, func(p, q pair) int {
		return cmp.Or(cmp.Compare(p.from, q.from), cmp.Compare(p.to, q.to), cmp.Compare(p.account, q.account))
	})
	var report []trace.Dependency
	for _, p := range pairs {
		last := len(report) - 1
		if last < 0 || report[last].From != p.from || report[last].To != p.to {
			report = append(report, trace.Dependency{From: p.from, To: p.to})
			last++
		}
		report[last].Kinds |= p.kinds
		report[last].Accounts = append(report[last].Accounts, p.account)
	}
	return report
}

// edges are the graph's edges with the reasons for each, ordered by From and To.
func (g *graph) edges(b *batch.Batch) []trace.Dependency {
	out := make([]trace.Dependency, 0, len(g.succs))
	for i := range int32(g.n) {
		for _, j := range g.successors(i) {
			d := shared(b, i, j)
			if slices.Contains(b.Transactions[j].After, b.Transactions[i].ID) {
				d.Kinds |= trace.After
			}
			out = append(out, d)
		}
	}
	return out
}

// shared is what i and j conflict on if i is the earlier; if it is not, nothing is.
func shared(b *batch.Batch, i, j int32) trace.Dependency {
	d := trace.Dependency{From: i, To: j}
	if i >= j {
		return d
	}
	from, to := &b.Transactions[i], &b.Transactions[j]
	for _, a := range merged(from.Reads, from.Writes) {
		if k := kinds(useOf(from, a), useOf(to, a)); k != 0 {
			d.Kinds |= k
			d.Accounts = append(d.Accounts, a)
		}
	}
	return d
}

func useOf(t *batch.Transaction, a batch.AccountID) use {
	_, reads := slices.BinarySearch(t.Reads, a)
	_, writes := slices.BinarySearch(t.Writes, a)
	return use{reads: reads, writes: writes}
}

// merged is the union of two ascending sets.
func merged(x, y []batch.AccountID) []batch.AccountID {
	u := slices.Concat(x, y)
	slices.Sort(u)
	return slices.Compact(u)
}
