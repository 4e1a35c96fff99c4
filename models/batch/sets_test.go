package batch

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestDeriveSets goes through the rules of DeriveSets.
func TestDeriveSets(t *testing.T) {
	tests := map[string]struct {
		params, guard, verify, args string
		reads, writes               string
	}{
		"nothing mentioned":        {"x: Account", "", "", "a", "", ""},
		"guard reads":              {"x: Account, y: Account", "x > 0; old_y > 0;", "", "a, b", "a b", ""},
		"equation reads and write": {"x: Account", "", "x == old_x;", "a", "a", "a"},
		"blind write":              {"x: Account", "", "x == 5;", "a", "", "a"},
		"blind write, checked":     {"x: Account", "", "x == 5; x > 0;", "a", "", "a"},
		"checked before defined":   {"x: Account", "", "x > 0; x == 5;", "a", "", "a"},
		"new of an unwritten":      {"x: Account", "", "x > 0;", "a", "a", ""},
		"no equation: two new":     {"x: Account, y: Account", "", "x == y;", "a, b", "a b", ""},
		"no equation: inequality":  {"x: Account", "", "x >= old_x;", "a", "a", ""},
		"no equation: wrong side":  {"x: Account", "", "5 == x;", "a", "a", ""},
		"no equation: not bare":    {"x: Account", "", "x + 0 == 5;", "a", "a", ""},
		"equation with .balance":   {"x: Account", "", "x.balance == 5;", "a", "", "a"},
		"old on the right":         {"x: Account, y: Account", "", "x == old_y;", "a, b", "b", "a"},
		"amounts are not accounts": {"n: Amount", "n > 0;", "n > 1;", "5", "", ""},
		"alias makes new own":      {"x: Account, y: Account", "", "x == 5; y > 0;", "a, a", "", "a"},
		"alias reads":              {"x: Account, y: Account", "", "x == old_y;", "a, a", "a", "a"},
		"sorted, once":             {"x: Account, y: Account, z: Account", "z > x; y > z;", "", "c, b, a", "a b c", ""},
		"equation in guard":        {"x: Account", "x == 5;", "", "a", "a", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := mustParse(t, "accounts { a: 1; b: 2; c: 3; } intent f("+test.params+") { guard { "+test.guard+
				" } verify { "+test.verify+" } } atomic_batch { intent f("+test.args+") }")
			reads, writes := DeriveSets(b.Transactions[0].Call)
			if got := names(b, reads); got != test.reads {
				t.Errorf("reads %q, want %q", got, test.reads)
			}
			if got := names(b, writes); got != test.writes {
				t.Errorf("writes %q, want %q", got, test.writes)
			}
		})
	}
}

func names(b *Batch, set []AccountID) string {
	var list []string
	for _, a := range set {
		list = append(list, b.Accounts[a].Name)
	}
	return strings.Join(list, " ")
}

func TestConflicts(t *testing.T) {
	tx := func(reads, writes []AccountID) Transaction { return Transaction{Reads: reads, Writes: writes} }
	set := func(a ...AccountID) []AccountID { return a }
	b := &Batch{Transactions: []Transaction{
		tx(set(0, 1), set(1)),
		tx(set(0), nil),          // shares 0 with the first, read-only
		tx(set(1), set(0)),       // RAW 1, WAR 0; WAR 0
		tx(set(0, 1), set(0, 1)), // everything
		tx(set(2), set(2)),       // nothing
	}}
	want := []Conflict{
		{From: 0, To: 2, RAW: set(1), WAR: set(0)},
		{From: 0, To: 3, RAW: set(1), WAR: set(0, 1), WAW: set(1)},
		{From: 1, To: 2, WAR: set(0)},
		{From: 1, To: 3, WAR: set(0)},
		{From: 2, To: 3, RAW: set(0), WAR: set(1), WAW: set(0)},
	}
	if diff := cmp.Diff(want, Conflicts(b)); diff != "" {
		t.Error(diff)
	}
}

// TestConflictsByAccess holds Conflicts against the table of accesses, account by
// account.
func TestConflictsByAccess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBatch(t)
		type key struct {
			from, to int
			kind     string
			account  AccountID
		}
		want := map[key]bool{}
		for a := range AccountID(len(b.Accounts)) {
			var ops []struct {
				tx    int
				write bool
			}
			for i, tx := range b.Transactions {
				if has(tx.Reads, a) {
					ops = append(ops, struct {
						tx    int
						write bool
					}{i, false})
				}
				if has(tx.Writes, a) {
					ops = append(ops, struct {
						tx    int
						write bool
					}{i, true})
				}
			}
			for i, p := range ops {
				for _, q := range ops[i:] {
					if p.tx != q.tx && (p.write || q.write) {
						kind := map[[2]bool]string{{true, false}: "RAW", {false, true}: "WAR", {true, true}: "WAW"}[[2]bool{p.write, q.write}]
						want[key{p.tx, q.tx, kind, a}] = true
					}
				}
			}
		}
		got := map[key]bool{}
		for _, c := range Conflicts(b) {
			for kind, accounts := range map[string][]AccountID{"RAW": c.RAW, "WAR": c.WAR, "WAW": c.WAW} {
				for _, a := range accounts {
					got[key{c.From, c.To, kind, a}] = true
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s\nof\n%v", diff, b)
		}
	})
}

func has(set []AccountID, a AccountID) bool {
	for _, x := range set {
		if x == a {
			return true
		}
	}
	return false
}
