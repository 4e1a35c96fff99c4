package batch

import (
	"context"
	"time"
)

// AccountID is an account's index in [Batch.Accounts]. Identifiers are dense,
// so that executors and checkers keep per-account facts in arrays.
type AccountID int32

// Account is a named balance in minor units.
type Account struct {
	Name    string
	Balance int64
}

// Batch is a list of transactions to be executed atomically against Accounts.
// The order of Transactions is the submission order, which is the intended
// serial order.
type Batch struct {
	Name         string // empty for an unnamed batch
	Accounts     []Account
	Intents      []*Intent // the declared intents, in order; without the prelude
	Transactions []Transaction

	Sources      []AttestationSource // whose word is taken for external arguments
	Attestations []Attestation       // what they signed; at most one for an argument
}

// Transaction is one step of a batch. It has either a Call (text form, whose
// read and write sets were derived from the text) or an Apply (Go form, whose
// declared sets are enforced), never both.
type Transaction struct {
	ID     string      // unique in its batch
	Reads  []AccountID // strictly ascending
	Writes []AccountID // strictly ascending; a write-only account may not be read
	After  []string    // IDs of explicit predecessors
	Work   time.Duration

	Call *Call

	// Apply computes the new balances from the old ones. It runs at most once
	// per execution, and must touch accounts through the View only.
	Apply func(View) error
	// Prepare, if not nil, is the stateless first phase: it runs before Apply
	// and outside the dependencies. Its failure is the transaction's, and takes
	// its place in the order as one of Apply would: it does not count if a
	// predecessor has failed.
	Prepare func(context.Context) error
	// Cost estimates the CPU time of Apply for the planner; 0 is unknown.
	Cost time.Duration
}

// View is what a transaction sees of the accounts: the state its predecessors
// left, and its own writes. An access outside the declared sets yields 0 and
// fails the transaction with an [AccessError] once Apply has returned, whatever
// it returns, and also if it panics: the 0 may have made it do either. The first
// such access is the one reported. Reading an account that is written only is
// such an access, even after the transaction's own write.
type View interface {
	Balance(AccountID) int64
	SetBalance(AccountID, int64)
}

// Call is one call of an intent.
type Call struct {
	Intent *Intent
	Args   []Arg
	// Inline says that the batch holds the whole intent definition in place
	// of a call, and its parameters are the accounts of those names.
	Inline bool
}

// Arg is the argument for the parameter at the same index.
type Arg struct {
	Account AccountID // for parameters of type Account
	Amount  int64     // for parameters of type Amount
}

// AccountArg is the argument for a parameter of type Account.
func AccountArg(a AccountID) Arg { return Arg{Account: a} }

// AmountArg is the argument for a parameter of type Amount.
func AmountArg(n int64) Arg { return Arg{Amount: n} }

// Balances returns the accounts' initial balances, by AccountID.
func (b *Batch) Balances() []int64 {
	balances := make([]int64, len(b.Accounts))
	for i, a := range b.Accounts {
		balances[i] = a.Balance
	}
	return balances
}
