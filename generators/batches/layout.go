package batches

import (
	"slices"

	"synchrony/generators/choice"
)

// layout chooses the accounts of transactions.
type layout struct {
	how    Contention
	width  int   // of a slot's numbers, in bits
	count  int   // accounts there are
	shares []int // for Zipf: of the accounts up to and including the k-th
	next   *int  // the first account not handed out, for Disjoint and Star
}

// newLayout prepares to choose from the accounts that the numbers say, or from as
// many as there may be when the way to choose hands out one after another.
func newLayout(n batchNumbers, maxAccounts int) layout {
	l := layout{how: n.contention, width: n.width, count: n.accounts, next: new(int)}
	switch l.how {
	case Disjoint, Chain, Star, Tree:
		// No more than could be used; the unused ones are dropped later.
		l.count = max(1, min(maxAccounts, 4*len(n.slots)+1))
	case Zipf:
		const top = 1 << 16
		sum := 0
		for k := range l.count {
			sum += max(1, top/(k+1))
			l.shares = append(l.shares, sum)
		}
	}
	return l
}

// choose returns want different accounts, or as many as there are, at least one.
func (l layout) choose(i int, s slot, want int) []int {
	want = min(want, l.count)
	accounts := make([]int, 0, want)
	for j := range want {
		k := l.one(i, j, s.accounts[j])
		for slices.Contains(accounts, k) {
			k = (k + 1) % l.count
		}
		accounts = append(accounts, k)
	}
	// The hub is not always the payer.
	if (l.how == AllOnOne || l.how == Star) && want > 1 && s.variant%2 == 1 {
		accounts[0], accounts[1] = accounts[1], accounts[0]
	}
	return accounts
}

// one chooses the j-th account of the i-th transaction.
func (l layout) one(i, j int, u uint64) int {
	switch l.how {
	case Zipf:
		return l.zipf(u)
	case HotPair:
		if at := choice.Scale(u, l.width, 8); at < 6 {
			return min(at/3, l.count-1)
		}
		return choice.Scale(u&(1<<(l.width-2)-1), l.width-2, l.count)
	case Disjoint:
		return l.fresh(0)
	case AllOnOne:
		if j == 0 {
			return 0
		}
	case Chain:
		return (i + j) % l.count
	case Star:
		if j == 0 {
			return 0
		}
		return l.fresh(1)
	case Tree:
		switch j {
		case 0:
			return inherited(i) % l.count
		case 1:
			return (i + 1) % l.count
		}
	}
	return choice.Scale(u, l.width, l.count)
}

// inherited is the account that the i-th transaction of a binary tree shares with the one above it: its left child
// takes the one that it inherited itself, the right one its own, i+1.
func inherited(i int) int {
	for i > 0 {
		above := (i - 1) / 2
		if i%2 == 0 {
			return above + 1
		}
		i = above
	}
	return 0
}

// fresh hands out the accounts from low on, and begins again when all are.
func (l layout) fresh(low int) int {
	k := low + *l.next
	if k >= l.count {
		k, *l.next = min(low, l.count-1), 0
	}
	*l.next++
	return k
}

func (l layout) zipf(u uint64) int {
	at := choice.Scale(u, l.width, l.shares[l.count-1])
	k, _ := slices.BinarySearch(l.shares, at+1)
	return k
}
