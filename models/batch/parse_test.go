package batch

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestParseExample parses the example of the language's description.
func TestParseExample(t *testing.T) {
	got := mustParse(t, `
  accounts { alice: 100; bob: 50; charlie: 30; dave: 0; eve: 20; frank: 0; }
  atomic_batch {
    intent transfer1(alice, bob, 10)
    intent transfer2(charlie, dave, 20)
    intent transfer3(eve, frank, 20)
  }
`)
	b := NewBuilder()
	for _, a := range []Account{{"alice", 100}, {"bob", 50}, {"charlie", 30}, {"dave", 0}, {"eve", 20}, {"frank", 0}} {
		b.Account(a.Name, a.Balance)
	}
	b.Transfer("transfer1", 0, 1, 10).Transfer("transfer2", 2, 3, 20).Transfer("transfer3", 4, 5, 20)
	want, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPreludeIsItsText(t *testing.T) {
	text := `intent transfer(from: Account, to: Account, amount: Amount) {
	  guard { amount > 0; from.balance >= amount; }
	  verify { from == old_from - amount; to == old_to + amount; }
	}`
	in, err := ParseIntent("prelude.ae", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(in, Transfer()); diff != "" {
		t.Error(diff)
	}
	if in.Verify[1].Right.Kind = Sub; in.equal(Transfer()) {
		t.Error("another intent equals the prelude's")
	}
}

func TestParseForms(t *testing.T) {
	// Windows lines, a byte order mark, use before declaration, semicolons, comments,
	// several sections, an empty block, keywords as names.
	b := mustParse(t, "\ufeff"+strings.ReplaceAll(`atomic_batch intent { # the batch is called intent
		intent transfer1(after, work, 10); intent transfer(work, after, -5) after transfer1 work 1.5s;
		intent secret() after transfer, transfer1
		intent work(after: Account, external work: Account) { guard {} verify { after == old_after + work; } }
		intent guard12(after)
	}
	accounts { after: -9223372036854775808; }
	intent guard1(secret: Account) {}
	intent guard(secret: Account) {}
	intent guard12(secret secret: Account) { solve { solve: verify; } }
	intent secret() {}
	accounts { work: 9223372036854775807; }`, "\n", "\r\n"))
	var ids []string
	for _, tx := range b.Transactions {
		ids = append(ids, tx.ID+" of "+tx.Call.Intent.Name)
	}
	want := []string{"transfer1 of transfer", "transfer of transfer", "secret of secret", "work of work", "guard12 of guard12"}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Error(diff)
	}
	if b.Name != "intent" || len(b.Intents) != 4 || len(b.Accounts) != 2 {
		t.Errorf("got\n%v", b)
	}
	if tx := b.Transactions[1]; tx.Work != 1500*time.Millisecond || tx.Call.Args[2].Amount != -5 || len(tx.After) != 1 {
		t.Errorf("got %+v", tx)
	}
	if tx := b.Transactions[3]; !tx.Call.Inline || tx.Call.Args[1].Account != 1 || !tx.Call.Intent.Params[1].External {
		t.Errorf("got %+v", tx.Call)
	}
}

// TestCallee is the rule by which a transaction's name finds its intent.
func TestCallee(t *testing.T) {
	tests := []struct{ declared, id, want string }{
		{"", "transfer", "prelude"},
		{"", "transfer12", "prelude"},
		{"", "transfer1a", ""},
		{"", "pay1", ""},
		{"pay", "pay", "pay"},
		{"pay", "pay007", "pay"},
		{"pay pay1", "pay1", "pay1"},
		{"pay pay1", "pay2", "pay"},
		{"pay1", "pay12", ""}, // all digits are cut off, not some
		{"transfer", "transfer1", "transfer"},
		{"transfer1", "transfer1", "transfer1"},
		{"transfer1", "transfer2", "prelude"},
		{"transfer1", "transfer", "prelude"},
	}
	for _, test := range tests {
		declared := map[string]*Intent{}
		for _, name := range strings.Fields(test.declared) {
			declared[name] = &Intent{Name: name}
		}
		prelude, got := Transfer(), ""
		if in := callee(test.id, func(s string) *Intent { return declared[s] }, prelude); in == prelude {
			got = "prelude"
		} else if in != nil {
			got = in.Name
		}
		if got != test.want {
			t.Errorf("with %q declared, %s calls %q, want %q", test.declared, test.id, got, test.want)
		}
	}
}

func mustParse(t testing.TB, text string) *Batch {
	t.Helper()
	b, err := Parse("test.ae", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Validate(); err != nil {
		t.Fatalf("what was parsed is not valid: %v", err)
	}
	return b
}
