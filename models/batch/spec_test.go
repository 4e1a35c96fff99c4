package batch

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestRunSerially runs small texts. The outcome is written as the final balances,
// the canonical order, and the error.
func TestRunSerially(t *testing.T) {
	const accounts = "accounts { a: 100; b: 50; c: 0; max: 9223372036854775807; min: -9223372036854775808; }\n"
	tests := map[string]struct {
		intents, batch string
		want           string
	}{
		"empty": {"", "", "100 50 0 |  | "},
		"one":   {"", "intent transfer1(a, b, 10)", "90 60 0 | 0 | "},
		"chain": {"", "intent transfer1(a, b, 10) intent transfer2(b, c, 60)", "90 0 60 | 0 1 | "},
		"guard": {
			"", "intent transfer1(a, b, 10) intent transfer2(c, a, 1) intent transfer3(b, c, 1)",
			`100 50 0 | 0 1 | transaction "transfer2": guard "from.balance >= amount" is false, with from.balance (c) = 0, amount = 1`,
		},
		"amount zero": {"", "intent transfer1(a, b, 0)", `100 50 0 | 0 | transaction "transfer1": guard "amount > 0" is false, with amount = 0`},
		"first of two failures by submission": {
			"", "intent transfer1(c, a, 1) intent transfer2(b, a, 0)",
			`100 50 0 | 0 | transaction "transfer1": guard "from.balance >= amount" is false, with from.balance (c) = 0, amount = 1`,
		},
		"the first submitted fails last": {
			"intent zero(x: Account) { guard { x == 0; } }",
			"intent zero1(a) after zero3 intent zero2(b) intent zero3(c)",
			`100 50 0 | 1 2 0 | transaction "zero1": guard "x == 0" is false, with x.balance (a) = 100`,
		},
		"who waits for a failed one does not run": {
			"intent zero(x: Account) { guard { x == 0; } }",
			"intent zero1(a) after zero3 intent zero2(b) intent zero3(b)",
			`100 50 0 | 1 2 | transaction "zero2": guard "x == 0" is false, with x.balance (b) = 50`,
		},
		"self-transfer": {
			"", "intent transfer1(a, a, 10)",
			`100 50 0 | 0 | transaction "transfer1": two equations define a differently: 90 by "from == old_from - amount" and 110 by "to == old_to + amount"; from and to are both a`,
		},
		"equations that agree": {
			"intent keep(x: Account, y: Account) { verify { x == old_y; y == old_x; } }", "intent keep1(a, a)", "100 50 0 | 0 | ",
		},
		"simultaneous, not one after another": {
			"intent swap(x: Account, y: Account) { verify { x == old_y; y == old_x; } }", "intent swap1(a, b)", "50 100 0 | 0 | ",
		},
		"postcondition": {
			"intent move(x: Account, y: Account) { verify { x >= 95; x == old_x - 10; y == old_y + 10; } }", "intent move(a, b)",
			`100 50 0 | 0 | transaction "move": postcondition "x.balance >= 95" is false, with x.balance (a) = 90`,
		},
		"postcondition on an account that is only read": {
			"intent f(x: Account, y: Account) { verify { x == y; } }", "intent f(a, b)",
			`100 50 0 | 0 | transaction "f": postcondition "x == y.balance" is false, with x.balance (a) = 100, y.balance (b) = 50`,
		},
		"guards before equations before conditions": {
			"intent f(x: Account) { guard { x < 0; } verify { x / 0 == 1; x == 1 / 0; } }", "intent f(a)",
			`100 50 0 | 0 | transaction "f": guard "x.balance < 0" is false, with x.balance (a) = 100`,
		},
		"equations before conditions": {
			"intent f(x: Account) { verify { x / 0 == 1; x == 1 % 0; } }", "intent f(a)",
			`100 50 0 | 0 | transaction "f": division by zero in "1 % 0"`,
		},
		"overflow": {
			"", "intent transfer1(a, max, 10)",
			`100 50 0 | 0 | transaction "transfer1": overflow in "old_to + amount", with old_to (max) = 9223372036854775807, amount = 10`,
		},
		"overflow by negation": {
			"intent f(x: Account) { guard { 1 < -x; } }", "intent f(min)",
			`100 50 0 | 0 | transaction "f": overflow in "-x.balance", with x.balance (min) = -9223372036854775808`,
		},
		"overflow by division":        {"intent f(x: Account) { guard { x / -1 > 0; } }", "intent f(min)", `100 50 0 | 0 | transaction "f": overflow in "x.balance / -1", with x.balance (min) = -9223372036854775808`},
		"no overflow by remainder":    {"intent f(x: Account) { guard { x % -1 == 0; } }", "intent f(min)", "100 50 0 | 0 | "},
		"division truncates":          {"intent f() { guard { -7 / 2 == -3; -7 % 2 == -1; 7 / -2 == -3; 7 % -2 == 1; } }", "intent f()", "100 50 0 | 0 | "},
		"precedence and grouping":     {"intent f() { guard { 2 + 3 * 4 == 14; 10 - 3 - 2 == 5; -(2) * -3 == 6; 100 / 10 / 5 == 2; } }", "intent f()", "100 50 0 | 0 | "},
		"overflow inside, not in all": {"intent f(x: Account) { guard { x + 1 - 1 == x; } }", "intent f(max)", `100 50 0 | 0 | transaction "f": overflow in "x.balance + 1", with x.balance (max) = 9223372036854775807`},
		"mint": {
			"intent f(x: Account) { verify { x == old_x + 5; } }", "intent f(a)",
			`100 50 0 | 0 | transaction "f": mints 5: the balances it writes must add up to what they were, with old_a = 100, a = 105`,
		},
		"burn": {
			"intent f(x: Account, y: Account) { verify { x == old_x - 5; y == 51; } }", "intent f(a, b)",
			`100 50 0 | 0 | transaction "f": burns 4: the balances it writes must add up to what they were, with old_a = 100, a = 95, old_b = 50, b = 51`,
		},
		"mint offset by another": {
			"intent f(x: Account) { verify { x == old_x + 5; } } intent g(x: Account) { verify { x == old_x - 5; } }", "intent f(a) intent g(b)",
			`100 50 0 | 0 1 | transaction "f": mints 5: the balances it writes must add up to what they were, with old_a = 100, a = 105`,
		},
		"mint that wraps around to nothing": {
			"intent f(x: Account, y: Account) { verify { x == 9223372036854775807; y == 9223372036854775807; } }", "intent f(min, c)",
			`100 50 0 | 0 | transaction "f": mints 27670116110564327422: the balances it writes must add up to what they were, with old_c = 0, c = 9223372036854775807, old_min = -9223372036854775808, min = 9223372036854775807`,
		},
		"after turns the order": {"", "intent transfer1(a, b, 1) after transfer2 intent transfer2(c, max, 0) intent transfer3(a, b, 1)", `100 50 0 | 1 | transaction "transfer2": guard "amount > 0" is false, with amount = 0`},
		"canonical order": {
			"intent nop() {}", "intent nop1() after nop4 intent nop2() intent nop3() intent nop4() intent nop5()", "100 50 0 | 1 2 3 0 4 | ",
		},
		"inline": {"", "intent shift(a: Account, c: Account) { verify { a == old_c; c == old_a; } } intent transfer1(c, b, 100)", "0 150 0 | 0 1 | "},
		"cycle of after": {
			"intent nop() {}", "intent nop0() after nop2 intent nop1() after nop3 intent nop2() after nop1 intent nop3() after nop2",
			"100 50 0 |  | cycle of dependencies: nop1 waits for nop3 waits for nop2 waits for nop1; nothing was run; remove an after clause",
		},
		"cycle of after and conflict": {
			"", "intent transfer1(a, b, 1) after transfer3 intent transfer2(b, c, 1) intent transfer3(c, a, 1)",
			"100 50 0 |  | cycle of dependencies: transfer1 waits for transfer3 waits for transfer1; nothing was run; remove an after clause",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := mustParse(t, accounts+test.intents+" atomic_batch { "+test.batch+" }")
			if got := describe(RunSerially(b)); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func describe(o Outcome) string {
	var err error
	if o.Failure != nil {
		err = o.Failure
	} else if o.Cycle != nil {
		err = o.Cycle
	}
	text := strings.Trim(fmt.Sprint(o.Balances[:3]), "[]") + " | " + strings.Trim(fmt.Sprint(o.Order), "[]") + " | "
	if err != nil {
		text += err.Error()
	}
	return text
}

func TestEffects(t *testing.T) {
	b := mustParse(t, `accounts { a: 10; b: 0; c: 7; }
		intent look(x: Account, y: Account) { guard { x >= 0; y >= 0; } }
		atomic_batch { intent transfer1(a, b, 10) intent look1(b, c) intent transfer2(b, a, 3) intent look2(a, b) }`)
	want := []Effect{
		{Ran: true, Reads: []Access{{0, 10, 0, Initial}, {1, 0, 0, Initial}}, Writes: []Access{{0, 10, 0, Initial}, {1, 0, 10, Initial}}},
		{Ran: true, Reads: []Access{{1, 10, 0, 0}, {2, 7, 0, Initial}}},
		{Ran: true, Reads: []Access{{0, 0, 0, 0}, {1, 10, 0, 0}}, Writes: []Access{{0, 0, 3, 0}, {1, 10, 7, 0}}},
		{Ran: true, Reads: []Access{{0, 3, 0, 2}, {1, 7, 0, 2}}},
	}
	if diff := cmp.Diff(want, RunSerially(b).Effects); diff != "" {
		t.Error(diff)
	}
}

func TestInjectedPanic(t *testing.T) {
	b := mustParse(t, `accounts { a: 10; b: 0; }
		atomic_batch { intent transfer1(a, b, 10) intent transfer2(b, a, 0) }`)
	o := RunSerially(b, "transfer2")
	if o.Failure == nil || o.Failure.Kind != Panicked || o.Failure.Tx != 1 || o.Failure.Detail != InjectedPanic {
		t.Errorf("got %v", o.Failure)
	}
}

// drawAny draws a batch of any kind.
func drawAny(t *rapid.T) *Batch {
	return rapid.SampledFrom([]func(*rapid.T) *Batch{drawTransfers, drawBatch, drawWaits}).Draw(t, "kind of batch")(t)
}

// TestSpecificationInvariants checks what must be so of any outcome.
func TestSpecificationInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawAny(t)
		o := RunSerially(b)
		switch {
		case o.Cycle != nil:
			if err := CheckCycle(b, o.Cycle.Cycle); err != nil {
				t.Fatal(err)
			}
			if o.Failure != nil || len(o.Order) > 0 {
				t.Fatal("a refused batch ran")
			}
		case o.Failure != nil:
			checkFailures(t, b, o)
		default:
			if n := len(b.Transactions); len(o.Order) != n {
				t.Fatalf("%d of %d transactions ran", len(o.Order), n)
			}
			if sum(o.Balances) != sum(b.Balances()) {
				t.Fatal("the sum is not conserved")
			}
		}
		if (o.Cycle != nil || o.Failure != nil) && !slices.Equal(o.Balances, b.Balances()) {
			t.Fatal("balances changed without a commit")
		}
		w := waitsOf(b)
		for k, j := range o.Order {
			for _, i := range o.Order[k:] {
				if w.on(j, i) {
					t.Fatalf("%d ran before %d, for which it waits", j, i)
				}
			}
		}
	})
}

