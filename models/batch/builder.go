package batch

import (
	"slices"
	"time"
)

// Builder makes a batch in Go. Its methods never fail: what is wrong is reported
// by Build, all at once. The methods that add a transaction return the Builder, so
// that After and Work can follow:
//
//	b := batch.NewBuilder()
//	alice, bob := b.Account("alice", 100), b.Account("bob", 50)
//	b.Transfer("transfer1", alice, bob, 10)
//	b.Transfer("transfer2", bob, alice, 5).After("transfer1").Work(time.Millisecond)
//	result, err := b.Build()
type Builder struct {
	batch    Batch
	transfer *Intent // the prelude's, made once per batch
	checked  *Intent // the intent found well-formed last
}

// NewBuilder returns a Builder of an empty batch without a name.
func NewBuilder() *Builder { return &Builder{transfer: Transfer()} }

// Name names the batch.
func (b *Builder) Name(name string) *Builder {
	b.batch.Name = name
	return b
}

// Account adds an account and returns its identifier.
func (b *Builder) Account(name string, balance int64) AccountID {
	b.batch.Accounts = append(b.batch.Accounts, Account{Name: name, Balance: balance})
	return AccountID(len(b.batch.Accounts) - 1)
}

// Intent declares an intent. Call does it by itself for an intent that was not
// declared; declaring one that is never called, or first, is what this is for.
func (b *Builder) Intent(in *Intent) *Intent {
	if in != b.transfer && in != b.checked && !slices.Contains(b.batch.Intents, in) {
		b.batch.Intents = append(b.batch.Intents, in)
	}
	return in
}

// Transfer adds a call of the prelude's transfer.
func (b *Builder) Transfer(id string, from, to AccountID, amount int64) *Builder {
	return b.Call(id, b.transfer, AccountArg(from), AccountArg(to), AmountArg(amount))
}

// Call adds a call of an intent, with its sets derived. To be printable, id must
// be the intent's name with or without digits behind it.
func (b *Builder) Call(id string, in *Intent, args ...Arg) *Builder {
	return b.call(id, &Call{Intent: b.Intent(in), Args: args})
}

// Inline adds a whole intent definition as one transaction, whose ID is the
// intent's name. Its parameters must be Accounts, named as accounts of the batch
// that were added before.
func (b *Builder) Inline(in *Intent) *Builder {
	c := &Call{Intent: in, Inline: true, Args: make([]Arg, len(in.Params))}
	for i, p := range in.Params {
		c.Args[i] = AccountArg(b.lookup(p.Name))
	}
	return b.call(in.Name, c)
}

// lookup returns an identifier that Validate refuses if there is no such account.
func (b *Builder) lookup(name string) AccountID {
	return AccountID(slices.IndexFunc(b.batch.Accounts, func(a Account) bool { return a.Name == name }))
}

func (b *Builder) call(id string, c *Call) *Builder {
	t := Transaction{ID: id, Call: c}
	// An ill-formed intent or call has no sets; Build says what is wrong with it.
	if c.Intent != b.checked && c.Intent.validate() == nil {
		b.checked = c.Intent
	}
	if c.Intent == b.checked && c.Intent != nil && len(c.Args) == len(c.Intent.Params) {
		t.Reads, t.Writes = DeriveSets(c)
	}
	return b.Add(t)
}

// Add adds a transaction as it is: the way to add one in Go form.
func (b *Builder) Add(t Transaction) *Builder {
	b.batch.Transactions = append(b.batch.Transactions, t)
	return b
}

// After makes the transaction added last wait for those with the given IDs,
// which may be added later.
func (b *Builder) After(ids ...string) *Builder {
	t := b.last()
	t.After = append(t.After, ids...)
	return b
}

// Work sets the simulated cost of the transaction added last.
func (b *Builder) Work(d time.Duration) *Builder {
	b.last().Work = d
	return b
}

// last panics if no transaction was added: a mistake in the program, not in data.
func (b *Builder) last() *Transaction {
	if len(b.batch.Transactions) == 0 {
		panic("batch: Builder.After and Builder.Work follow a transaction; none was added")
	}
	return &b.batch.Transactions[len(b.batch.Transactions)-1]
}

// Build returns the batch, or an error that says everything that is wrong with
// it. The Builder must not be used afterwards.
func (b *Builder) Build() (*Batch, error) {
	if err := b.batch.Validate(); err != nil {
		return nil, err
	}
	return &b.batch, nil
}
