package batches

import (
	"math"
	"slices"
	"time"

	"synchrony/generators"
	"synchrony/models/batch"
)

// classifyPairs bounds the transactions whose pairs are looked at, and the batches
// whose outcome is: both take quadratic time. A larger batch's contention and shape
// are judged by its first transactions.
const classifyPairs = 1000

// Classify says what a workload is, from the workload alone.
func Classify(w batch.Workload) generators.Labels {
	var l generators.Labels
	classifySize(&l, w)
	classifyPairwise(&l, w.Batch.Transactions[:min(len(w.Batch.Transactions), classifyPairs)])
	classifyAccounts(&l, w.Batch)
	for i := range w.Batch.Transactions {
		classifyTransaction(&l, &w.Batch.Transactions[i])
	}
	classifyAfter(&l, w.Batch.Transactions)
	classifyOutcome(&l, w)
	classifySetup(&l, w.Setup)
	classifyLimits(&l, w)
	return l
}

func classifySize(l *generators.Labels, w batch.Workload) {
	n := len(w.Batch.Transactions)
	switch {
	case n == 0:
		l.Add("size: empty")
	case n == 1:
		l.Add("size: one")
	case n <= 5:
		l.Add("size: 2-5")
	case n <= 16:
		l.Add("size: 6-16")
	case n < 50:
		l.Add("size: 17-49")
	default:
		l.Add("size: 50+")
	}
	switch k := w.Setup.Workers; {
	case k < 1:
		l.Add("workers: none")
	case k == 1:
		l.Add("workers: one")
	case k < n:
		l.Add("workers: fewer than transactions")
	case n > 0:
		l.Add("workers: as many as transactions or more")
	}
}

// classifyPairwise looks at what the pairs share: how many conflict, whether any
// has a conflict of one kind only, and how long the longest chain is.
func classifyPairwise(l *generators.Labels, ts []batch.Transaction) {
	if len(ts) < 2 {
		return
	}
	conflicts, longest := 0, 0
	depth := make([]int, len(ts)) // transactions in the longest chain that ends here
	for j := range ts {
		depth[j] = 1
		for i := range j {
			a, b := &ts[i], &ts[j]
			raw, war, waw := share(a.Writes, b.Reads), share(a.Reads, b.Writes), share(a.Writes, b.Writes)
			switch {
			case raw && !war && !waw:
				l.Add("pair: RAW only")
			case war && !raw && !waw:
				l.Add("pair: WAR only")
			case waw && !raw && !war:
				l.Add("pair: WAW only")
			case !raw && !war && !waw && share(a.Reads, b.Reads):
				l.Add("pair: shared read")
			}
			if raw || war || waw {
				conflicts++
			}
			if raw || war || waw || slices.Contains(b.After, a.ID) {
				depth[j] = max(depth[j], depth[i]+1)
			}
		}
		longest = max(longest, depth[j])
	}
	switch pairs := len(ts) * (len(ts) - 1) / 2; {
	case conflicts == 0:
		l.Add("contention: none")
	case conflicts == pairs:
		l.Add("contention: every pair")
	case 4*conflicts < pairs:
		l.Add("contention: low")
	default:
		l.Add("contention: high")
	}
	if longest >= 3 {
		l.Add("shape: chain of 3+")
	}
	if longest >= 8 {
		l.Add("shape: chain of 8+")
	}
}

// classifyAccounts finds the account that all transactions share, and whether they
// share no other: a star.
func classifyAccounts(l *generators.Labels, b *batch.Batch) {
	users := make([]int, len(b.Accounts))
	written := make([]bool, len(b.Accounts))
	for i := range b.Transactions {
		t := &b.Transactions[i]
		for _, a := range t.Writes {
			users[a]++
			written[a] = true
		}
		for _, a := range t.Reads {
			if _, also := slices.BinarySearch(t.Writes, a); !also {
				users[a]++
			}
		}
	}
	n, hubs, shared := len(b.Transactions), 0, 0
	for a, k := range users {
		if k > 1 {
			shared++
		}
		if k == n && written[a] {
			hubs++
		}
		switch balance := b.Accounts[a].Balance; {
		case balance > math.MaxInt64/2 || balance < math.MinInt64/2:
			l.Add("balances: extreme")
		case balance < 0:
			l.Add("balances: negative")
		case balance == 0:
			l.Add("balances: zero")
		}
		if k == 0 {
			l.Add("balances: unused account")
		}
	}
	if n >= 2 && hubs > 0 {
		l.Add("shape: all on one")
	}
	if n >= 3 && hubs == 1 && shared == 1 {
		l.Add("shape: star")
	}
}

