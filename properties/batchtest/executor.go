package batchtest

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"

	"synchrony/executor/sched"
)

// Executor is what is tested: it executes blocks of transactions. One of its functions is set.
type Executor struct {
	// Name is how the executor is called in reports and in the names of files; that of the test unless it is set.
	Name string

	// Run executes the transactions on an initial state, and returns the state after them. It may keep neither of them. An error says that the block failed,
	// which is right only where a transaction fails and [Failures] say that it does so to the block.
	Run func(ctx context.Context, initial State, txs []Tx) (State, error)

	// Report is for an executor that can say more than the state.
	Report func(ctx context.Context, initial State, txs []Tx) (Report, error)

	// On is for an executor that is written on package sched: it runs on rt, which is nil in production.
	On func(ctx context.Context, rt *sched.Runtime, initial State, txs []Tx) (Report, error)
}

// Report is what an executor says of a run. What it leaves out is not asked of it.
type Report struct {
	State State
	// Errors are why transactions failed, by their index; nil for one that did not.
	Errors []error
	// Order are the indices of all transactions in the order in which they took effect, if that need not be the block's.
	Order []int
	// Accesses are, by the transaction's index, the reads and writes of the execution of it that took effect, in their order.
	Accesses [][]Access
}

// workersKey is the key of the number of workers in a context.
type workersKey struct{}

// NumWorkers is how many workers the executor is to have, in a run of which ctx is the context; 1 in any other.
func NumWorkers(ctx context.Context) int {
	if n, ok := ctx.Value(workersKey{}).(int); ok {
		return n
	}
	return 1
}

// Outcome is what a run of an executor showed.
type Outcome struct {
	ended   bool // it returned, or panicked: one that ended its goroutine did neither
	report  Report
	err     string // why the block failed; empty if it did not
	mistold string // why what is said of its accesses cannot be; empty if it can
	died    string // what it panicked with; empty if it did not
	stack   string // of the panic
	calls   []int  // by transaction, how often it was executed; nil if that is not known
	events  []event
}

// noReturn is what is said of a run of which there is no outcome.
const noReturn = "the executor ended its goroutine (by runtime.Goexit, as t.Fatal does) and returned nothing"

// String says in one line how the run ended.
func (o *Outcome) String() string {
	switch {
	case !o.ended:
		return noReturn
	case o.died != "":
		return "panic: " + o.died
	case o.err != "":
		return o.report.State.String() + ", and an error: " + o.err
	}
	return o.report.State.String()
}

// system makes a system of an executor.
type system struct {
	Executor
	config *config
}

func (s system) Name() string { return s.Executor.Name }

// Run executes a block. It calls no hook of a controlled rt: the executor's goroutines need not be its tasks.
func (s system) Run(ctx context.Context, rt *sched.Runtime, b Block) (Outcome, error) {
	noisy := rt
	if rt.Controlled() {
		noisy = nil
	}
	log := &recorder{rt: noisy}
	txs := transactions(&b, s.config, log)
	var o Outcome
	s.run(context.WithValue(ctx, workersKey{}, b.Workers), rt, &b, txs, &o)
	o.events = log.close()
	o.count(txs)
	return o, nil
}

// count notes how often transactions were executed, if that was counted.
func (o *Outcome) count(txs []Tx) {
	for i := range txs {
		if n := txs[i].calls; n != nil {
			o.calls = append(o.calls, int(n.Load()))
		}
	}
}

// hosted executes a block on the runtime that its test is rewritten for. Nothing is recorded but what must be: that would add an order to that of the executor.
func (s system) hosted(ctx context.Context, b Block) Outcome {
	txs := transactions(&b, s.config, nil)
	var o Outcome
	s.run(context.WithValue(ctx, workersKey{}, b.Workers), nil, &b, txs, &o)
	o.count(txs)
	return o
}

// run calls the executor's function, and keeps what it says, or panics with.
func (s system) run(ctx context.Context, rt *sched.Runtime, b *Block, txs []Tx, o *Outcome) {
	defer func() {
		if p := recover(); p != nil {
			o.ended, o.died, o.stack = true, fmt.Sprint(p), string(debug.Stack())
		}
	}()
	var err error
	switch {
	case s.On != nil:
		o.report, err = s.On(ctx, rt, b.Initial.Clone(), txs)
	case s.Report != nil:
		o.report, err = s.Report(ctx, b.Initial.Clone(), txs)
	default:
		o.report.State, err = s.Executor.Run(ctx, b.Initial.Clone(), txs)
	}
	o.ended = true
	o.fail(err)
}

// fail notes why the block failed, if it did.
func (o *Outcome) fail(err error) {
	if err != nil {
		o.err = cmp.Or(err.Error(), fmt.Sprintf("%T without a message", err))
	}
}

// check says what is wrong with an executor.
func (e *Executor) check() error {
	set := 0
	for _, is := range []bool{e.Run != nil, e.Report != nil, e.On != nil} {
		if is {
			set++
		}
	}
	if set != 1 {
		return fmt.Errorf("batchtest: an Executor needs one of Run, Report and On, and this one has %d of them", set)
	}
	return nil
}
