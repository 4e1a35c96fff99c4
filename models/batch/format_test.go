package batch

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func TestFormatParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBatch(t)
		text, err := Format(b)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse("printed.ae", text)
		if err != nil {
			t.Fatalf("%v\nof\n%s", err, text)
		}
		if diff := cmp.Diff(b, again, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-batch +parsed)\n%s\nof\n%s", diff, text)
		}
	})
}

func TestFormatExact(t *testing.T) {
	b := NewBuilder().Name("day")
	alice, bob := b.Account("alice", 100), b.Account("bob", -5)
	split, err := ParseIntent("split.ae", []byte(`# comments are dropped
		intent split(secret from: Account, external n: Amount) {
			guard { n * (2 + 1) > 0; from != -(3) ; }
			solve { strategy: fast; }
			verify { from.balance == (old_from) - (n - 1); old_from - 1 - 2 <= from; }
		}`))
	if err != nil {
		t.Fatal(err)
	}
	b.Call("split7", split, AccountArg(alice), AmountArg(-4)).After("hold", "transfer1").Work(1500 * time.Microsecond)
	b.Inline(&Intent{Name: "hold", Params: []Param{{Name: "bob"}}, Guard: []Cond{{Op: LT, Left: &Expr{Kind: New}, Right: &Expr{Kind: IntLit}}}})
	b.Transfer("transfer1", bob, alice, 1)
	batch, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	want := `accounts {
  alice: 100;
  bob: -5;
}

intent split(secret from: Account, external n: Amount) {
  guard {
    n * (2 + 1) > 0;
    from.balance != -(3);
  }
  solve {
    strategy: fast;
  }
  verify {
    from == old_from - (n - 1);
    old_from - 1 - 2 <= from.balance;
  }
}

atomic_batch day {
  intent split7(alice, -4) after hold, transfer1 work 1.5ms
  intent hold(bob: Account) {
    guard {
      bob.balance < 0;
    }
  }
  intent transfer1(bob, alice, 1)
}
`
	if diff := cmp.Diff(want, batch.String()); diff != "" {
		t.Error(diff)
	}
}

func TestFormatRefuses(t *testing.T) {
	apply := func(View) error { return nil }
	tests := map[string]struct {
		build func(*Builder)
		want  string
	}{
		"Go form": {func(b *Builder) { b.Add(Transaction{ID: "t", Apply: apply}) }, "no text form"},
		"cost": {func(b *Builder) {
			b.Transfer("transfer1", 0, 0, 1)
			b.last().Cost = time.Second
		}, "no text form"},
		"account's name":     {func(b *Builder) { b.Account("a b", 1) }, `account "a b": cannot be printed`},
		"transaction's name": {func(b *Builder) { b.Transfer("transfer 1", 0, 0, 1) }, `would not call intent "transfer"`},
		"batch's name":       {func(b *Builder) { b.Name("1st") }, `batch "1st"`},
		"other intent":       {func(b *Builder) { b.Call("pay1", b.Intent(&Intent{Name: "pay"})); b.Transfer("pay2", 0, 0, 1) }, "call it transfer1"},
		"shadowed by longer": {func(b *Builder) { b.Call("pay2", &Intent{Name: "pay"}); b.Intent(&Intent{Name: "pay2"}) }, "call it pay1"},
		"hint":               {func(b *Builder) { b.Intent(&Intent{Name: "i", Solve: []Hint{{"a", "b c"}}}) }, `hint "b c"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := NewBuilder()
			b.Account("alice", 1)
			test.build(b)
			batch, err := b.Build()
			if err != nil {
				t.Fatal(err)
			}
			_, err = Format(batch)
			var invalid *InvalidError
			if !errors.As(err, &invalid) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an InvalidError with %q", err, test.want)
			}
			if s := batch.String(); !strings.HasPrefix(s, "# ") {
				t.Errorf("String() = %q", s)
			}
		})
	}
}

// TestDeepest prints and parses the deepest expressions there may be, and refuses
// deeper ones: those of a text by position, those of Go by name.
func TestDeepest(t *testing.T) {
	chains := map[string]func(*Expr) *Expr{
		"negations": func(e *Expr) *Expr { return &Expr{Kind: Neg, Left: e} },
		"left sums": func(e *Expr) *Expr { return &Expr{Kind: Add, Left: e, Right: &Expr{Kind: IntLit, Int: 1}} },
		"right differences": func(e *Expr) *Expr {
			return &Expr{Kind: Sub, Left: &Expr{Kind: IntLit, Int: 1}, Right: e}
		},
		"negated sums": func(e *Expr) *Expr {
			if e.Kind == Neg {
				return &Expr{Kind: Add, Left: &Expr{Kind: IntLit}, Right: e}
			}
			return &Expr{Kind: Neg, Left: e}
		},
	}
	for name, grow := range chains {
		t.Run(name, func(t *testing.T) {
			e := &Expr{Kind: IntLit, Int: 1}
			for range MaxDepth - 1 {
				e = grow(e)
			}
			in := &Intent{Name: "deep", Guard: []Cond{{Op: EQ, Left: e, Right: &Expr{Kind: IntLit}}}}
			text := "intent deep() { guard { " + FormatCond(in, &in.Guard[0]) + "; } }"
			again, err := ParseIntent("deep.ae", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if !in.equal(again) {
				t.Error("changed by printing and parsing")
			}
			in.Guard[0].Left = grow(e)
			if err := in.validate(); err == nil {
				t.Error("a deeper expression is valid")
			}
			text = "intent deep() { guard { " + FormatCond(in, &in.Guard[0]) + "; } }"
			if _, err := ParseIntent("deep.ae", []byte(text)); err == nil || !strings.Contains(err.Error(), "nested too deeply") {
				t.Errorf("a deeper expression is parsed: %v", err)
			}
		})
	}
	for _, open := range []string{"(", "-", "1+", "- - ("} {
		text := "intent deep() { guard { " + strings.Repeat(open, 1_000_000) + "1 > 0; } }"
		if _, err := ParseIntent("deep.ae", []byte(text)); err == nil {
			t.Errorf("a million times %q is parsed", open)
		}
	}
}
