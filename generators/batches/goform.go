package batches

import (
	stdctx "context"
	"fmt"
	"math"
	"slices"
	"time"

	"synchrony/models/batch"
)

// GoForm returns the workload with each transaction in Go form: a function that
// does through a View what the call does, with the same declared sets. A call that
// breaks a rule becomes a function that returns a [RuleError]; one that mints stays
// one that does. Every second of them is in two phases: its Prepare judges the
// guards that come before the first that mentions a balance. An error means that a
// transaction is not in text form.
func GoForm(w batch.Workload) (batch.Workload, error) {
	return goForm(w, func(int) bool { return true })
}

// MixedForm is GoForm with every second transaction left in text form. The batch must be without attestations, which are about its text.
func MixedForm(w batch.Workload) (batch.Workload, error) {
	return goForm(w, func(i int) bool { return i%2 == 1 })
}

func goForm(w batch.Workload, translated func(i int) bool) (batch.Workload, error) {
	twin := batch.Batch{Name: w.Batch.Name, Accounts: w.Batch.Accounts}
	forms := 0
	for i := range w.Batch.Transactions {
		t := w.Batch.Transactions[i]
		if !translated(i) {
			twin.Intents = w.Batch.Intents
			twin.Transactions = append(twin.Transactions, t)
			continue
		}
		if t.Call == nil {
			return batch.Workload{}, fmt.Errorf("transaction %s has no text form to translate", t.ID)
		}
		call := t.Call
		t.Call = nil
		first := 0
		if forms++; forms%2 == 1 {
			first = stateless(call)
		}
		if first > 0 {
			t.Prepare = func(stdctx.Context) error { return prepare(call, first) }
		}
		t.Apply = func(v batch.View) error { return apply(call, first, v) }
		t.Cost = costs[forms%len(costs)]
		twin.Transactions = append(twin.Transactions, t)
	}
	if err := twin.Validate(); err != nil {
		return batch.Workload{}, err
	}
	return batch.Workload{Batch: &twin, Setup: w.Setup}, nil
}

// costs are what transactions in Go form say that they cost, by turns: on some machines, and of several, more than there are numbers for.
var costs = []time.Duration{0, 0, time.Microsecond, time.Second, math.MaxInt64}

// prepare judges the call's first guards, which mention no balance.
func prepare(c *batch.Call, guards int) error {
	e := &evaluation{call: c}
	if e.guards(c.Intent.Guard[:guards]); e.first != nil {
		return e.first
	}
	return nil
}

// apply does what the call does, and reads every account at most once before it sets any, and again what it has set. It leaves out some of what would
// not change. The first guards have been judged.
func apply(c *batch.Call, guard int, v batch.View) error {
	var known []effect
	effects, broken := evaluateFrom(guard, c, func(a batch.AccountID) int64 {
		for _, k := range known {
			if k.account == a {
				return k.value
			}
		}
		known = append(known, effect{a, v.Balance(a)})
		return known[len(known)-1].value
	})
	if broken != nil {
		return broken
	}
	for _, e := range effects {
		read := slices.IndexFunc(known, func(k effect) bool { return k.account == e.account })
		if read >= 0 && known[read].value == e.value && e.value%2 == 0 { // what is so need not be set
			continue
		}
		v.SetBalance(e.account, e.value)
		if read < 0 {
			continue
		}
		if seen := v.Balance(e.account); seen != e.value {
			return fmt.Errorf("a balance was set to %d, and is %d then", e.value, seen)
		}
	}
	return nil
}
