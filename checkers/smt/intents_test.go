package smt

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"synchrony/checkers"
	"synchrony/models/batch"
)

func TestIntentsNamed(t *testing.T) {
	for _, c := range []struct {
		name, intent                 string
		conserves, overflows, supply checkers.Status // of the questions, Fail: mints, can overflow
	}{
		{"transfer", `transfer1(a, b, 1)`, checkers.Pass, checkers.Fail, checkers.Pass},
		{"to itself", `transfer1(a, a, 1)`, checkers.Pass, checkers.Fail, checkers.Fail},
		{"mint", `mint1(a, 1)`, checkers.Fail, checkers.Fail, checkers.Fail},
		{"mint that cannot be called", `never1(a, 1)`, checkers.Pass, checkers.Pass, checkers.Pass},
		{"burn of one", `burn1(a, b, 1)`, checkers.Fail, checkers.Fail, checkers.Pass},
		{"burn seen by a postcondition", `checked1(a, b, 1)`, checkers.Pass, checkers.Fail, checkers.Pass},
		{"fee", `fee1(a, b, c, 1)`, checkers.Pass, checkers.Fail, checkers.Pass},
		{"fee to the payee", `fee1(a, b, b, 1)`, checkers.Pass, checkers.Fail, checkers.Pass},
		{"rounding", `thirds1(a, b, c)`, checkers.Fail, checkers.Fail, checkers.Fail},
		{"only reads", `look1(a, 1)`, checkers.Pass, checkers.Pass, checkers.Pass},
		{"division", `divide1(a, 1)`, checkers.Pass, checkers.Fail, checkers.Pass},
		{"product", `product1(a, b, 2, 3)`, checkers.Pass, checkers.Fail, checkers.Fail},
		{"difference of squares", `square1(a, b, 1, 1)`, checkers.Pass, checkers.Fail, checkers.Fail},
		{"quotient", `ratio1(a, b, 1, 1)`, checkers.Pass, checkers.Fail, checkers.Pass},
		{"negation", `negate1(a)`, checkers.Pass, checkers.Fail, checkers.Pass},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := parse(t, intents+"atomic_batch { intent "+c.intent+" }")
			p := New(patient)
			for _, question := range []struct {
				proofs []IntentProof
				want   checkers.Status
			}{
				{p.Conservation(b), c.conserves},
				{p.Overflow(b, AnyBalances), c.overflows},
				{p.Overflow(b, MoneySupply), c.supply},
			} {
				r := question.proofs[0]
				if r.Method == "" && withoutZ3(t, r.Result) {
					continue
				}
				if r.Status != question.want {
					t.Errorf("%v by %s, want %v: %s", r.Status, r.Method, question.want, r.Reason)
				}
				if e := r.Counterexample; e != nil && !batch.RunSerially(e.Batch).Failure.Same(e.Failure) {
					t.Errorf("%v on another run", e.Failure)
				}
			}
		})
	}
}

const intents = `accounts { a: 100; b: 50; c: 30; }
intent mint(x: Account, amount: Amount) { verify { x == old_x + amount; } }
intent never(x: Account, amount: Amount) { guard { amount > 5; amount < 5; } verify { x == old_x + amount; } }
intent burn(from: Account, to: Account, amount: Amount) {
  guard { amount > 0; from.balance >= amount; }
  verify { from == old_from - amount; to == old_to + amount - 1; }
}
intent checked(from: Account, to: Account, amount: Amount) {
  guard { amount > 0; from.balance >= amount; }
  verify { from == old_from - amount; to == old_to + amount - amount / 1000; from + to == old_from + old_to; }
}
intent fee(from: Account, to: Account, bank: Account, amount: Amount) {
  guard { amount >= 0; from.balance >= amount; bank.balance >= 0; }
  verify {
    from == old_from - amount;
    to == old_to + (amount - amount / 100);
    bank == old_bank + amount / 100;
  }
}
intent thirds(from: Account, x: Account, y: Account) {
  verify { from == old_from - old_from / 3 * 2; x == old_x + old_from / 3; y == old_y + (old_from + 1) / 3; }
}
intent product(x: Account, y: Account, m: Amount, n: Amount) {
  guard { m * n == 1099511627791; m > 1; n > 1; }
  verify { x == old_x + m * n; y == old_y - n * m; }
}
intent square(x: Account, y: Account, m: Amount, n: Amount) {
  verify { x == old_x + (m + n) * (m - n); y == old_y - m * m + n * n; }
}
intent ratio(x: Account, y: Account, m: Amount, n: Amount) {
  guard { m > 0; n > 0; x.balance >= m; }
  verify { x == old_x - m / n; y == old_y + m / n; }
}
intent look(x: Account, amount: Amount) { guard { x.balance >= amount; } }
intent divide(x: Account, amount: Amount) { guard { x.balance / amount != 7; } }
intent negate(x: Account) { guard { -x.balance <= 5; } }
`

// TestIntentsAgainstRunning runs the bank's intents on random inputs near what
// matters: what was proved must hold.
func TestIntentsAgainstRunning(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	p := New(patient)
	values := []int64{-1 << 63, -1<<63 + 1, -5, -1, 0, 1, 2, 3, 100, 1<<62 - 1, 1 << 62, 1<<63 - 2, 1<<63 - 1}
	draw := func() int64 { return values[rng.IntN(len(values))] }
	decided := 0
	for _, call := range []string{
		"mint1(a, 1)", "never1(a, 1)", "burn1(a, b, 1)", "checked1(a, b, 1)", "fee1(a, b, c, 1)", "fee1(a, b, b, 1)",
		"thirds1(a, b, c)", "look1(a, 1)", "divide1(a, 1)", "negate1(a)", "transfer1(a, b, 1)",
	} {
		b := parse(t, intents+"atomic_batch { intent "+call+" }")
		conserves, overflows := p.Conservation(b)[0], p.Overflow(b, AnyBalances)[0]
		for range 2000 {
			for a := range b.Accounts {
				b.Accounts[a].Balance = draw()
			}
			args := b.Transactions[0].Call.Args
			for k := range args {
				args[k].Amount = draw()
			}
			f := batch.RunSerially(b).Failure
			if f == nil {
				continue
			}
			if f.Kind == batch.NotConserved && conserves.Status == checkers.Pass || f.Detail == "overflow" && overflows.Status == checkers.Pass {
				t.Fatalf("proved that it cannot: %v", f)
			}
		}
		for _, r := range []IntentProof{conserves, overflows} {
			if r.Status != checkers.Unknown {
				decided++
			}
		}
	}
	if Available && decided != 22 {
		t.Errorf("%d of 22 decided", decided)
	}
}

func TestIntentsAreAskedAboutOnce(t *testing.T) {
	b := transfers(rand.New(rand.NewPCG(1, 1)), 100, 5)
	proofs := New(patient).Conservation(b)
	if len(proofs) != 1 || len(proofs[0].Transactions) != 100 || proofs[0].Method != ByExpressions {
		t.Error(fmt.Sprint(proofs))
	}
	if got := proofs[0].Call; got[:9] != "transfer(" {
		t.Error(got)
	}
}
