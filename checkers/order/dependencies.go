package order

import (
	"slices"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/trace"
)

// verdict is what a batch checker returns.
type verdict = checkers.Verdict

// dependencies holds, for each transaction, the predecessors that order it: for
// each account the last writer before it, and, if it writes, the readers since
// that writer; and those of its after clause. Every other dependency follows from
// these by transitivity: two conflicting accesses of one account are linked by
// the writes and reads between them. There are at most as many as accesses.
type dependencies struct {
	batch *batch.Batch
	preds csr[need]
	order []int32 // a topological order; shorter than the batch if there is a cycle
	level []int32 // longest path to each transaction in order

	backward bool // some transaction waits for one that was submitted after it
}

// need is a predecessor and one reason for it.
type need struct {
	from    int32
	kind    trace.DependencyKind
	account batch.AccountID // if kind is not After
}

// analyze computes the dependencies of a valid batch.
func analyze(b *batch.Batch) *dependencies {
	d := &dependencies{batch: b}
	ids := resolveAfter(b)
	// Per account: the last writer, and the head of the list of readers since.
	writer := filled(len(b.Accounts), trace.None)
	readers := filled(len(b.Accounts), trace.None)
	type reader struct{ tx, next int32 }
	var lists []reader
	d.preds.start = make([]int32, 1, len(b.Transactions)+1)
	for j := range b.Transactions {
		t := &b.Transactions[j]
		add := func(from int32, kind trace.DependencyKind, a batch.AccountID) {
			if from != trace.None && from != int32(j) {
				d.preds.items = append(d.preds.items, need{from, kind, a})
			}
		}
		for _, a := range t.Reads {
			add(writer[a], trace.RAW, a)
			lists = append(lists, reader{int32(j), readers[a]})
			readers[a] = int32(len(lists) - 1)
		}
		for _, a := range t.Writes {
			add(writer[a], trace.WAW, a)
			for r := readers[a]; r != trace.None; r = lists[r].next {
				add(lists[r].tx, trace.WAR, a)
			}
			writer[a], readers[a] = int32(j), trace.None
		}
		for _, id := range t.After {
			d.backward = d.backward || ids[id] > int32(j)
			add(ids[id], trace.After, 0)
		}
		d.preds.start = append(d.preds.start, int32(len(d.preds.items)))
	}
	d.sort()
	return d
}

// resolveAfter maps transaction IDs to indices, if any after clause needs it.
func resolveAfter(b *batch.Batch) map[string]int32 {
	if !slices.ContainsFunc(b.Transactions, func(t batch.Transaction) bool { return len(t.After) > 0 }) {
		return nil
	}
	ids := make(map[string]int32, len(b.Transactions))
	for i := range b.Transactions {
		ids[b.Transactions[i].ID] = int32(i)
	}
	return ids
}

// sort computes the topological order and the levels (Kahn).
func (d *dependencies) sort() {
	n := len(d.batch.Transactions)
	d.level = make([]int32, n)
	d.order = topological(n, func(edge func(from, to int32)) {
		for j := range n {
			for _, p := range d.preds.of(j) {
				edge(p.from, int32(j))
			}
		}
	})
	for _, j := range d.order {
		for _, p := range d.preds.of(int(j)) {
			d.level[j] = max(d.level[j], d.level[p.from]+1)
		}
	}
}

func (d *dependencies) cyclic() bool { return len(d.order) < len(d.batch.Transactions) }

// between returns the reasons of a dependency of transaction j on i, and the
// accounts of the data ones, from their declared sets alone. The accounts are
// appended to buf[:0].
func between(b *batch.Batch, i, j int32, buf []batch.AccountID) (trace.DependencyKind, []batch.AccountID) {
	ti, tj := &b.Transactions[i], &b.Transactions[j]
	kinds, accounts := trace.DependencyKind(0), buf[:0]
	if i < j {
		kinds |= addCommon(trace.RAW, &accounts, ti.Writes, tj.Reads)
		kinds |= addCommon(trace.WAR, &accounts, ti.Reads, tj.Writes)
		kinds |= addCommon(trace.WAW, &accounts, ti.Writes, tj.Writes)
		accounts = sortedSet(accounts)
	}
	if len(tj.After) > 0 && slices.Contains(tj.After, ti.ID) {
		kinds |= trace.After
	}
	return kinds, accounts
}

// addCommon appends the accounts that are in both of two ascending sets, and
// returns kind if there are any.
func addCommon(kind trace.DependencyKind, to *[]batch.AccountID, x, y []batch.AccountID) trace.DependencyKind {
	n := len(*to)
	for len(x) > 0 && len(y) > 0 {
		switch {
		case x[0] < y[0]:
			x = x[1:]
		case x[0] > y[0]:
			y = y[1:]
		default:
			*to = append(*to, x[0])
			x, y = x[1:], y[1:]
		}
	}
	if len(*to) == n {
		return 0
	}
	return kind
}

func contains(set []batch.AccountID, a batch.AccountID) bool {
	_, ok := slices.BinarySearch(set, a)
	return ok
}

// sortedSet sorts accounts in place and drops repetitions.
func sortedSet(accounts []batch.AccountID) []batch.AccountID {
	slices.Sort(accounts)
	return slices.Compact(accounts)
}
