package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/executor/synchrony"
	"synchrony/generators/batches"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
	"synchrony/properties"
)

// copiesOf is how many batches are executed at once: more of a small one, of which more may wait for the store at a time.
func copiesOf(w batch.Workload) int {
	if len(w.Batch.Transactions) == 1 {
		return manyCopies
	}
	return 3
}

const manyCopies = 5

// What is special about some of the copies: one has no limits, so that others can wait for it until theirs are
// over, and one has a plan that its prover refutes, and limits an eighth as long, so that it may give up waiting
// while the first runs and the third has time left.
const (
	unlimitedCopy = 0
	refutedCopy   = 2
)

// joint is what copies of one batch showed that were executed at once on one store: each copy's answer,
// and the store in the end.
type joint struct {
	Answers  []answer
	Balances []int64
	Single   []int64 // the balances, read one by one
	Outside  int64   // the balance of an account that there is not
	Version  int64
	Before   []int64 // what the result of the batch before them all says in the end: the balances that it left
	// Ended is the answer to a copy whose context had ended before, on plain goroutines.
	Ended *answer
	// Misused are the errors of calls with an option out of range each, by [outOfRange]; Foreign those of batches about other accounts than the
	// store's, by [foreign], and Same that of a batch about the same ones, in memory of its own.
	Misused, Foreign []error
	Same             error
	// Overtaken is the answer to a copy on a store of its own, under control, whose plan is refuted when its time is over.
	Overtaken *answer
	// Changed are the outcomes of two batches on a store of their own, the second of which has another definition in the memory of the first one's.
	Changed [2]history.Outcome
	Pools   []pool // what [synchrony.DefaultWorkers] says, by [sizes]
}

// pool is a number of workers, or an error.
type pool struct {
	workers int
	err     error
}

// sizes are values of the environment variable for the number of workers, with the number that each asks for; 0 where it is none.
var sizes = []struct {
	value string
	want  int
}{{"", synchrony.DefaultPool}, {"1", 1}, {"12", 12}, {"0", 0}, {"-1", 0}, {"2.5", 0}, {"many", 0}}

// pools asks for the number of workers with each value of the environment variable. The last is that without the variable.
func pools() []pool {
	list := make([]pool, len(sizes)+1)
	for i := range list {
		list[i].workers, list[i].err = synchrony.DefaultWorkers(func(name string) (string, bool) {
			if i == len(sizes) || name != synchrony.WorkersEnv {
				return "", false
			}
			return sizes[i].value, true
		})
	}
	return list
}

// foreign are lists of accounts that are not those of a store: with one more, one less, and another one in the place of the last.
func foreign(accounts []batch.Account) [][]batch.Account {
	other := batch.Account{Name: "none of those"}
	lists := [][]batch.Account{append(slices.Clone(accounts), other)}
	if n := len(accounts); n > 0 {
		lists = append(lists, accounts[:n-1], append(slices.Clone(accounts[:n-1]), other))
	}
	return lists
}

// outOfRange are options of which one is out of range, named as the error must name it.
var outOfRange = []struct {
	option string
	synchrony.Options
}{
	{"workers", synchrony.Options{}},
	{"the mode", synchrony.Options{Workers: 1, Mode: batch.Blocking + 1}},
	{"the limit", synchrony.Options{Workers: 1, Limit: -1}},
	{"the timeout", synchrony.Options{Workers: 1, Timeout: -2}},
	{"the timeout of a transaction", synchrony.Options{Workers: 1, TransactionTimeout: -2}},
}

// emptyBatches is how many batches without transactions a store executes besides the copies.
const emptyBatches = 2

// answer is what Execute returned for a copy.
type answer struct {
	Outcome   history.Outcome
	Failure   *batch.Failure
	Err       error
	Timeout   *synchrony.TimeoutError // nil if it did not time out
	Refuted   bool                    // by the gate "certify"
	Canceled  bool                    // the error is the context's
	Elapsed   time.Duration
	Limit     time.Duration
	Serial    bool
	Mode      batch.Mode
	Why       string
	Plan      string // how the plan was proved
	Cycle     []string
	Committed bool
	Balances  []int64
}

// together executes a batch several times at once on one store, by the Go API.
type together struct{}

func (together) Name() string { return "synchrony: batches at once on one store" }

