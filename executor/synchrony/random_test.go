package synchrony

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"synchrony/models/batch"
)

// shape says what random batches are like.
type shape struct {
	transactions, accounts int
	after                  float64 // share of transactions with an after clause
	backward               bool    // clauses may name later transactions
	failing                float64 // share of transactions that are likely to fail
	goForm                 float64
	work                   float64
}

// randomBatch makes a valid batch; equal seeds make equal ones.
func randomBatch(t testing.TB, rng *rand.Rand, s shape) *batch.Batch {
	t.Helper()
	bb := batch.NewBuilder()
	for a := range s.accounts {
		bb.Account(fmt.Sprintf("a%d", a), 100+rng.Int64N(1000))
	}
	split := bb.Intent(splitIntent())
	guarded := bb.Intent(guardedIntent())
	// Transfers to oneself fail, so most accounts drawn differ from the ones before.
	last, before := -1, -1
	account := func() batch.AccountID {
		a := rng.IntN(s.accounts)
		for s.accounts > 2 && (a == last || a == before) && rng.Float64() >= s.failing/2 {
			a = rng.IntN(s.accounts)
		}
		last, before = a, last
		return batch.AccountID(a)
	}
	for i := range s.transactions {
		id := fmt.Sprintf("t%d", i)
		amount := 1 + rng.Int64N(3)
		if rng.Float64() < s.failing {
			amount = []int64{0, -1, 5000, math.MaxInt64}[rng.IntN(4)]
		}
		switch x := rng.Float64(); {
		case x < s.goForm:
			bb.Add(randomGoForm(rng, id, s, account))
		case x < s.goForm+(1-s.goForm)*0.2:
			bb.Call(id, split, batch.AccountArg(account()), batch.AccountArg(account()), batch.AccountArg(account()), batch.AmountArg(amount))
		case x < s.goForm+(1-s.goForm)*0.4:
			bb.Call(id, guarded, batch.AccountArg(account()), batch.AccountArg(account()), batch.AccountArg(account()), batch.AmountArg(amount))
		default:
			bb.Transfer(id, account(), account(), amount)
		}
		if rng.Float64() < s.work {
			bb.Work(time.Duration(1+rng.IntN(3)) * time.Microsecond)
		}
		if other := rng.IntN(s.transactions); rng.Float64() < s.after && other != i && (s.backward || other < i) {
			bb.After(fmt.Sprintf("t%d", other))
		}
	}
	b, err := bb.Build()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// splitIntent divides an amount among two, with integer division and a condition
// on new balances.
func splitIntent() *batch.Intent {
	e := func(kind batch.ExprKind, l, r *batch.Expr) *batch.Expr {
		return &batch.Expr{Kind: kind, Left: l, Right: r}
	}
	at := func(kind batch.ExprKind, p int) *batch.Expr { return &batch.Expr{Kind: kind, Param: p} }
	two := &batch.Expr{Kind: batch.IntLit, Int: 2}
	half := e(batch.Div, at(batch.Amount, 3), two)
	rest := e(batch.Sub, at(batch.Amount, 3), e(batch.Div, at(batch.Amount, 3), two))
	return &batch.Intent{
		Name: "split",
		Params: []batch.Param{
			{Name: "from"}, {Name: "left"}, {Name: "right"}, {Name: "amount", Type: batch.AmountParam},
		},
		Guard: []batch.Cond{{Op: batch.GTE, Left: at(batch.Amount, 3), Right: &batch.Expr{Kind: batch.IntLit}}},
		Verify: []batch.Cond{
			{Op: batch.EQ, Left: at(batch.New, 0), Right: e(batch.Sub, at(batch.Old, 0), at(batch.Amount, 3))},
			{Op: batch.GTE, Left: at(batch.New, 0), Right: &batch.Expr{Kind: batch.IntLit}},
			{Op: batch.EQ, Left: at(batch.New, 1), Right: e(batch.Add, at(batch.Old, 1), half)},
			{Op: batch.EQ, Left: at(batch.New, 2), Right: e(batch.Add, at(batch.Old, 2), rest)},
		},
	}
}

// guardedIntent moves an amount if a third account, which it only reads, allows it;
// once in a guard, and once as a new balance that nothing defines.
func guardedIntent() *batch.Intent {
	in := batch.Transfer()
	in.Name = "guarded"
	in.Params = slices.Insert(in.Params, 2, batch.Param{Name: "watch"})
	shift := func(e *batch.Expr) *batch.Expr {
		c := *e
		if c.Kind == batch.Amount {
			c.Param = 3
		}
		return &c
	}
	for _, conds := range [][]batch.Cond{in.Guard, in.Verify} {
		for i := range conds {
			conds[i].Left = shift(conds[i].Left)
			conds[i].Right = shift(conds[i].Right)
			if r := conds[i].Right; r.Left != nil {
				r.Left, r.Right = shift(r.Left), shift(r.Right)
			}
		}
	}
	in.Verify = append(in.Verify, batch.Cond{Op: batch.GT,
		Left:  &batch.Expr{Kind: batch.New, Param: 2},
		Right: &batch.Expr{Kind: batch.Neg, Left: &batch.Expr{Kind: batch.IntLit, Int: 1}}})
	return in
}

var errRefused = errors.New("refused by the transaction")

// randomGoForm moves money among declared accounts, or fails in one of the ways
// that Go code can.
func randomGoForm(rng *rand.Rand, id string, s shape, account func() batch.AccountID) batch.Transaction {
	from, to, reader := account(), account(), account()
	sets := func(a ...batch.AccountID) []batch.AccountID {
		slices.Sort(a)
		return slices.Compact(a)
	}
	t := batch.Transaction{ID: id, Reads: sets(from, to, reader), Writes: sets(from, to)}
	how := -1
	if rng.Float64() < s.failing {
		how = rng.IntN(6)
	}
	undeclared := batch.AccountID(s.accounts - 1)
	if rng.IntN(4) == 0 {
		t.Prepare = func(ctx context.Context) error {
			switch how {
			case 4:
				return errRefused
			case 5:
				panic("in the prepare")
			}
			return ctx.Err()
		}
	}
	t.Apply = func(v batch.View) error {
		amount := min(v.Balance(from), 1+v.Balance(reader)%3)
		v.SetBalance(from, v.Balance(from)-amount)
		v.SetBalance(to, v.Balance(to)+amount)
		switch how {
		case 0:
			return errRefused
		case 1:
			panic("in the transaction")
		case 2:
			v.SetBalance(to, v.Balance(to)+1)
		case 3:
			v.SetBalance(undeclared, v.Balance(undeclared))
			panic("in any case")
		}
		return nil
	}
	return t
}