// TestDrawnBatchesEndInAllWays: the invariants are tested on outcomes of each kind. The batches are the same every
// time, so that no luck decides.
func TestDrawnBatchesEndInAllWays(t *testing.T) {
	var cycles, failures, commits, reordered, skipped int
	batches := rapid.Custom(drawAny)
	for seed := range 500 {
		b := batches.Example(seed)
		o := RunSerially(b)
		switch {
		case o.Cycle != nil:
			cycles++
		case o.Failure != nil:
			failures++
			if len(o.Order) < len(b.Transactions) {
				skipped++
			}
		default:
			commits++
		}
		if !slices.IsSorted(o.Order) {
			reordered++
		}
	}
	t.Logf("%d cycles, %d failures, %d commits, %d reordered, %d with skipped transactions", cycles, failures, commits, reordered, skipped)
	if min(cycles, failures, commits, reordered, skipped) == 0 {
		t.Error("one of these never happened")
	}
}

// checkFailures checks that the reported failure is that of the first submitted,
// and that what did not run waits for something that failed or did not run.
func checkFailures(t *rapid.T, b *Batch, o Outcome) {
	w := waitsOf(b)
	for j, e := range o.Effects {
		if e.Failure != nil && j < o.Failure.Tx {
			t.Fatalf("%d failed, and %d is reported", j, o.Failure.Tx)
		}
		if e.Ran {
			continue
		}
		waits := false
		for i, other := range o.Effects {
			waits = waits || w.on(j, i) && (other.Failure != nil || !other.Ran)
		}
		if !waits {
			t.Fatalf("%d did not run for no reason", j)
		}
	}
}

