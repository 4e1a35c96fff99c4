package simulate

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// Options says what to simulate.
type Options struct {
	Transactions, Accounts, Workers int
	Readers                         int  // of 100 transactions, how many only read
	Steps                           bool // as a controlled run
	Observers                       int
}

// Run draws a batch of transfers and readers, and returns it with a right
// observation of a run of it, which committed.
func Run(rng *rand.Rand, o Options) (batch.Workload, trace.Observation) {
	b := draw(rng, o)
	w := batch.Workload{Batch: b, Setup: batch.Setup{Workers: o.Workers, Observers: o.Observers}}
	s := &simulation{rng: rng, options: o, batch: b, spec: batch.RunSerially(b), preds: predecessors(b)}
	s.succs = make([][]int32, len(b.Transactions))
	s.waits = make([]int, len(b.Transactions))
	for j, ps := range s.preds {
		s.waits[j] = len(ps)
		for _, p := range ps {
			s.succs[p] = append(s.succs[p], int32(j))
		}
	}
	s.seen = trace.Observation{
		Outcome: history.Committed, Initial: b.Balances(), Final: s.spec.Balances,
		Conflicts: conflicts(b), Groups: levels(s.preds), Workers: o.Workers,
		Limit: 30 * time.Second, Executed: len(b.Transactions),
	}
	for _, d := range s.seen.Conflicts {
		if slices.Contains(s.preds[d.To], d.From) {
			s.seen.Edges = append(s.seen.Edges, d)
		}
	}
	for _, g := range s.seen.Groups {
		if len(g) > 1 {
			s.seen.Parallel += len(g)
		}
	}
	s.run()
	s.seen.Elapsed = s.now
	return w, s.seen
}

// draw makes transfers of 1 between two random accounts, which can afford them, and
// readers.
func draw(rng *rand.Rand, o Options) *batch.Batch {
	b := &batch.Batch{}
	for a := range o.Accounts {
		b.Accounts = append(b.Accounts, batch.Account{Name: fmt.Sprintf("a%d", a), Balance: int64(o.Transactions) + int64(rng.IntN(1000))})
	}
	transfer := batch.Transfer()
	for i := range o.Transactions {
		x, y := batch.AccountID(rng.IntN(o.Accounts)), batch.AccountID(rng.IntN(o.Accounts))
		set := []batch.AccountID{min(x, y), max(x, y)}
		set = slices.Compact(set)
		if x == y || rng.IntN(100) < o.Readers {
			b.Transactions = append(b.Transactions, batch.Transaction{
				ID: fmt.Sprintf("read%d", i), Reads: set, Apply: func(batch.View) error { return nil },
			})
			continue
		}
		c := &batch.Call{Intent: transfer, Args: []batch.Arg{batch.AccountArg(x), batch.AccountArg(y), batch.AmountArg(1)}}
		t := batch.Transaction{ID: fmt.Sprintf("transfer%d", i), Call: c}
		t.Reads, t.Writes = batch.DeriveSets(c)
		b.Transactions = append(b.Transactions, t)
	}
	return b
}

// predecessors is each transaction's last writers, and the readers since where it
// writes.
func predecessors(b *batch.Batch) [][]int32 {
	preds := make([][]int32, len(b.Transactions))
	writer := map[batch.AccountID]int32{}
	readers := map[batch.AccountID][]int32{}
	for j := range b.Transactions {
		t := &b.Transactions[j]
		for _, a := range slices.Concat(t.Reads, t.Writes) {
			if i, ok := writer[a]; ok {
				preds[j] = append(preds[j], i)
			}
		}
		for _, a := range t.Writes {
			preds[j] = append(preds[j], readers[a]...)
			writer[a], readers[a] = int32(j), nil
		}
		for _, a := range t.Reads {
			if !slices.Contains(t.Writes, a) {
				readers[a] = append(readers[a], int32(j))
			}
		}
		slices.Sort(preds[j])
		preds[j] = slices.Compact(preds[j])
	}
	return preds
}

// conflicts is every conflicting pair, from the accesses of each account.
func conflicts(b *batch.Batch) []trace.Dependency {
	type user struct {
		tx          int32
		reads, puts bool
	}
	users := make([][]user, len(b.Accounts))
	type pair struct{ from, to int32 }
	found := map[pair]*trace.Dependency{}
	for j := range b.Transactions {
		t := &b.Transactions[j]
		all := slices.Concat(t.Reads, t.Writes)
		slices.Sort(all)
		for _, a := range slices.Compact(all) {
			u := user{int32(j), slices.Contains(t.Reads, a), slices.Contains(t.Writes, a)}
			for _, v := range users[a] {
				var kinds trace.DependencyKind
				if v.puts && u.reads {
					kinds |= trace.RAW
				}
				if v.reads && u.puts {
					kinds |= trace.WAR
				}
				if v.puts && u.puts {
					kinds |= trace.WAW
				}
				if kinds == 0 {
					continue
				}
				key := pair{v.tx, u.tx}
				if found[key] == nil {
					found[key] = &trace.Dependency{From: v.tx, To: u.tx}
				}
				found[key].Kinds |= kinds
				found[key].Accounts = append(found[key].Accounts, a)
			}
			users[a] = append(users[a], u)
		}
	}
	list := make([]trace.Dependency, 0, len(found))
	for _, d := range found {
		list = append(list, *d)
	}
	slices.SortFunc(list, func(x, y trace.Dependency) int {
		return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To))
	})
	return list
}

func levels(preds [][]int32) [][]int32 {
	var groups [][]int32
	level := make([]int, len(preds))
	for j, ps := range preds {
		for _, p := range ps {
			level[j] = max(level[j], level[p]+1)
		}
		if level[j] == len(groups) {
			groups = append(groups, nil)
		}
		groups[level[j]] = append(groups[level[j]], int32(j))
	}
	return groups
}
