package batches

// Options says what batches to draw. The zero value draws batches that
// commit, of default sizes, without timing and without faults; a profile
// ([Anything], [Failing] …) is the usual start. Shares are in percent of cases,
// 0…100; what the shares of Failures and its three companions leave is meant to commit.
type Options struct {
	MaxTransactions   int // in all but a few cases; 0 is 12
	LargeTransactions int // in about one case of forty; 0 is MaxTransactions
	MaxAccounts       int // 0 is 32
	MaxWorkers        int // 0 is 16

	Plain bool // every transaction is a transfer, unless it is meant to fail

	// What becomes of the batch; the shares exclude each other.
	Failures int // a guard, a postcondition or arithmetic fails
	Mints    int // a transaction mints or burns
	Cycles   int // after clauses form a cycle
	Panics   int // a transaction panics

	// Of those that fail, ones where a failure with a low index comes late: every second transaction
	// fails, and waits for one behind the next that does.
	Detours int
	// Of those with a cycle, ones of transfers with two: a short cycle and a longer one that share an account,
	// if there are such transfers, or two apart, of which one waits for the other.
	TwoCycles int

	Work     int // some transactions have simulated costs, 1 µs … 1 s
	After    int // some transactions have after clauses
	Inline   int // some transactions are intent definitions
	Timeouts int // a timeout of the batch, of each transaction, or both
	Cancels  int // the caller cancels
	Modes    int // a mode other than Parallel
	Observed int // one or two observers read the store meanwhile
	Untraced int // the executor is asked for no events

	Attestations int // external arguments with attestations, half of the batches with a wrong one

	Misconfigured int // zero or a negative number of workers: to be refused

	Contention Contention // of all cases; the zero value draws one for each
}

// Contention says how the transactions of a batch choose their accounts.
type Contention uint8

// The ways to choose accounts.
const (
	Mixed    Contention = iota // each case draws one of the following
	Uniform                    // every account alike
	Zipf                       // the k-th account with a probability in proportion to 1/k
	HotPair                    // three times of four one of two accounts
	Disjoint                   // accounts of its own: no conflicts, up to MaxAccounts
	AllOnOne                   // the first account, and others
	Chain                      // the accounts i and i+1 for the i-th transaction
	Star                       // the first account, and otherwise its own
	Tree                       // an account of its own, and one of those of the transaction that it waits for
)

// Anything is the default: every class occurs, and most batches commit.
func Anything() Options {
	return Options{
		LargeTransactions: 64,
		Failures:          14, Mints: 6, Cycles: 6, Panics: 4,
		Work: 25, After: 25, Inline: 15,
		Timeouts: 10, Cancels: 5, Modes: 25, Observed: 25,
	}
}

// Committing draws batches that commit, whatever the schedule.
func Committing() Options {
	o := Anything()
	o.Failures, o.Mints, o.Cycles, o.Panics, o.Timeouts, o.Cancels = 0, 0, 0, 0, 0, 0
	return o
}

// Contended draws batches that commit and conflict, a third of them on one account.
func Contended() Options {
	o := Committing()
	o.MaxAccounts = 4
	return o
}

// Failing draws batches of which most abort.
func Failing() Options {
	o := Committing()
	o.Failures, o.Mints, o.Panics = 60, 20, 10
	return o
}

// Timing draws batches that take time and that are mostly timed or cancelled.
func Timing() Options {
	o := Committing()
	o.Work, o.Timeouts, o.Cancels = 95, 70, 25
	return o
}

// Cyclic draws batches with after clauses, more than half of them with a cycle.
func Cyclic() Options {
	o := Committing()
	o.Cycles, o.After, o.TwoCycles = 60, 80, 75
	return o
}

// Misconfigured draws batches that may not be run, for half of them ask for no
// workers. [Anything] has none of these.
func Misconfigured() Options {
	o := Anything()
	o.Misconfigured = 50
	return o
}

// withDefaults fills in the sizes and puts every bound within reason.
func (o Options) withDefaults() Options {
	orElse := func(n, otherwise int) int {
		if n <= 0 {
			return otherwise
		}
		return n
	}
	o.MaxTransactions = orElse(o.MaxTransactions, 12)
	o.LargeTransactions = max(o.LargeTransactions, o.MaxTransactions)
	o.MaxAccounts = orElse(o.MaxAccounts, 32)
	o.MaxWorkers = orElse(o.MaxWorkers, 16)
	return o
}