// sum wraps, which is exact enough to compare.
func sum(balances []int64) (total int64) {
	for _, v := range balances {
		total += v
	}
	return total
}

// TestFormsAgree runs transfers in text form and the same in Go form.
func TestFormsAgree(t *testing.T) {
	refused := errors.New("refused")
	rapid.Check(t, func(t *rapid.T) {
		text := drawTransfers(t)
		goForm := &Batch{Accounts: text.Accounts}
		for _, tx := range text.Transactions {
			from, to, amount := tx.Call.Args[0].Account, tx.Call.Args[1].Account, tx.Call.Args[2].Amount
			goForm.Transactions = append(goForm.Transactions, Transaction{
				ID: tx.ID, Reads: tx.Reads, Writes: tx.Writes, After: tx.After,
				Apply: func(v View) error {
					if amount <= 0 || v.Balance(from) < amount || from == to {
						return refused
					}
					v.SetBalance(from, v.Balance(from)-amount)
					v.SetBalance(to, v.Balance(to)+amount)
					return nil
				},
			})
		}
		a, b := RunSerially(text), RunSerially(goForm)
		if (a.Failure == nil) != (b.Failure == nil) || a.Failure != nil && a.Failure.Tx != b.Failure.Tx {
			t.Fatalf("failures %v and %v", a.Failure, b.Failure)
		}
		if diff := cmp.Diff(a.Cycle, b.Cycle); diff != "" {
			t.Fatal(diff)
		}
		for i := range a.Effects {
			a.Effects[i].Failure, b.Effects[i].Failure = nil, nil
		}
		a.Failure, b.Failure = nil, nil
		if diff := cmp.Diff(a, b); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestShortestCycle holds the cycle named against all cycles, enumerated.
func TestShortestCycle(t *testing.T) {
	nop := &Intent{Name: "t"}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "n")
		b := NewBuilder()
		for i := range n {
			b.Call(fmt.Sprint("t", i), nop)
			for j := range n {
				if i != j && rapid.IntRange(0, 3).Draw(t, "edge") == 0 {
					b.After(fmt.Sprint("t", j))
				}
			}
		}
		batch, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for start := 0; start < n && want == nil; start++ {
			want = bestCycle(batch, []string{fmt.Sprint("t", start)})
		}
		var got []string
		if c := RunSerially(batch).Cycle; c != nil {
			got = c.Cycle
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// bestCycle enumerates the cycles that begin with path: a shortest, and of these
// the lexicographically first.
func bestCycle(b *Batch, path []string) []string {
	var best []string
	if CheckCycle(b, path) == nil {
		best = path
	}
	for _, tx := range b.Transactions {
		if slices.Contains(path, tx.ID) || !slices.Contains(b.Transactions[int(path[len(path)-1][1]-'0')].After, tx.ID) {
			continue
		}
		c := bestCycle(b, append(slices.Clip(path), tx.ID))
		if c != nil && (best == nil || len(c) < len(best) || len(c) == len(best) && slices.Compare(c, best) < 0) {
			best = c
		}
	}
	return best
}

func TestCheckCycle(t *testing.T) {
	b := mustParse(t, `intent nop() {} atomic_batch { intent nop1() after nop2 intent nop2() after nop1 intent nop3() after nop1 }`)
	tests := map[string]string{
		"nop1 nop2":      "",
		"nop2 nop1":      "",
		"":               "empty",
		"nop1":           "does not wait for",
		"nop1 nop3":      `"nop1" does not wait for "nop3"`,
		"nop1 nop2 nop1": "twice",
		"nop1 nop9":      "not a transaction",
	}
	for cycle, want := range tests {
		err := CheckCycle(b, strings.Fields(cycle))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", cycle, err, want)
		}
	}
}
