package workload

import (
	"iter"
	"strconv"

	"synchrony/checkers"
	"synchrony/models/history"
)

// bank holds the reads of all accounts to one total (jepsen.tests.bank), which is given or that of the first read.
type bank struct {
	Options
	reads int
	odd   unjudgeable
}

func newBank(o Options) judge { return &bank{Options: o} }

func (b *bank) take(x *history.Operation, f *findings) {
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
			f.addAt(x.Invoked, "negative balance", "the read of line %d has %d for account %s", at(x), balance.Value.Number, account())
		}
		total += balance.Value.Number
	}
	if !b.Given {
		b.Total, b.Given = total, true
	}
	if total != b.Total {
		f.addAt(x.Invoked, "wrong total", "the read of line %d has a total of %d, and it must be %d", at(x), total, b.Total)
	}
	b.reads++
}

func (b *bank) verdict(f *findings) checkers.Verdict {
	if v, ok := b.odd.verdict(); ok {
		return v
	}
	if b.reads == 0 {
		return checkers.Undecided("no read was completed, so the total is not known")
	}
	return f.verdict()
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
