package batches

import (
	"math"

	"synchrony/generators/choice"
)

// draft is a transaction whose accounts are not named yet: a call of an intent
// with accounts first and amounts after them, as all intents here have them.
type draft struct {
	intent   string
	accounts []int
	amounts  []int64
}

// kind is a kind of transaction that is meant to commit.
type kind struct {
	intent   string
	accounts int
	weights  [5]int // by theme
	payer    bool   // the first account needs money, and gives way to the second
	on       relation
	amounts  func(a arguments) []int64
}

// kinds is ordered from simple to complex, as a shrinker prefers them.
var kinds = []kind{
	{"transfer", 2, [5]int{1, 12, 6, 4, 4}, true, apart, func(a arguments) []int64 {
		return []int64{a.portion(a.at(0))}
	}},
	{"look", 1, [5]int{0, 4, 6, 3, 2}, false, apart, func(a arguments) []int64 {
		if a.choice(2) == 1 {
			return []int64{min(a.at(0), 0)} // holds in any order
		}
		return []int64{a.at(0)}
	}},
	{"expect", 1, [5]int{0, 5, 10, 4, 5}, false, apart, func(a arguments) []int64 {
		return []int64{a.at(0)}
	}},
	{"total", 2, [5]int{0, 3, 6, 2, 2}, false, apart, func(a arguments) []int64 {
		return []int64{a.at(0) + a.at(1)}
	}},
	{"tithe", 3, [5]int{0, 5, 6, 3, 4}, false, apart, func(arguments) []int64 {
		return nil
	}},
	{"when", 3, [5]int{0, 5, 6, 3, 2}, false, apart, func(a arguments) []int64 {
		return []int64{a.at(2), a.portion(max(a.at(0), 1))}
	}},
	{"watched", 3, [5]int{0, 4, 4, 2, 2}, false, apart, func(a arguments) []int64 {
		return []int64{a.portion(max(a.at(0), 1)), a.at(2)}
	}},
	{"set", 2, [5]int{0, 6, 4, 20, 3}, false, apart, func(a arguments) []int64 {
		d := a.portion(max(a.at(0), 1))
		return []int64{a.at(0) - d, a.at(1) + d}
	}},
	{"reset", 3, [5]int{0, 3, 2, 8, 1}, false, apart, func(a arguments) []int64 {
		d := a.portion(max(a.at(0), 1))
		return []int64{a.at(2), a.at(0) - d, a.at(1) + d}
	}},
	{"swap", 2, [5]int{0, 6, 3, 2, 10}, false, apart, func(arguments) []int64 { return nil }},
	{"halve", 2, [5]int{0, 3, 2, 1, 8}, false, apart, func(arguments) []int64 { return nil }},
	{"rotate", 3, [5]int{0, 3, 1, 1, 5}, false, apart, func(arguments) []int64 { return nil }},
	{"touch", 1, [5]int{0, 1, 1, 2, 1}, false, apart, func(arguments) []int64 { return nil }},
	{"paytwo", 3, [5]int{0, 3, 1, 1, 1}, true, apart, func(a arguments) []int64 {
		return []int64{a.portion(a.at(0) / 2)}
	}},
	{"paythree", 4, [5]int{0, 2, 1, 1, 1}, true, apart, func(a arguments) []int64 {
		return []int64{a.portion(a.at(0) / 3)}
	}},
	{"collect", 3, [5]int{0, 3, 1, 1, 1}, false, apart, func(a arguments) []int64 {
		return []int64{a.portion(min(a.at(1), a.at(2)))}
	}},
	{"capped", 2, [5]int{0, 2, 1, 1, 1}, false, apart, func(a arguments) []int64 {
		d := a.portion(max(a.at(0), 1))
		return []int64{d, a.at(1) + d}
	}},
	{"share", 2, [5]int{0, 1, 1, 1, 2}, false, apart, func(a arguments) []int64 {
		return []int64{2 + int64(a.choice(4))}
	}},
	{"rest", 2, [5]int{0, 1, 1, 1, 2}, false, apart, func(a arguments) []int64 {
		return []int64{2 + int64(a.choice(4))}
	}},
	{"drawn", 3, [5]int{0, 3, 3, 1, 2}, false, lastIsFirst, func(a arguments) []int64 {
		d := a.portion(max(a.at(0), 1))
		return []int64{d, max(d, 0)}
	}},
	{"agreed", 2, [5]int{0, 1, 1, 1, 1}, true, apart, func(a arguments) []int64 {
		d := a.portion(a.at(0))
		return []int64{d, d}
	}},
	{"debit", 2, [5]int{0, 2, 1, 1, 1}, true, apart, func(a arguments) []int64 {
		return []int64{a.portion(a.at(0)), a.at(0) + 1}
	}},
	{"scale", 2, [5]int{0, 1, 1, 1, 1}, false, apart, func(a arguments) []int64 {
		factor := []int64{-1, -3, 2, 0, 1}[a.choice(5)]
		return []int64{factor, -a.portion(max(a.at(0), 1)) / 3}
	}},
}

// badKind is a kind of transaction that is meant to fail. It may turn out not to,
// for the balances at hand; then the next one is tried.
type badKind struct {
	intent   string
	accounts int
	on       relation
	amounts  func(a arguments) []int64
}

// relation is what the accounts of a transaction have to do with each other.
type relation uint8

