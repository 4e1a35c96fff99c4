package workload

import (
	"iter"
	"maps"
	"slices"
	"strconv"

	"synchrony/checkers"
	"synchrony/models/history"
)

// bank holds the reads of all accounts to one total (jepsen.tests.bank), which is given or that of the first read.
type bank struct {
	Options
	totals    map[int64]*reads
	negatives []negative
	odd       unjudgeable
}

// reads are those that saw one total: how many there are, and the first of them, maxShown at most.
type reads struct {
	count int
	first []span
}

// negative is a balance that a read saw.
type negative struct {
	span
	account string
	balance int64
}

func newBank(o Options) judge { return &bank{Options: o, totals: map[int64]*reads{}} }

func (b *bank) add(x *history.Operation) {
	if !did(x, "read") || x.Result.IsNil() {
		return
	}
	if x.Result.Kind == history.Leaf {
		b.odd.note(x, "line %d reads %s, which is no map of accounts to balances, and no list of balances", x.Line, x.Result.Text())
		return
	}
	total := int64(0)
	for account, balance := range balances(&x.Result) {
		switch {
		case balance.Value.Kind != history.Number:
			b.odd.note(x, "line %d reads %s for account %s, which is no whole number", x.Line, balance.Text(), account())
			return
		case balance.Value.Number < -mostSum || balance.Value.Number > mostSum || total < -mostSum || total > mostSum:
			b.odd.note(x, "the balances of line %d add up to more than 64 bits hold", x.Line)
			return
		case balance.Value.Number < 0 && !b.Negative:
			b.negatives = append(b.negatives, negative{spanOf(x), account(), balance.Value.Number})
		}
		total += balance.Value.Number
	}
	r := b.totals[total]
	if r == nil {
		r = &reads{}
		b.totals[total] = r
	}
	r.count++
	s := spanOf(x)
	if i, _ := slices.BinarySearchFunc(r.first, s, span.compare); i < maxShown {
		r.first = slices.Insert(r.first, i, s)
		r.first = r.first[:min(len(r.first), maxShown)]
	}
}

func (b *bank) verdict(f *findings) checkers.Verdict {
	if len(b.totals) == 0 {
		return f.unless(&b.odd, 0, "read")
	}
	totals := slices.Sorted(maps.Keys(b.totals))
	if !b.Given {
		b.Total = slices.MinFunc(totals, func(x, y int64) int { return b.totals[x].first[0].compare(b.totals[y].first[0]) })
	}
	// What is wrong with a read: balances first, and then its total.
	var wrong []wrongRead
	for _, n := range b.negatives {
		wrong = append(wrong, wrongRead{span: n.span, negative: &n})
	}
	count, shown := 0, 0
	for _, total := range totals {
		if total == b.Total {
			continue
		}
		r := b.totals[total]
		count += r.count
		for _, s := range r.first {
			wrong = append(wrong, wrongRead{span: s, total: total})
		}
	}
	inOrder(wrong)
	for _, w := range wrong {
		switch n := w.negative; {
		case n != nil:
			f.add("negative balance", "the read of line %d has %d for account %s", n.line, n.balance, n.account)
		case shown < maxShown:
			shown++
			f.add("wrong total", "the read of line %d has a total of %d, and it must be %d", w.line, w.total, b.Total)
		}
	}
	f.count("wrong total", count-shown)
	return f.unless(&b.odd, len(b.totals), "read")
}

// wrongRead is a read that has a negative balance, or a wrong total.
type wrongRead struct {
	span
	negative *negative
	total    int64
}

// balances are those of a map of accounts, or of a list, whose accounts are called by their place, from 0.
func balances(t *history.Tree) iter.Seq2[func() string, *history.Tree] {
	return func(yield func(func() string, *history.Tree) bool) {
		for i := range t.Items {
			if t.Kind == history.Mapping && i%2 == 0 {
				continue
			}
			account := func() string {
				if t.Kind == history.Mapping {
					return t.Items[i-1].Text()
				}
				return strconv.Itoa(i)
			}
			if !yield(account, &t.Items[i]) {
				return
			}
		}
	}
}