func classifyTransaction(l *generators.Labels, t *batch.Transaction) {
	if len(t.Writes) == 0 {
		l.Add("transaction: reads only")
	}
	if slices.ContainsFunc(t.Writes, func(a batch.AccountID) bool {
		_, read := slices.BinarySearch(t.Reads, a)
		return !read
	}) {
		l.Add("transaction: writes unread")
	}
	if len(t.Writes) > 2 {
		l.Add("transaction: many parties")
	}
	if t.Work > 0 {
		l.Add("time: work")
	}
	if t.Call == nil {
		l.Add("transaction: Go form")
		return
	}
	if t.Call.Inline {
		l.Add("transaction: intent definition")
	}
	seen := make([]batch.AccountID, 0, 8)
	for i, p := range t.Call.Intent.Params {
		arg := t.Call.Args[i]
		switch {
		case p.Type == batch.AccountParam && slices.Contains(seen, arg.Account):
			l.Add("transaction: to itself")
		case p.Type == batch.AccountParam:
			seen = append(seen, arg.Account)
		case p.Name != "amount":
		case arg.Amount == 0:
			l.Add("amount: zero")
		case arg.Amount == math.MaxInt64:
			l.Add("amount: largest")
		case arg.Amount < 0:
			l.Add("amount: negative")
		}
	}
}

func classifyAfter(l *generators.Labels, ts []batch.Transaction) {
	index := make(map[string]int, len(ts))
	for i := range ts {
		index[ts[i].ID] = i
	}
	for i := range ts {
		for _, id := range ts[i].After {
			l.Add("after: any")
			if j, known := index[id]; known && j >= i {
				l.Add("after: backward")
			}
		}
	}
}

func classifySetup(l *generators.Labels, s batch.Setup) {
	l.Add("mode: " + s.Mode.String())
	if s.Timeout > 0 {
		l.Add("time: batch timeout")
	}
	if s.TransactionTimeout > 0 {
		l.Add("time: transaction timeout")
	}
	if s.Timeout == 1 || s.TransactionTimeout == 1 {
		l.Add("time: timeout of 1 ns")
	}
	if s.Timeout == batch.NoTimeout {
		l.Add("time: no timeout")
	}
	if s.CancelAfter > 0 {
		l.Add("time: cancelled")
	}
	if s.Observers > 0 {
		l.Add("setup: observed")
	}
	if s.Untraced {
		l.Add("setup: untraced")
	}
}

// classifyLimits says whether a limit on time lets the last step of what it limits pass, to the nanosecond.
func classifyLimits(l *generators.Labels, w batch.Workload) {
	for i, label := range []string{"time: limit one short", "time: limit just enough", "time: limit one more"} {
		if SpareTime(w, time.Duration(i-1)) {
			l.Add(label)
		}
	}
}

// SpareTime reports whether a limit on time is longer by exactly so much than what it limits takes, which it limits alone: the longest transaction, or
// the batch, if one worker runs it.
func SpareTime(w batch.Workload, more time.Duration) bool {
	var total, longest time.Duration
	for i := range w.Batch.Transactions {
		total += w.Batch.Transactions[i].Work
		longest = max(longest, w.Batch.Transactions[i].Work)
	}
	s := w.Setup
	alone := s.Workers == 1 || s.Mode == batch.Serial
	return longest > 0 && (s.TransactionTimeout == longest+more || alone && s.Timeout == total+more)
}
