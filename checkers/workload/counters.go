package workload

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// change is that bounds change at a time.
type change struct {
	at           time.Duration
	lower, upper int64
}

// checkCounter bounds each read (jepsen.checker/counter): from below by the additions that had been acknowledged when it
// was invoked, and from above by those that had been invoked when it returned. Of a negative one it is the other way round.
func checkCounter(list []history.Operation, _ Options, f *findings) checkers.Verdict {
	var invoked, returned []change
	for i := range list {
		x := &list[i]
		if x.Name != "add" || x.Outcome == history.Aborted {
			continue
		}
		if x.Argument.Value.Kind != history.Number {
			return checkers.Undecided("line %d adds %s, which is no whole number", x.Line, x.Argument.Text())
		}
		n := x.Argument.Value.Number
		invoked = append(invoked, change{x.Invoked, min(n, 0), max(n, 0)})
		if x.Outcome == history.Committed {
			returned = append(returned, change{x.Returned, max(n, 0), min(n, 0)})
		}
	}
	low, fits := newSums(invoked)
	high, also := newSums(returned)
	if !fits || !also {
		return checkers.Undecided("the additions add up to more than 64 bits hold")
	}
	reads := 0
	for i := range list {
		x := &list[i]
		if !did(x, "read") || x.Result.IsNil() {
			continue
		}
		if x.Result.Value.Kind != history.Number {
			return checkers.Undecided("line %d reads %s, which is no whole number", x.Line, x.Result.Text())
		}
		// What was invoked by its return may have been added; what had returned by its invocation certainly was.
		may, sure := low.upTo(x.Returned, true), high.upTo(x.Invoked, false)
		lower, upper := sure.lower+may.lower, may.upper+sure.upper
		reads++
		if n := x.Result.Value.Number; n < lower || n > upper {
			f.add("read out of bounds", "the read of line %d is %d, and must be between %d and %d", at(x), n, lower, upper)
		}
	}
	return f.judged(reads, "read")
}

// sums are changes in the order of time, each with all before it.
type sums []change

// mostSum bounds sums, so that two of them can be added.
const mostSum = 1 << 61

// newSums reports also whether all sums are small enough to be added.
func newSums(list []change) (sums, bool) {
	slices.SortStableFunc(list, func(x, y change) int { return cmp.Compare(x.at, y.at) })
	var lower, upper int64
	for i := range list {
		c := &list[i]
		if min(c.lower, c.upper) < -mostSum || max(c.lower, c.upper) > mostSum {
			return nil, false
		}
		lower += c.lower
		upper += c.upper
		if min(lower, upper) < -mostSum || max(lower, upper) > mostSum {
			return nil, false
		}
		c.lower, c.upper = lower, upper
	}
	return list, true
}

// upTo is the sum of the changes before a time, or also at it.
func (s sums) upTo(at time.Duration, including bool) change {
	i, _ := slices.BinarySearchFunc(s, at, func(c change, at time.Duration) int {
		if c.at < at || including && c.at == at {
			return -1
		}
		return 1
	})
	if i == 0 {
		return change{}
	}
	return s[i-1]
}

// checkBank holds the reads of all accounts to one total (jepsen.tests.bank), which is given or that of the first read.
func checkBank(list []history.Operation, o Options, f *findings) checkers.Verdict {
	reads := 0
	for i := range list {
		x := &list[i]
		if !did(x, "read") || x.Result.IsNil() {
			continue
		}
		if x.Result.Kind == history.Leaf {
			return checkers.Undecided("line %d reads %s, which is no map of accounts to balances, and no list of balances", x.Line, x.Result.Text())
		}
		total := int64(0)
		for account, balance := range balances(&x.Result) {
			switch {
			case balance.Value.Kind != history.Number:
				return checkers.Undecided("line %d reads %s for account %s, which is no whole number", x.Line, balance.Text(), account)
			case balance.Value.Number < -mostSum || balance.Value.Number > mostSum || total < -mostSum || total > mostSum:
				return checkers.Undecided("the balances of line %d add up to more than 64 bits hold", x.Line)
			case balance.Value.Number < 0 && !o.Negative:
				f.add("negative balance", "the read of line %d has %d for account %s", at(x), balance.Value.Number, account)
			}
			total += balance.Value.Number
		}
		if !o.Given {
			o.Total, o.Given = total, true
		}
		if total != o.Total {
			f.add("wrong total", "the read of line %d has a total of %d, and it must be %d", at(x), total, o.Total)
		}
		reads++
	}
	if reads == 0 {
		return checkers.Undecided("no read was completed, so the total is not known")
	}
	return f.verdict()
}

// balances are those of a map of accounts, or of a list, whose accounts are called by their place, from 0.
func balances(t *history.Tree) iter.Seq2[string, *history.Tree] {
	return func(yield func(string, *history.Tree) bool) {
		for i := range t.Items {
			account := strconv.Itoa(i)
			if t.Kind == history.Mapping {
				if i%2 == 0 {
					continue
				}
				account = t.Items[i-1].Text()
			}
			if !yield(account, &t.Items[i]) {
				return
			}
		}
	}
}

// checkMonotonic looks for a read that is less than one that had returned before it was invoked.
func checkMonotonic(list []history.Operation, _ Options, f *findings) checkers.Verdict {
	var reads []*history.Operation
	for i := range list {
		if x := &list[i]; x.Outcome == history.Committed && x.Name != "write" && x.Result.Value.Kind == history.Number && (x.Name == "read" || x.Argument.IsNil()) {
			reads = append(reads, x)
		}
	}
	ended := slices.Clone(reads)
	slices.SortStableFunc(ended, func(x, y *history.Operation) int { return cmp.Compare(x.Returned, y.Returned) })
	var greatest *history.Operation
	next := 0
	for _, x := range reads {
		for ; next < len(ended) && ended[next].Returned < x.Invoked; next++ {
			if y := ended[next]; greatest == nil || y.Result.Value.Number > greatest.Result.Value.Number {
				greatest = y
			}
		}
		if greatest != nil && x.Result.Value.Number < greatest.Result.Value.Number {
			f.add("went back", "line %d reads %d, after line %d had read %d", at(x), x.Result.Value.Number, at(greatest), greatest.Result.Value.Number)
		}
	}
	return f.judged(len(reads), "read")
}