func (together) Run(ctx context.Context, rt *sched.Runtime, w batch.Workload) (joint, error) {
	store := synchrony.NewStore(w.Batch.Accounts)
	j := joint{Answers: make([]answer, copiesOf(w))}
	empty := func(accounts []batch.Account) (*synchrony.Result, error) {
		return synchrony.Execute(ctx, rt, store, &batch.Batch{Accounts: accounts}, synchrony.Options{Workers: 1})
	}
	// An empty batch leaves the store memory to be used again: by one of the copies, not by several.
	before, err := empty(w.Batch.Accounts)
	if err != nil {
		return j, err
	}
	for _, m := range outOfRange {
		_, err := synchrony.Execute(ctx, rt, store, w.Batch, m.Options)
		j.Misused = append(j.Misused, err)
	}
	for _, accounts := range foreign(w.Batch.Accounts) {
		_, err := empty(accounts)
		j.Foreign = append(j.Foreign, err)
	}
	_, j.Same = empty(slices.Clone(w.Batch.Accounts))
	j.Pools = pools()
	var all sched.WaitGroup
	all.Add(rt, len(j.Answers))
	for i := range j.Answers {
		rt.Go("caller", i, func() {
			defer all.Done(rt)
			j.Answers[i] = callCopy(ctx, rt, store, w, i)
		})
	}
	all.Wait(rt)
	if !rt.Controlled() {
		over, cancel := context.WithCancel(ctx)
		cancel()
		a := callCopy(over, rt, store, w, unlimitedCopy)
		j.Ended = &a
	}
	if rt.Controlled() {
		a := overtaken(ctx, rt, w)
		j.Overtaken = &a
	}
	if j.Changed, err = changed(ctx, rt); err != nil {
		return j, err
	}
	j.Before = before.Balances()
	j.Balances, j.Version = store.Snapshot(rt), store.Version(rt)-emptyBatches
	for a := range j.Balances {
		j.Single = append(j.Single, store.Balance(rt, batch.AccountID(a)))
	}
	j.Outside = store.Balance(rt, -1) + store.Balance(rt, batch.AccountID(len(j.Balances)))
	return j, nil
}

// overtaken executes a batch whose plan is refuted later than its limit allows.
func overtaken(ctx context.Context, rt *sched.Runtime, w batch.Workload) answer {
	const limit = time.Millisecond
	return answerOf(synchrony.Execute(ctx, rt, synchrony.NewStore(w.Batch.Accounts), w.Batch, synchrony.Options{
		Workers: w.Setup.Workers, Timeout: limit, Panics: w.Setup.Panics, Now: w.Setup.Now,
		PlanProver: func(*batch.Batch, []trace.Dependency) (synchrony.PlanVerdict, string) {
			rt.Sleep(2 * limit)
			return synchrony.PlanRefuted, "too late"
		},
	}))
}

// alike are two batches of a call of an intent of one name: the first commits, and the second, whose definition is another one, fails.
var alike = sync.OnceValues(func() (bs [2]*batch.Batch, err error) {
	const text = "accounts { a: 1; } intent own(a: Account) { guard { a.balance >= %d; } } atomic_batch { intent own1(a) }"
	for i := range bs {
		if bs[i], err = batch.Parse("own.ae", fmt.Appendf(nil, text, 1+i)); err != nil {
			return bs, err
		}
	}
	return bs, nil
})

// changed executes the first of two batches that are alike, writes the definition of the second over that of the first, and executes it again.
func changed(ctx context.Context, rt *sched.Runtime) (outcomes [2]history.Outcome, err error) {
	bs, err := alike()
	if err != nil {
		return outcomes, err
	}
	own, first := *bs[0], bs[0].Transactions[0]
	call, definition := *first.Call, batch.Intent{}
	call.Intent, first.Call = &definition, &call
	own.Transactions = []batch.Transaction{first}
	store := synchrony.NewStore(own.Accounts)
	for i, b := range bs {
		definition = *b.Transactions[0].Call.Intent
		outcomes[i] = answerOf(synchrony.Execute(ctx, rt, store, &own, synchrony.Options{Workers: 1})).Outcome
	}
	return outcomes, nil
}

// proofOfPlan is what the copies' prover says.
const proofOfPlan = "taken on trust"

// callCopy executes one copy.
func callCopy(ctx context.Context, rt *sched.Runtime, store *synchrony.Store, w batch.Workload, i int) answer {
	s := w.Setup
	switch i {
	case unlimitedCopy:
		s.Timeout, s.TransactionTimeout, s.CancelAfter = batch.NoTimeout, 0, 0
	case refutedCopy:
		s.CancelAfter = (s.CancelAfter + 7) / 8
		if s.Timeout > 0 { // neither the default one nor none
			s.Timeout = (s.Timeout + 7) / 8
		}
	}
	ctx, stop := cancelledAfter(ctx, rt, s.CancelAfter)
	defer stop()
	result, err := synchrony.Execute(ctx, rt, store, w.Batch, synchrony.Options{
		Workers: s.Workers, Mode: s.Mode, Limit: s.Limit, Timeout: s.Timeout, TransactionTimeout: s.TransactionTimeout,
		Trace: !s.Untraced, Panics: s.Panics, Now: s.Now,
		PlanProver: func(*batch.Batch, []trace.Dependency) (synchrony.PlanVerdict, string) {
			if i == refutedCopy {
				return synchrony.PlanRefuted, "as asked"
			}
			return synchrony.PlanProved, proofOfPlan
		},
	})
	return answerOf(result, err)
}

// cancelledAfter is a context that is cancelled after a while, unless that is 0, and what ends it.
func cancelledAfter(ctx context.Context, rt *sched.Runtime, d time.Duration) (context.Context, func()) {
	if d <= 0 {
		return ctx, func() {}
	}
	cancellable, cancel := rt.WithCancel(ctx)
	timer := rt.AfterFunc(d, cancel)
	return cancellable, func() {
		timer.Stop()
		cancel()
	}
}

