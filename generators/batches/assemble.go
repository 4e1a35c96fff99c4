package batches

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"synchrony/generators/choice"
	"synchrony/models/batch"
)

// assemble names the drafts' accounts and makes the batch. Accounts that no draft
// mentions are left out unless the numbers keep them, so that a batch that has
// shrunk speaks of a, b and c.
func (r *resolver) assemble(drafts []draft) (*batch.Batch, error) {
	b := batch.NewBuilder()
	ids := r.accounts(b, drafts)
	r.declare(b, drafts)
	for i, d := range drafts {
		args := d.args(func(k int) batch.AccountID { return ids[k] })
		id := d.intent + strconv.Itoa(i+1)
		s := r.numbers.slots[i]
		if r.numbers.inline && s.inline && d.inlinable() {
			b.Inline(r.inlined(id, d, func(k int) string { return accountName(int(ids[k])) }))
			continue
		}
		if d.intent == batch.TransferName {
			b.Transfer(id, args[0].Account, args[1].Account, args[2].Amount)
		} else {
			b.Call(id, r.intents.byName[d.intent], args...)
		}
		if r.numbers.work {
			b.Work(workOf(s, r.numbers.width))
		}
	}
	built, err := b.Build()
	if err != nil {
		return nil, fmt.Errorf("generators: a drawn batch is not valid: %w", err)
	}
	r.addAfter(built.Transactions)
	return built, nil
}

// accounts adds the accounts to the batch, and returns their identifiers by number.
func (r *resolver) accounts(b *batch.Builder, drafts []draft) []batch.AccountID {
	used := make([]bool, len(r.initial))
	for _, d := range drafts {
		for _, k := range d.accounts {
			used[k] = true
		}
	}
	ids := make([]batch.AccountID, len(r.initial))
	named := 0
	for k, balance := range r.initial {
		if used[k] || (r.numbers.spare && k < r.numbers.accounts) {
			ids[k] = b.Account(accountName(named), balance)
			named++
		}
	}
	return ids
}

// accountName returns a … z, aa, ab … for 0, 1, ….
func accountName(k int) string {
	var name []byte
	for k++; k > 0; k = (k - 1) / 26 {
		name = append(name, byte('a'+(k-1)%26))
	}
	slices.Reverse(name)
	return string(name)
}

// declare declares the intents that the drafts call, in the library's order.
func (r *resolver) declare(b *batch.Builder, drafts []draft) {
	called := make(map[string]bool)
	for _, d := range drafts {
		called[d.intent] = true
	}
	for _, in := range r.intents.all {
		if called[in.Name] {
			b.Intent(in)
		}
	}
}

// inlinable reports whether the draft can be written as an intent definition,
// whose parameters are accounts: they must differ, as names do.
func (d draft) inlinable() bool {
	accounts := slices.Sorted(slices.Values(d.accounts))
	return len(slices.Compact(accounts)) == len(d.accounts) && !slices.ContainsFunc(d.amounts, func(n int64) bool {
		return n < 0 || n == math.MaxInt64 // a literal has no sign
	})
}

// inlined returns the definition that does what the draft does.
func (r *resolver) inlined(id string, d draft, name func(int) string) *batch.Intent {
	general := r.intents.byName[d.intent]
	in := &batch.Intent{Name: id, Solve: slices.Clone(general.Solve)}
	for _, k := range d.accounts {
		in.Params = append(in.Params, batch.Param{Name: name(k), Type: batch.AccountParam})
	}
	conds := func(cs []batch.Cond) []batch.Cond {
		var specific []batch.Cond
		for _, c := range cs {
			specific = append(specific, batch.Cond{Op: c.Op, Left: d.specialised(c.Left), Right: d.specialised(c.Right)})
		}
		return specific
	}
	in.Guard, in.Verify = conds(general.Guard), conds(general.Verify)
	return in
}

// specialised returns x with the amounts in place of their parameters.
func (d draft) specialised(x *batch.Expr) *batch.Expr {
	if x == nil {
		return nil
	}
	if x.Kind == batch.Amount {
		return &batch.Expr{Kind: batch.IntLit, Int: d.amounts[x.Param-len(d.accounts)]}
	}
	s := *x
	s.Left, s.Right = d.specialised(x.Left), d.specialised(x.Right)
	return &s
}

// workOf returns the slot's work. The least that is not 0 comes at a power of two,
// which is where clearing bits one by one arrives.
func workOf(s slot, width int) time.Duration {
	works := []time.Duration{0, 0, 0, 0, time.Microsecond, 10 * time.Microsecond, time.Millisecond, time.Second}
	return works[choice.Scale(s.work, width, len(works))]
}
