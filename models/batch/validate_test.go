package batch

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestValidate(t *testing.T) {
	apply := func(View) error { return nil }
	pay := &Intent{Name: "pay", Params: []Param{{Name: "x"}, {Name: "n", Type: AmountParam}}}
	args := []Arg{AccountArg(0), AmountArg(1)}
	goForm := func(change func(*Transaction)) func(*Batch) {
		return func(b *Batch) {
			tx := Transaction{ID: "t", Apply: apply}
			change(&tx)
			b.Transactions = append(b.Transactions, tx)
		}
	}
	call := func(c *Call, id string) func(*Batch) {
		return func(b *Batch) {
			b.Intents = append(b.Intents, pay)
			b.Transactions = append(b.Transactions, Transaction{ID: id, Call: c})
		}
	}
	expr := func(e *Expr) func(*Batch) {
		return func(b *Batch) {
			in := *pay
			in.Guard = []Cond{{Op: EQ, Left: e, Right: &Expr{}}}
			b.Intents = append(b.Intents, &in)
		}
	}
	params := func(p ...Param) func(*Batch) {
		return func(b *Batch) { b.Intents = append(b.Intents, &Intent{Name: "i", Params: p}) }
	}
	tests := map[string]struct {
		change func(*Batch)
		want   string // empty: valid
	}{
		"valid call":           {call(&Call{Intent: pay, Args: args}, "pay1"), ""},
		"valid Go form":        {goForm(func(tx *Transaction) { tx.Reads, tx.Writes = []AccountID{0, 1}, []AccountID{1} }), ""},
		"account unnamed":      {func(b *Batch) { b.Accounts[1].Name = "" }, "account 1: has no name"},
		"account twice":        {func(b *Batch) { b.Accounts[1].Name = "alice" }, `account 1: is called "alice" like account 0`},
		"ID missing":           {goForm(func(tx *Transaction) { tx.ID = "" }), "transaction 0: has no ID"},
		"ID twice":             {func(b *Batch) { goForm(func(*Transaction) {})(b); goForm(func(*Transaction) {})(b) }, `transaction 1: is called "t" like`},
		"both forms":           {goForm(func(tx *Transaction) { tx.Call = &Call{Intent: pay, Args: args} }), "both a Call and an Apply"},
		"neither form":         {goForm(func(tx *Transaction) { tx.Apply = nil }), "neither a Call nor an Apply"},
		"negative work":        {goForm(func(tx *Transaction) { tx.Work = -time.Second }), "negative Work of -1s"},
		"negative cost":        {goForm(func(tx *Transaction) { tx.Cost = -1 }), "negative Cost"},
		"set out of range":     {goForm(func(tx *Transaction) { tx.Reads = []AccountID{2} }), "read set with account 2, but the batch has 2 accounts"},
		"negative account":     {goForm(func(tx *Transaction) { tx.Writes = []AccountID{-1} }), "write set with account -1"},
		"set unsorted":         {goForm(func(tx *Transaction) { tx.Writes = []AccountID{1, 0} }), "not strictly ascending: 1 before 0"},
		"set with repetition":  {goForm(func(tx *Transaction) { tx.Reads = []AccountID{1, 1} }), "not strictly ascending"},
		"after unknown":        {goForm(func(tx *Transaction) { tx.After = []string{"u"} }), `runs after "u", which is not a transaction`},
		"after itself":         {goForm(func(tx *Transaction) { tx.After = []string{"t"} }), "runs after itself"},
		"nil intent":           {call(&Call{}, "pay1"), "nil intent"},
		"undeclared intent":    {call(&Call{Intent: &Intent{Name: "buy"}}, "buy1"), "not among the batch's intents"},
		"too few arguments":    {call(&Call{Intent: pay, Args: args[:1]}, "pay1"), "with 1 arguments; it takes 2"},
		"account for amount":   {call(&Call{Intent: pay, Args: []Arg{AccountArg(0), AccountArg(1)}}, "pay1"), "an Amount is wanted"},
		"amount for account":   {call(&Call{Intent: pay, Args: []Arg{AmountArg(1), AmountArg(1)}}, "pay1"), "an Account is wanted"},
		"argument's range":     {call(&Call{Intent: pay, Args: []Arg{AccountArg(7), AmountArg(1)}}, "pay1"), "account 7"},
		"inline with amount":   {call(&Call{Intent: &Intent{Name: "buy", Params: pay.Params[1:]}, Args: args[1:], Inline: true}, "buy"), "parameters are accounts"},
		"inline, other name":   {call(&Call{Intent: &Intent{Name: "buy"}, Inline: true}, "pay"), `definition of intent "buy"`},
		"inline, other param":  {call(&Call{Intent: &Intent{Name: "buy", Params: []Param{{Name: "bob"}}}, Args: args[:1], Inline: true}, "buy"), `it is account "alice"`},
		"nil declared":         {func(b *Batch) { b.Intents = []*Intent{nil} }, "intent 0: is nil"},
		"intent twice":         {func(b *Batch) { b.Intents = []*Intent{pay, pay} }, `intent "pay": is declared twice`},
		"intent unnamed":       {func(b *Batch) { b.Intents = []*Intent{{}} }, "has no name"},
		"param old_":           {params(Param{Name: "old_x"}), "old_"},
		"param twice":          {params(Param{Name: "x"}, Param{Name: "x"}), `two parameters "x"`},
		"param unnamed":        {params(Param{}), "no name for parameter 0"},
		"param type":           {params(Param{Name: "x", Type: 9}), "unknown type 9"},
		"expression missing":   {expr(nil), "missing operand"},
		"operand missing":      {expr(&Expr{Kind: Add, Left: &Expr{}}), "missing operand"},
		"expression kind":      {expr(&Expr{Kind: 99}), "unknown kind 99"},
		"expression parameter": {expr(&Expr{Kind: Old, Param: 2}), "parameter 2 of 2"},
		"amount as account":    {expr(&Expr{Kind: Old, Param: 1}), `uses its Amount parameter "n" as an Account`},
		"comparison": {func(b *Batch) {
			b.Intents = []*Intent{{Name: "i", Guard: []Cond{{Op: 9, Left: &Expr{}, Right: &Expr{}}}}}
		}, "unknown comparison 9"},
		"sets not derived": {func(b *Batch) {
			b.Transactions = []Transaction{{ID: "transfer", Call: &Call{Intent: Transfer(), Args: []Arg{{}, {Account: 1}, {Amount: 1}}}, Reads: []AccountID{0}}}
		}, "use DeriveSets"},
		"prelude shadowed": {func(b *Batch) {
			b.Intents = []*Intent{{Name: "transfer"}}
			NewBuilder().Transfer("t", 0, 1, 1).copyTo(b)
		}, "not among the batch's intents"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := &Batch{Accounts: []Account{{"alice", 1}, {"bob", 2}}}
			test.change(b)
			err := b.Validate()
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var invalid *InvalidError
			if !errors.As(err, &invalid) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an InvalidError with %q", err, test.want)
			}
		})
	}
}

