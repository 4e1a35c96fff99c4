package batches

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"synchrony/generators/choice"
	"synchrony/models/batch"
)

// The lengths of histories, in batches. Longer ones than maxHistory cost more than they are worth.
const (
	maxSteps   = 8
	maxHistory = 300
)

// historyNumbers is what is drawn of a history: some batches, and the steps, each of which executes one of them, changed.
type historyNumbers struct {
	bases        []batch.Workload
	attestations []attestationNumbers
	steps        []step
	rich         bool // the accounts have so much that no payment fails for want of it
}

// rich is so much.
const rich = 1_000_000

// step is one step of a history, executed several times.
type step struct {
	base    uint64 // of stepBits
	change  change
	workers int
	mode    batch.Mode
	end     end
	times   int
}

const stepBits = 4

// change is how the batch of a step differs from the one that was drawn.
type change uint8

const (
	unchanged    change = iota
	otherAmounts        // by another one in each of three executions
	otherBodies         // of the intents, whose names stay: each literal is one more
	reversed
	shortened // to half of the transactions
	panicking // the last transaction
	changes
)

// end is what ends the batch of a step from outside.
type end uint8

const (
	byItself end = iota
	byTimeout
	byTransactionTimeout
	byCaller
)

// Histories draws batches to be executed one after another on one store: a few batches, again and again in turn, with other amounts,
// under the names of intents that have changed, with the attestations of what was executed before, with other
// workers, and with failures, panics, timeouts and cancellations in between. All have the same accounts. Long ones have 64 batches or
// more; every second of these more than 256.
func Histories(long bool) *rapid.Generator[[]batch.Workload] {
	return rapid.Custom(func(t *rapid.T) []batch.Workload { return drawHistory(choice.From(t), long).workloads() })
}

func drawHistory(s choice.Source, long bool) historyNumbers {
	var n historyNumbers
	o := Options{
		MaxTransactions: 4, MaxAccounts: 5, Failures: 8, Mints: 4, After: 15, Inline: 15, Work: 15, Attestations: 20,
		Plain: choice.Chance(s, 60),
	}.withDefaults()
	large := choice.Chance(s, 6)
	for range 1 + choice.Below(s, 3) {
		n.attestations = append(n.attestations, drawAttestations(s, o))
		n.bases = append(n.bases, makeWorkload(drawBatch(s, o), o))
	}
	if large && !long {
		n.bases = append(n.bases, drawScale(s, All).workload())
		n.attestations = append(n.attestations, attestationNumbers{})
	}
	times := []int{1}
	if long {
		times = []int{1, 1, 2, 64, 65, 66, 257, 258}
	}
	n.rich = o.Plain
	size := choice.Length{Min: 1, Max: maxSteps}
	for more := true; more; {
		s.Group(func(s choice.Source) {
			if more = size.More(s, len(n.steps)); more {
				n.steps = append(n.steps, drawStep(s, times))
			}
		})
	}
	return n
}

func drawStep(s choice.Source, times []int) step {
	workers := []int{1, 2, 3, 8, 65}
	modes := []batch.Mode{batch.Parallel, batch.Auto, batch.Serial, batch.Blocking}
	return step{
		base:    s.Bits(stepBits),
		change:  change(choice.Pick(s, 8, 6, 3, 2, 2, 2)),
		workers: workers[choice.Pick(s, 2, 6, 4, 2, 1)],
		mode:    modes[choice.Pick(s, 6, 1, 1, 1)],
		end:     end(choice.Pick(s, 12, 2, 1, 1)),
		times:   times[choice.Below(s, len(times))],
	}
}

// workloads makes the batches. Those of equal steps are one and the same.
func (n historyNumbers) workloads() []batch.Workload {
	n.share()
	made := map[variantKey]batch.Workload{}
	var ws []batch.Workload
	for _, s := range n.steps {
		base := choice.Scale(s.base, stepBits, len(n.bases))
		for k := range s.times {
			if len(ws) == maxHistory {
				return ws
			}
			key := variantKey{base: base, change: s.change}
			if s.change == otherAmounts {
				key.more = int64(k%3) + 1
			}
			w, ok := made[key]
			if !ok {
				w = key.of(n.bases[base])
				made[key] = w
			}
			ws = append(ws, s.run(w))
		}
	}
	return ws
}

