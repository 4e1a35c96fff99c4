package batch

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// TestGoForm runs single transactions in Go form that read account 0, read and
// write account 1, and write account 2; account 3 is not theirs.
func TestGoForm(t *testing.T) {
	refused := errors.New("refused")
	tests := map[string]struct {
		apply   func(View) error
		prepare func(context.Context) error
		kind    FailureKind // 0: commits
		want    string
	}{
		"commits":             {apply: func(v View) error { v.SetBalance(1, v.Balance(1)-v.Balance(0)); v.SetBalance(2, 13); return nil }},
		"sees its own write":  {apply: func(v View) error { v.SetBalance(1, 5); v.SetBalance(1, v.Balance(1)*4); return nil }},
		"writes nothing":      {apply: func(View) error { return nil }},
		"returns an error":    {apply: func(View) error { return refused }, kind: Rejected, want: `transaction "t": rejected: refused`},
		"panics":              {apply: func(View) error { panic("boom") }, kind: Panicked, want: `transaction "t": panicked: boom`},
		"panics with nil":     {apply: func(View) error { panic(nil) }, kind: Panicked, want: "nil"},
		"reads undeclared":    {apply: func(v View) error { v.Balance(3); return nil }, kind: AccessDenied, want: `reads account "d", which is not in its read set`},
		"reads write-only":    {apply: func(v View) error { v.SetBalance(2, 10); v.Balance(2); return nil }, kind: AccessDenied, want: `reads account "c"`},
		"writes read-only":    {apply: func(v View) error { v.SetBalance(0, 1); return nil }, kind: AccessDenied, want: `writes account "a"`},
		"no such account":     {apply: func(v View) error { v.SetBalance(-4, 1); return nil }, kind: AccessDenied, want: `writes account "-4"`},
		"first access counts": {apply: func(v View) error { v.Balance(3); v.SetBalance(0, 1); return nil }, kind: AccessDenied, want: `reads account "d"`},
		"access before error": {apply: func(v View) error { v.Balance(3); return refused }, kind: AccessDenied, want: `reads account "d"`},
		"access before panic": {apply: func(v View) error { _ = 1 / v.Balance(3); return nil }, kind: AccessDenied, want: `reads account "d"`},
		"mints":               {apply: func(v View) error { v.SetBalance(2, 11); return nil }, kind: NotConserved, want: "mints 1: the balances it writes must add up to what they were, with old_c = 10, c = 11"},
		"prepares":            {prepare: func(context.Context) error { return nil }, apply: func(View) error { return nil }},
		"prepare fails":       {prepare: func(context.Context) error { return refused }, apply: func(View) error { panic("applied") }, kind: Rejected, want: "refused"},
		"prepare panics":      {prepare: func(context.Context) error { panic("boom") }, apply: func(View) error { panic("applied") }, kind: Panicked, want: "boom"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := &Batch{
				Accounts:     []Account{{"a", 3}, {"b", 20}, {"c", 10}, {"d", 0}},
				Transactions: []Transaction{{ID: "t", Reads: []AccountID{0, 1}, Writes: []AccountID{1, 2}, Apply: test.apply, Prepare: test.prepare}},
			}
			if err := b.Validate(); err != nil {
				t.Fatal(err)
			}
			f := RunSerially(b).Failure
			if test.kind == 0 {
				if f != nil {
					t.Fatal(f)
				}
				return
			}
			if f == nil || f.Kind != test.kind || !strings.Contains(f.Error(), test.want) {
				t.Fatalf("got %v, want %v: %s", f, test.kind, test.want)
			}
			var access *AccessError
			if errors.As(f, &access) != (test.kind == AccessDenied) || errors.Is(f, refused) != (test.kind == Rejected) {
				t.Errorf("a %v unwraps to %v", f.Kind, f.Err)
			}
			if (f.Stack != "") != (test.kind == Panicked) {
				t.Errorf("a %v has the stack %q", f.Kind, f.Stack)
			}
		})
	}
}

func TestFailureSame(t *testing.T) {
	f := func() *Failure {
		return &Failure{Tx: 1, ID: "t", Kind: Rejected, Condition: "c", Values: []Value{{"v", 1}}, Err: errors.New("e")}
	}
	g := f()
	g.Stack = "elsewhere"
	if !f().Same(g) || f().Same(nil) || !(*Failure)(nil).Same(nil) || (*Failure)(nil).Same(f()) {
		t.Error("the stack counts, or nil equals a failure")
	}
	for name, change := range map[string]func(*Failure){
		"Tx": func(f *Failure) { f.Tx++ }, "ID": func(f *Failure) { f.ID = "u" }, "Kind": func(f *Failure) { f.Kind = AccessDenied },
		"Condition": func(f *Failure) { f.Condition = "" }, "Detail": func(f *Failure) { f.Detail = "d" },
		"Values": func(f *Failure) { f.Values[0].Value = 2 }, "Err": func(f *Failure) { f.Err = errors.New("other") },
	} {
		g := f()
		if change(g); f().Same(g) {
			t.Errorf("failures that differ in %s are the same", name)
		}
	}
}

func TestFailureKinds(t *testing.T) {
	for k := GuardFailed; k <= Panicked; k++ {
		if got, err := ParseFailureKind(k.String()); got != k || err != nil {
			t.Errorf("%v is parsed as %v, %v", k, got, err)
		}
	}
	for _, s := range []string{"", "failed"} {
		if _, err := ParseFailureKind(s); err == nil {
			t.Errorf("%q is parsed", s)
		}
	}
}
