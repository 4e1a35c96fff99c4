package batches

import (
	"math"
	"slices"

	"synchrony/generators/choice"
	"synchrony/models/batch"
)

// resolver turns numbers into drafts, following the balances of a serial
// execution in which a transaction that fails has no effect.
type resolver struct {
	numbers  batchNumbers
	layout   layout
	intents  library
	initial  []int64
	balances []int64
	forged   int // transactions so far that make or destroy money
}

func newResolver(n batchNumbers, maxAccounts int) *resolver {
	r := &resolver{numbers: n, intents: intents()}
	r.layout = newLayout(n, maxAccounts)
	for k := range r.layout.count {
		r.initial = append(r.initial, n.balances.of(k))
	}
	r.balances = slices.Clone(r.initial)
	return r
}

// of returns the initial balance of the k-th account.
func (b balances) of(k int) int64 {
	n := int64(k)
	switch b {
	case sparse:
		return (n % 2) * 100 * (n + 1)
	case small:
		return (3 + 4*n) % 7
	case signed:
		return (1 - 2*(n%2)) * 10 * (n + 1)
	case extreme:
		return []int64{math.MaxInt64 - n, math.MinInt64 + n - 1, 1 + n}[k%3] // the second is the least there is
	case allHuge:
		return math.MaxInt64 - 100*n
	default:
		return 100 * (n + 1)
	}
}

func (r *resolver) drafts() []draft {
	n := len(r.numbers.slots)
	drafts := make([]draft, n)
	for i, s := range r.numbers.slots {
		struck := r.numbers.place.Strikes(i, n)
		switch {
		case struck && r.numbers.ending == fails:
			drafts[i] = r.failing(i, s, failingKinds, false)
		case struck && r.numbers.ending == mints:
			drafts[i] = r.failing(i, s, mintingKinds, true)
			r.forged++
		default:
			drafts[i] = r.sound(i, s)
		}
	}
	return drafts
}

// sound makes a transaction that commits.
func (r *resolver) sound(i int, s slot) draft {
	k := kinds[r.kind(s)]
	a := r.arguments(i, s, k.accounts)
	for len(a.accounts) < k.accounts { // too few: one of them twice
		a.accounts = append(a.accounts, a.accounts[0])
	}
	if k.payer && a.at(0) <= 0 && a.at(1) > 0 {
		a.accounts[0], a.accounts[1] = a.accounts[1], a.accounts[0]
	}
	if k.on == lastIsFirst && a.choice(2) == 1 {
		a.accounts[k.accounts-1] = a.accounts[0]
	}
	d := draft{k.intent, a.accounts, k.amounts(a)}
	if r.execute(d) == 0 {
		return d
	}
	// Balances or accounts that the kind cannot do with: this always can.
	return draft{"look", a.accounts[:1], []int64{a.at(0)}}
}

// kind returns the index of the kind that the slot's number means in the batch's theme.
func (r *resolver) kind(s slot) int {
	weights := make([]int, len(kinds))
	total := 0
	for i, k := range kinds {
		weights[i] = k.weights[r.numbers.theme]
		total += weights[i]
	}
	return choice.Locate(choice.Scale(s.kind, r.numbers.width, total), weights)
}

// failing makes a transaction that fails, and mints exactly if the kinds are
// minting ones. It begins with the one that the slot chooses.
func (r *resolver) failing(i int, s slot, ways []badKind, mints bool) draft {
	start := choice.Scale(s.variant, r.numbers.width, len(ways))
	if r.numbers.balances == extreme && !mints && s.variant%4 > 0 {
		start, ways = int(s.amount%2), slices.Concat(extremeKinds, ways)
	}
	for j := range ways {
		w := ways[(start+j)%len(ways)]
		a := r.arguments(i, s, w.accounts)
		if w.on == allOne {
			for k := range a.accounts {
				a.accounts[k] = a.accounts[0]
			}
		}
		if w.on == lastIsFirst && len(a.accounts) > 0 {
			a.accounts = append(a.accounts[:min(len(a.accounts), w.accounts-1)], a.accounts[0])
		}
		if len(a.accounts) < w.accounts {
			continue
		}
		if w.on == leastFirst {
			r.toLeast(a.accounts)
		}
		d := draft{w.intent, a.accounts, w.amounts(a)}
		if _, kind := r.judge(d); kind != 0 && (kind == batch.NotConserved) == mints {
			return d
		}
	}
	panic("generators: no way to fail: the last of the failing and minting kinds always does")
}

// toLeast puts an account with the least of all balances in the first place, if there is one.
func (r *resolver) toLeast(accounts []int) {
	for k, balance := range r.balances {
		if balance != math.MinInt64 {
			continue
		}
		if at := slices.Index(accounts, k); at >= 0 {
			accounts[at] = accounts[0]
		}
		accounts[0] = k
		return
	}
}

func (r *resolver) arguments(i int, s slot, accounts int) arguments {
	return arguments{
		slot: s, width: r.numbers.width, index: i,
		accounts: r.layout.choose(i, s, accounts),
		balances: r.balances, initial: r.initial,
		forged: forgedAmount(r.forged),
	}
}

// forgedAmount is what the n-th forgery of a batch makes: 1, -1, 5, -5, 1 and so on.
// The smallest amount comes first, for a check with a tolerance misses that.
func forgedAmount(n int) int64 {
	amount := []int64{1, 5}[n/2%2]
	if n%2 == 1 {
		return -amount
	}
	return amount
}

// judge returns what the draft does now, or the rule that it breaks.
func (r *resolver) judge(d draft) ([]effect, batch.FailureKind) {
	old := func(a batch.AccountID) int64 { return r.balances[a] }
	effects, broken := evaluate(r.intents.call(d), old)
	switch {
	case broken != nil:
		return nil, broken.Kind
	case !conserves(effects, old):
		return nil, batch.NotConserved
	}
	return effects, 0
}

// execute applies what the draft does, or returns the rule that it breaks.
func (r *resolver) execute(d draft) batch.FailureKind {
	effects, kind := r.judge(d)
	for _, e := range effects {
		r.balances[e.account] = e.value
	}
	return kind
}