// answerOf tells what Execute returned.
func answerOf(result *synchrony.Result, err error) answer {
	a := answer{Err: err}
	var (
		canceled *synchrony.CanceledError
		refuted  *synchrony.CertificateError
		cycle    *batch.CycleError
	)
	switch {
	case err == nil:
		a.Outcome = history.Committed
	case errors.As(err, &a.Failure):
		a.Outcome = history.Aborted
	case errors.As(err, &refuted):
		a.Outcome, a.Refuted = history.Aborted, refuted.Counterexample != nil && refuted.Counterexample.Gate == "certify"
	case errors.As(err, &a.Timeout):
		a.Outcome = history.TimedOut
	case errors.As(err, &canceled):
		a.Outcome, a.Canceled = history.Cancelled, errors.Is(err, context.Canceled)
	case errors.As(err, &cycle):
		a.Outcome, a.Cycle = history.Refused, cycle.Cycle
	}
	if result != nil {
		a.Elapsed, a.Limit, a.Serial, a.Why = result.Elapsed, result.Limit, result.Serial, result.Why()
		a.Committed, a.Balances = result.Committed, result.Balances()
		if result.Certificate != nil {
			a.Plan = result.Certificate.Plan
		}
	}
	return a
}

// ofSize holds of batches of so many transactions.
func ofSize(n int) func(batch.Workload) bool {
	return func(w batch.Workload) bool { return len(w.Batch.Transactions) == n }
}

// atOnce is S26. On a clock that stands still while anybody can run, whoever waits returns on time.
func atOnce() properties.Testable {
	g := without(batches.Anything(), func(o *batches.Options) {
		o.MaxTransactions, o.LargeTransactions, o.MaxAccounts, o.MaxWorkers = 4, 4, 6, 4
		o.Work, o.Timeouts, o.Cancels, o.Observed = 60, 35, 20, 0
	})
	cyclic := without(g, func(o *batches.Options) {
		o.MaxTransactions, o.LargeTransactions, o.Cycles, o.Inline, o.TwoCycles = 8, 8, 100, 0, 75
	})
	single := without(g, func(o *batches.Options) {
		o.MaxTransactions, o.LargeTransactions = 1, 1
		o.Failures, o.Mints, o.Cycles, o.Panics, o.Timeouts, o.Cancels, o.Attestations = 0, 0, 0, 0, 0, 0, 0
	})
	several := properties.Condition[batch.Workload, joint]{Name: "several that wait commit", Holds: func(_ batch.Workload, j joint) bool {
		committed := 0
		for i := range j.Answers {
			if j.Answers[i].Committed {
				committed++
			}
		}
		return committed > 2
	}}
	givesUp := properties.Condition[batch.Workload, joint]{Name: "one that gives up waiting, between two that do not", Holds: func(_ batch.Workload, j joint) bool {
		served, late := 0, 0
		for i := range j.Answers {
			switch a := &j.Answers[i]; {
			case a.Committed, a.Failure != nil:
				served++
			case a.Outcome == history.TimedOut:
				late++
			}
		}
		return served > 1 && late > 0
	}}
	// The limit is enough for two of them, and an eighth of it for none.
	patient := without(single, func(o *batches.Options) { o.MaxTransactions, o.LargeTransactions, o.Work, o.Modes = 2, 2, 0, 0 })
	ended := func(name string, by history.Outcome) properties.Condition[batch.Workload, joint] {
		return properties.Condition[batch.Workload, joint]{Name: name, Holds: func(_ batch.Workload, j joint) bool {
			return slices.ContainsFunc(j.Answers, func(a answer) bool { return a.Outcome == by })
		}}
	}
	return &properties.Property[batch.Workload, joint]{
		ID: "S26", Group: Group, Statement: "batches executed at once on one store are as if one after another, and their results say so",
		Source: properties.Here(0), System: together{}, Generator: workloads(g, asDrawn), Codec: codec, Size: size,
		Checkers: []checkers.Checker[batch.Workload, joint]{oneAfterAnother{}},
		Sometimes: []properties.Condition[batch.Workload, joint]{
			ended("a commit", history.Committed), ended("an abort", history.Aborted), ended("a timeout", history.TimedOut),
			ended("a cancellation", history.Cancelled), ended("a refusal", history.Refused).DrawnBy(workloads(cyclic, asDrawn)),
			several.DrawnBy(workloads(single, asDrawn).Filter(ofSize(1))),
			givesUp.DrawnBy(workloads(patient, func(w batch.Workload) batch.Workload {
				w = untimed(withWork(w, time.Millisecond))
				w.Setup.Timeout = time.Duration(3*len(w.Batch.Transactions)) * time.Millisecond
				return w
			}).Filter(ofSize(2))),
		},
		Cause:    func(w batch.Workload, _ joint) *properties.Cause { return causeInPlan(w) },
		Classify: func(w batch.Workload, _ joint) []string { return batches.Classify(w) }, PatientClock: true,
		// Many copies of a small batch meet often enough under control, where what fails can be repeated.
		Real: func(w batch.Workload) bool { return quick(w) && copiesOf(w) < manyCopies },
	}
}
