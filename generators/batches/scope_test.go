package batches_test

import (
	"bytes"
	"errors"
	"testing"

	"synchrony/generators/batches"
	"synchrony/models/batch"
)

// TestScopeCount holds the enumeration up to symmetry to Burnside's lemma: with two
// accounts, the classes are the mean of all words and of those that swapping the
// accounts leaves as they are.
func TestScopeCount(t *testing.T) {
	const letters, symmetric = 13, 1 // of two accounts; compare(a, b) alone is symmetric
	all, fixed, want := 1, 1, 0
	for n := 1; n <= 3; n++ {
		all, fixed = all*letters, fixed*symmetric
		want += (all + fixed) / 2
		s := batches.Scope{Accounts: 2, Transactions: n}
		got := 0
		for range s.All() {
			got++
		}
		if got != want || s.Count() != want {
			t.Errorf("up to %d transactions: %d batches, counted %d, want %d", n, got, s.Count(), want)
		}
	}
}

// TestScopeBatches holds that the batches differ, can be printed and read again, and
// that some commit and some fail.
func TestScopeBatches(t *testing.T) {
	seen := map[string]bool{}
	outcomes := map[bool]int{}
	for b := range (batches.Scope{Accounts: 3, Transactions: 2}).All() {
		text, err := batch.Format(b)
		if err != nil {
			t.Fatal(err)
		}
		if seen[string(text)] {
			t.Fatalf("twice:\n%s", text)
		}
		seen[string(text)] = true
		back, err := batch.Parse("scope", text)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := batch.Format(back); err != nil || !bytes.Equal(again, text) {
			t.Fatalf("%v: became\n%s\nfrom\n%s", err, again, text)
		}
		outcomes[batch.RunSerially(b).Failure == nil]++
	}
	if outcomes[true] == 0 || outcomes[false] == 0 {
		t.Errorf("committed or not: %v", outcomes)
	}
}

func TestScopeErrors(t *testing.T) {
	for _, test := range []struct {
		scope batches.Scope
		want  string
	}{
		{batches.Scope{Transactions: 1}, "a scope has 1 to 4 accounts, not 0"},
		{batches.Scope{Accounts: 5, Transactions: 1}, "a scope has 1 to 4 accounts, not 5"},
		{batches.Scope{Accounts: 1, Transactions: 6}, "a scope has 1 to 5 transactions, not 6"},
	} {
		err := test.scope.Validate()
		var scope *batches.ScopeError
		if !errors.As(err, &scope) || err.Error() != test.want {
			t.Errorf("%+v: %v, want %s", test.scope, err, test.want)
		}
	}
	if err := (batches.Scope{Accounts: 4, Transactions: 5}).Validate(); err != nil {
		t.Error(err)
	}
}