const (
	apart       relation = iota
	allOne               // they are one account
	lastIsFirst          // the last is the first one; of sound ones, in every second
	leastFirst           // the first has the least balance that there can be, if any has
)

// failingKinds break a guard, a postcondition, or arithmetic.
var failingKinds = []badKind{
	{"transfer", 2, apart, func(a arguments) []int64 { return []int64{max(a.at(0), 0) + 1} }},
	{"transfer", 2, apart, func(arguments) []int64 { return []int64{0} }},
	{"transfer", 2, apart, func(a arguments) []int64 { return []int64{-a.portion(100)} }},
	{"transfer", 2, apart, func(arguments) []int64 { return []int64{math.MaxInt64} }},
	{"transfer", 2, allOne, func(a arguments) []int64 { return []int64{a.portion(max(a.at(0), 1))} }},
	{"expect", 1, apart, func(a arguments) []int64 {
		// It holds in some other order, if the balance has changed.
		if begin := a.initial[a.accounts[0]]; begin != a.at(0) {
			return []int64{begin}
		}
		return []int64{a.at(0) ^ 1}
	}},
	{"when", 3, apart, func(a arguments) []int64 { return []int64{a.at(2) + 1, 1} }},
	{"watched", 3, apart, func(a arguments) []int64 { return []int64{a.portion(100), a.at(2) + 1} }},
	{"capped", 2, apart, func(a arguments) []int64 {
		d := a.portion(max(a.at(0), 1))
		return []int64{d, a.at(1) + d - 1}
	}},
	{"drawn", 3, lastIsFirst, func(a arguments) []int64 {
		d := a.portion(max(a.at(0), 1))
		return []int64{d, d - 1}
	}},
	{"agreed", 2, apart, func(a arguments) []int64 {
		d := a.portion(max(a.at(0), 1))
		return []int64{d, d + 1}
	}},
	{"debit", 2, apart, func(a arguments) []int64 { return []int64{a.portion(max(a.at(0), 1)), a.at(0)} }},
	{"debit", 2, apart, func(a arguments) []int64 { return []int64{-a.at(0), a.at(0) ^ 1} }},
	{"debit", 2, apart, func(a arguments) []int64 { return []int64{math.MinInt64, a.at(0) ^ 1} }},
	{"scale", 2, apart, func(arguments) []int64 { return []int64{math.MinInt64, -1} }},
	{"scale", 2, apart, func(arguments) []int64 { return []int64{-1, math.MinInt64} }},
	{"scale", 2, apart, func(arguments) []int64 { return []int64{math.MinInt64, math.MinInt64} }},
	{"scale", 2, apart, func(a arguments) []int64 { return []int64{-1 << 32, -1<<32 - int64(a.index)} }},
	{"scale", 2, apart, func(arguments) []int64 { return []int64{math.MaxInt64, -2} }},
	{"push", 2, apart, func(arguments) []int64 { return []int64{math.MaxInt64} }},
	{"push", 2, apart, func(arguments) []int64 { return []int64{math.MinInt64} }},
	{"paytwo", 3, apart, func(arguments) []int64 { return []int64{math.MinInt64} }}, // twice this wraps to 0
	{"share", 2, apart, func(arguments) []int64 { return []int64{0} }},
	{"rest", 2, apart, func(arguments) []int64 { return []int64{0} }},
	{"expect", 1, apart, func(a arguments) []int64 { return []int64{a.at(0) ^ 1} }}, // always
}

// extremeKinds fail because arithmetic leaves the int64s where a balance is at their end.
var extremeKinds = []badKind{
	{"share", 2, leastFirst, func(arguments) []int64 { return []int64{-1} }},
	{"push", 2, leastFirst, func(arguments) []int64 { return []int64{1} }},
}

// mintingKinds make or destroy money. Every second one of a batch does the opposite of
// the one before, so that the two offset each other.
var mintingKinds = []badKind{
	{"mint", 1, apart, func(a arguments) []int64 { return []int64{a.forged} }},
	{"leak", 2, apart, func(a arguments) []int64 { return []int64{a.portion(max(a.at(0), 0)), -a.forged} }},
	{"set", 2, apart, func(a arguments) []int64 { return []int64{a.at(0) + a.forged, a.at(1)} }},
	{"mint", 1, apart, func(a arguments) []int64 { return []int64{-a.forged} }}, // if the first overflows
}

// arguments is what the amounts of a transaction are made from. Its methods may
// wrap around; what comes of it is evaluated before it is used.
type arguments struct {
	slot     slot
	width    int // of the slot's numbers, in bits
	index    int // of the transaction
	accounts []int
	balances []int64 // of all accounts, when the transaction runs serially
	initial  []int64
	forged   int64 // what a forgery makes; it destroys if negative
}

// at returns the balance of the transaction's k-th account.
func (a arguments) at(k int) int64 { return a.balances[a.accounts[k]] }

// choice draws one of n.
func (a arguments) choice(n int) int { return choice.Scale(a.slot.variant, a.width, n) }

// portion returns 1 … limit, or limit if that is less. Mostly it differs from
// one transaction to the next, so that a balance tells who made it.
func (a arguments) portion(limit int64) int64 {
	if limit < 1 {
		return limit
	}
	switch choice.Scale(a.slot.amount, a.width, 8) {
	case 4:
		return 1
	case 5:
		return max(1, limit/2)
	case 6, 7:
		return limit
	default:
		return min(limit, int64(a.index)+1)
	}
}