// share gives all batches the accounts of the one that has the most, and then their attestations.
func (n historyNumbers) share() {
	var accounts []batch.Account
	for _, w := range n.bases {
		if len(w.Batch.Accounts) > len(accounts) {
			accounts = w.Batch.Accounts
		}
	}
	if n.rich {
		accounts = slices.Clone(accounts)
		for i := range accounts {
			accounts[i].Balance = min(accounts[i].Balance, rich) + rich
		}
	}
	for i, w := range n.bases {
		b := *w.Batch
		b.Accounts = accounts
		w.Batch = &b
		n.bases[i] = n.attestations[i].attest(w)
	}
}

// variantKey says which batch a step executes.
type variantKey struct {
	base   int
	change change
	more   int64
}

// of changes a batch.
func (k variantKey) of(w batch.Workload) batch.Workload {
	b := *w.Batch
	b.Transactions = slices.Clone(b.Transactions)
	last := len(b.Transactions) - 1
	w.Batch = &b
	switch k.change {
	case otherAmounts:
		addToAmounts(&b, k.more)
	case otherBodies:
		addToLiterals(&b)
	case reversed:
		slices.Reverse(b.Transactions)
	case shortened:
		shorten(&b)
	case panicking:
		if last >= 0 {
			w.Setup.Panics = []string{b.Transactions[last].ID}
		}
	}
	if err := b.Validate(); err != nil {
		panic(fmt.Sprintf("generators: a changed batch is not valid: %v", err))
	}
	return w
}

// run says how a step runs a batch.
func (s step) run(w batch.Workload) batch.Workload {
	w.Setup.Workers, w.Setup.Mode, w.Setup.Limit, w.Setup.Observers = s.workers, s.mode, 0, 0
	w.Setup.Timeout, w.Setup.TransactionTimeout, w.Setup.CancelAfter = batch.NoTimeout, 0, 0
	switch s.end {
	case byTimeout:
		w.Setup.Timeout = time.Nanosecond
	case byTransactionTimeout:
		w.Setup.TransactionTimeout = time.Nanosecond
	case byCaller:
		w.Setup.CancelAfter = time.Nanosecond
	}
	return w
}

// addToAmounts adds to every amount that is passed. Attestations stay what they were: they are for other amounts.
func addToAmounts(b *batch.Batch, more int64) {
	for i := range b.Transactions {
		t := &b.Transactions[i]
		call := *t.Call
		call.Args = slices.Clone(call.Args)
		for k := range call.Args {
			if call.Intent.Params[k].Type == batch.AmountParam {
				call.Args[k].Amount += more // may wrap: an amount is any int64
			}
		}
		t.Call = &call
	}
}

// addToLiterals puts others in the place of the intents, which have the same names.
func addToLiterals(b *batch.Batch) {
	others := map[*batch.Intent]*batch.Intent{}
	other := func(in *batch.Intent) *batch.Intent {
		if in.Name == batch.TransferName {
			return in // the prelude's
		}
		if others[in] == nil {
			c := *in
			c.Guard, c.Verify = otherConds(in.Guard), otherConds(in.Verify)
			others[in] = &c
		}
		return others[in]
	}
	b.Intents = slices.Clone(b.Intents)
	for i, in := range b.Intents {
		b.Intents[i] = other(in)
	}
	for i := range b.Transactions {
		call := *b.Transactions[i].Call
		call.Intent = other(call.Intent)
		b.Transactions[i].Call = &call
	}
}

func otherConds(cs []batch.Cond) []batch.Cond {
	out := slices.Clone(cs)
	for i := range out {
		out[i].Left, out[i].Right = otherExpr(out[i].Left), otherExpr(out[i].Right)
	}
	return out
}

func otherExpr(x *batch.Expr) *batch.Expr {
	if x == nil {
		return nil
	}
	c := *x
	if c.Kind == batch.IntLit && c.Int < 1<<62 {
		c.Int++
	}
	c.Left, c.Right = otherExpr(x.Left), otherExpr(x.Right)
	return &c
}

// shorten keeps the first half of the transactions, and what is about them.
func shorten(b *batch.Batch) {
	b.Transactions = b.Transactions[:(len(b.Transactions)+1)/2]
	kept := func(id string) bool {
		return slices.ContainsFunc(b.Transactions, func(t batch.Transaction) bool { return t.ID == id })
	}
	for i := range b.Transactions {
		t := &b.Transactions[i]
		t.After = slices.DeleteFunc(slices.Clone(t.After), func(id string) bool { return !kept(id) })
	}
	b.Attestations = slices.DeleteFunc(slices.Clone(b.Attestations), func(a batch.Attestation) bool { return !kept(a.Tx) })
}
