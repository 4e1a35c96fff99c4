package batch

import (
	"fmt"
	"math"
	"slices"
	"time"

	"pgregory.net/rapid"
)

// names that a language with reserved words would stumble over.
var oddNames = []string{"a", "b", "accounts", "intent", "atomic_batch", "guard", "after", "work", "secret", "external", "balance", "old_a", "ünï_1", "_"}

func drawInt64(t *rapid.T, label string) int64 {
	return rapid.OneOf(
		rapid.Int64Range(-3, 3),
		rapid.SampledFrom([]int64{math.MinInt64, math.MinInt64 + 1, math.MaxInt64}),
		rapid.Int64(),
	).Draw(t, label)
}

func drawExpr(t *rapid.T, in *Intent, height int) *Expr {
	var kinds []ExprKind
	for i := range in.Params {
		if in.Params[i].Type == AmountParam {
			kinds = append(kinds, Amount)
		} else {
			kinds = append(kinds, Old, New)
		}
	}
	kinds = append(kinds, IntLit)
	if height > 1 {
		kinds = append(kinds, Neg, Add, Sub, Mul, Div, Mod)
	}
	e := &Expr{Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
	switch e.Kind {
	case IntLit:
		e.Int = drawInt64(t, "literal")
	case Amount, Old, New:
		for e.Param = 0; (in.Params[e.Param].Type == AmountParam) != (e.Kind == Amount); e.Param++ {
		}
	case Neg:
		e.Left = drawExpr(t, in, height-1)
	default:
		e.Left, e.Right = drawExpr(t, in, height-1), drawExpr(t, in, height-1)
	}
	return e
}

func drawConds(t *rapid.T, in *Intent) []Cond {
	var conds []Cond
	for range rapid.IntRange(0, 3).Draw(t, "conditions") {
		c := Cond{Op: rapid.SampledFrom([]CompareOp{EQ, EQ, EQ, GTE, LTE, NEQ, GT, LT}).Draw(t, "op")}
		c.Left, c.Right = drawExpr(t, in, 2), drawExpr(t, in, 4)
		conds = append(conds, c)
	}
	return conds
}

func drawIntent(t *rapid.T, name string, params []string, inline bool) *Intent {
	in := &Intent{Name: name}
	for _, p := range params {
		typ := AccountParam
		if !inline && rapid.Bool().Draw(t, "amount") {
			typ = AmountParam
		}
		in.Params = append(in.Params, Param{p, typ, rapid.Bool().Draw(t, "secret"), rapid.Bool().Draw(t, "external")})
	}
	in.Guard = drawConds(t, in)
	for i := range rapid.IntRange(0, 2).Draw(t, "hints") {
		in.Solve = append(in.Solve, Hint{oddNames[i], oddNames[i+1]})
	}
	in.Verify = drawConds(t, in)
	return in
}

// drawBatch draws any valid batch in text form, whose transactions mostly fail.
func drawBatch(t *rapid.T) *Batch {
	b := NewBuilder().Name(rapid.SampledFrom([]string{"", "b", "accounts"}).Draw(t, "name"))
	accounts := rapid.IntRange(1, len(oddNames)).Draw(t, "accounts")
	for _, name := range oddNames[:accounts] {
		b.Account(name, drawInt64(t, "balance"))
	}
	notOld := func(s string) bool { return s != "old_a" }
	params := rapid.SliceOfNDistinct(rapid.SampledFrom(oddNames).Filter(notOld), 0, 4, rapid.ID)
	intents := []*Intent{b.transfer}
	for i := range rapid.IntRange(0, 3).Draw(t, "intents") {
		intents = append(intents, b.Intent(drawIntent(t, fmt.Sprintf("pay%c", 'a'+i), params.Draw(t, "parameters"), false)))
	}
	n := rapid.IntRange(0, 6).Draw(t, "transactions")
	for i := range n {
		if rapid.IntRange(0, 3).Draw(t, "inline") == 0 {
			names := rapid.SliceOfNDistinct(rapid.SampledFrom(oddNames[:accounts]).Filter(notOld), 0, 3, rapid.ID).Draw(t, "of")
			b.Inline(drawIntent(t, fmt.Sprintf("inline%d", i), names, true))
		} else {
			in := rapid.SampledFrom(intents).Draw(t, "intent")
			args := make([]Arg, len(in.Params))
			for k, p := range in.Params {
				if p.Type == AmountParam {
					args[k] = AmountArg(drawInt64(t, "amount"))
				} else {
					args[k] = AccountArg(AccountID(rapid.IntRange(0, accounts-1).Draw(t, "account")))
				}
			}
			b.Call(fmt.Sprint(in.Name, i), in, args...)
		}
		b.Work(time.Duration(rapid.SampledFrom([]int64{0, 0, 1, 1500, 1e6, 61e9, math.MaxInt64}).Draw(t, "work")))
	}
	for i := range b.batch.Transactions {
		for j := range n {
			if i != j && rapid.IntRange(0, 9).Draw(t, "after") == 0 {
				b.batch.Transactions[i].After = append(b.batch.Transactions[i].After, b.batch.Transactions[j].ID)
			}
		}
	}
	batch, err := b.Build()
	if err != nil {
		t.Fatalf("the generator made an invalid batch: %v", err)
	}
	return batch
}

// drawTransfers draws a batch of transfers between few accounts, which conflict
// and sometimes fail.
func drawTransfers(t *rapid.T) *Batch {
	b := NewBuilder()
	accounts := rapid.SampledFrom([]int{20, 8, 5, 3, 2, 1}).Draw(t, "accounts")
	for i := range accounts {
		b.Account(fmt.Sprintf("a%d", i), rapid.SampledFrom([]int64{30, 20, 10, 5, 0}).Draw(t, "balance"))
	}
	account := rapid.SampledFrom(firstInts(accounts))
	for i := range rapid.IntRange(0, 8).Draw(t, "transactions") {
		b.Transfer(fmt.Sprintf("transfer%d", i), AccountID(account.Draw(t, "from")), AccountID(account.Draw(t, "to")),
			rapid.SampledFrom([]int64{1, 2, 3, 5, 7, 10, 10, 0}).Draw(t, "amount"))
	}
	n := len(b.batch.Transactions)
	for i := range b.batch.Transactions {
		if rapid.SampledFrom([]bool{false, false, true}).Draw(t, "waits") {
			if j := rapid.SampledFrom(firstInts(n)).Draw(t, "for"); j != i && !slices.Contains(b.batch.Transactions[i].After, b.batch.Transactions[j].ID) {
				b.batch.Transactions[i].After = []string{b.batch.Transactions[j].ID}
			}
		}
	}
	batch, err := b.Build()
	if err != nil {
		t.Fatalf("the generator made an invalid batch: %v", err)
	}
	return batch
}

// drawWaits draws a batch of transactions that only wait for each other, without
// a cycle, and so run in an order of their own.
func drawWaits(t *rapid.T) *Batch {
	b, nop := NewBuilder(), &Intent{Name: "nop"}
	n := rapid.SampledFrom([]int{8, 5, 3, 2}).Draw(t, "transactions")
	order := rapid.Permutation(firstInts(n)).Draw(t, "order")
	for i := range n {
		b.Call(fmt.Sprintf("nop%d", i), nop)
		for _, j := range order[:slices.Index(order, i)] {
			if rapid.SampledFrom([]bool{false, true}).Draw(t, "waits") {
				b.After(fmt.Sprintf("nop%d", j))
			}
		}
	}
	batch, err := b.Build()
	if err != nil {
		t.Fatalf("the generator made an invalid batch: %v", err)
	}
	return batch
}