func (b *Builder) copyTo(batch *Batch) {
	batch.Transactions = append(batch.Transactions, b.batch.Transactions...)
}

func TestValidateReportsSeveral(t *testing.T) {
	b := &Batch{Accounts: make([]Account, 100)}
	if got := strings.Count(b.Validate().Error(), "\n") + 1; got != maxErrors {
		t.Errorf("%d problems reported, want %d", got, maxErrors)
	}
}

// TestBuilderNeverPanicsOnData gives the Builder what is wrong; Build says so.
func TestBuilderNeverPanicsOnData(t *testing.T) {
	b := NewBuilder()
	b.Account("alice", 1)
	b.Call("nil", nil)
	b.Call("few", b.transfer, AccountArg(0))
	b.Call("range", b.transfer, AccountArg(9), AccountArg(-1), AmountArg(1))
	b.Call("ill", &Intent{Name: "ill", Guard: []Cond{{}}})
	b.Inline(&Intent{Name: "inline", Params: []Param{{Name: "nobody"}}})
	batch, err := b.Build()
	if batch != nil || err == nil {
		t.Fatal("built")
	}
	for _, want := range []string{`"nil"`, `"few"`, `"range"`, `"ill"`, `"inline"`} {
		if !strings.Contains(err.Error(), "transaction "+want) {
			t.Errorf("nothing about %s in\n%v", want, err)
		}
	}
}
