package batch

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/executor/synchrony"
	"synchrony/generators/batches"
	"synchrony/generators/choice"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/properties"
)

// When a batch of stubborn code is ended, and for how long such code waits in vain.
const (
	stubbornLimit = 10 * time.Millisecond
	nap           = time.Millisecond
	patience      = 2000 // naps
)

// outlived is what a batch showed whose code goes on until the batch has returned.
type outlived struct {
	answer
	Waited   int     // pieces of code that waited in vain for the batch to return
	Begun    int     // pieces of code that began after it had
	Prepares int     // of those, prepares
	AtReturn []int64 // the balances then
	Later    []int64 // and when all is over
	Next     answer  // to the batch that was executed meanwhile: see swaps
}

// stubbornness makes code go on until the batch that it belongs to has returned, and counts what comes after that.
type stubbornness struct {
	rt            *sched.Runtime
	returned      atomic.Bool
	waited, begun atomic.Int64
	prepares      atomic.Int64
}

func (x *stubbornness) begin() {
	if x.returned.Load() {
		x.begun.Add(1)
	}
}

func (x *stubbornness) beginPrepare() {
	x.begin()
	if x.returned.Load() {
		x.prepares.Add(1)
	}
}

func (x *stubbornness) wait(over func() bool) {
	for range patience {
		if over() {
			return
		}
		x.rt.Sleep(nap)
	}
	x.waited.Add(1)
}

// Where the code of a transaction is stubborn.
const (
	inItsPrepare = iota
	inApply
	neither
)

// howStubborn is where a transaction's byte of the batch's digest makes it stubborn.
func howStubborn(b byte) int { return min(int(b%4), neither) }

// afflict makes every second transaction stubborn, in its prepare or in its apply, as the batch's digest has it.
func (x *stubbornness) afflict(b *batch.Batch, digest [32]byte) {
	for i := range b.Transactions {
		t := &b.Transactions[i]
		prepare, apply, how := t.Prepare, t.Apply, howStubborn(digest[i%len(digest)])
		if how == inItsPrepare || prepare != nil {
			t.Prepare = func(ctx context.Context) error {
				x.beginPrepare()
				if how == inItsPrepare {
					x.wait(func() bool { return ctx.Err() != nil })
				}
				if prepare == nil {
					return ctx.Err()
				}
				return prepare(ctx)
			}
		}
		t.Apply = func(v batch.View) error {
			x.begin()
			if how == inApply {
				x.wait(x.returned.Load)
			}
			return apply(v)
		}
	}
}

// afflictBehind makes all transactions behind the first that fails stubborn: without any limit, the batch must end nevertheless. What prepares do is done
// in applies, since workers take several transactions at once only if none has a prepare.
func (x *stubbornness) afflictBehind(b *batch.Batch, failing int) {
	for i := range b.Transactions {
		t := &b.Transactions[i]
		prepare, apply := t.Prepare, t.Apply
		t.Prepare = nil
		t.Apply = func(v batch.View) error {
			x.begin()
			if i > failing {
				x.wait(x.returned.Load)
			} else {
				x.rt.Sleep(nap) // so that others begin
			}
			if prepare != nil {
				if err := prepare(context.Background()); err != nil {
					return err
				}
			}
			return apply(v)
		}
	}
}

// swaps is a batch that exchanges the balances of each two accounts, one after another, slowly: late code of a batch before it has time to
// spoil what it has in hand.
func (x *stubbornness) swaps(accounts []batch.Account) *batch.Batch {
	b := &batch.Batch{Accounts: accounts}
	for k := 0; k+1 < len(accounts); k += 2 {
		first, second := batch.AccountID(k), batch.AccountID(k+1)
		both := []batch.AccountID{first, second}
		b.Transactions = append(b.Transactions, batch.Transaction{ID: fmt.Sprintf("swap%d", k), Reads: both, Writes: both, Apply: func(v batch.View) error {
			one, other := v.Balance(first), v.Balance(second)
			v.SetBalance(first, other)
			x.rt.Sleep(nap)
			v.SetBalance(second, one)
			x.rt.Sleep(nap)
			return nil
		}})
	}
	return b
}

// swapped are the balances that swaps leave.
func swapped(balances []int64) []int64 {
	left := slices.Clone(balances)
	for k := 0; k+1 < len(left); k += 2 {
		left[k], left[k+1] = left[k+1], left[k]
	}
	return left
}

// stubborn executes a batch of stubborn code, by the Go API, and another one on the same store while that code goes on.
type stubborn struct{}

func (stubborn) Name() string { return "synchrony: code that goes on until the batch has returned" }

func (stubborn) Run(ctx context.Context, rt *sched.Runtime, w batch.Workload) (outlived, error) {
	twin, err := batches.GoForm(w)
	if err != nil {
		return outlived{}, err
	}
	x := &stubbornness{rt: rt}
	switch failing := failsAlone(w); {
	case failing >= 0:
		x.afflictBehind(twin.Batch, failing)
	case endless(w):
		x.afflictBehind(twin.Batch, len(twin.Batch.Transactions))
	default:
		x.afflict(twin.Batch, w.Batch.Digest())
	}
	store, s := synchrony.NewStore(twin.Batch.Accounts), w.Setup
	ctx, stop := cancelledAfter(ctx, rt, s.CancelAfter)
	defer stop()
	result, err := synchrony.Execute(ctx, rt, store, twin.Batch, synchrony.Options{
		Workers: s.Workers, Mode: s.Mode, Limit: s.Limit, Timeout: s.Timeout, TransactionTimeout: s.TransactionTimeout, Trace: !s.Untraced,
	})
	x.returned.Store(true)
	o := outlived{answer: answerOf(result, err), AtReturn: store.Snapshot(rt)}
	o.Next = answerOf(synchrony.Execute(context.WithoutCancel(ctx), rt, store, x.swaps(twin.Batch.Accounts), synchrony.Options{Workers: max(s.Workers, 1), Timeout: batch.NoTimeout}))
	rt.Sleep(2 * patience * nap) // by then all is over that ever will be
	o.Later, o.Waited, o.Begun, o.Prepares = store.Snapshot(rt), int(x.waited.Load()), int(x.begun.Load()), int(x.prepares.Load())
	return o, nil
}

// endless reports whether nothing from outside may end the batch.
func endless(w batch.Workload) bool {
	s := w.Setup
	return s.Timeout == batch.NoTimeout && s.TransactionTimeout == 0 && s.CancelAfter == 0
}

// failsAlone is the first transaction that fails, if nothing else may end the batch before, or -1.
func failsAlone(w batch.Workload) int {
	if endless(w) {
		if failure := batch.RunSerially(w.Batch).Failure; failure != nil {
			return failure.Tx
		}
	}
	return -1
}

// leavesCode decides S30.
type leavesCode struct{}

func (leavesCode) Name() string { return "leaves code" }

func (leavesCode) Check(w batch.Workload, o outlived) checkers.Verdict {
	// A worker may have been about to begin one when the batch ended.
	about := max(1, min(w.Setup.Workers, len(w.Batch.Transactions)))
	if w.Setup.Mode == batch.Blocking {
		about = len(w.Batch.Transactions)
	}
	limit := stubbornLimit
	failing := failsAlone(w)
	switch {
	case failing >= 0: // until then, each transaction naps
		limit = time.Duration(failing+1) * nap
	case endless(w): // each transaction naps
		limit = time.Duration(evenShare(w)) * nap
	}
	switch {
	case o.Outcome == 0:
		return checkers.Failed("wrong outcome", "the batch's error is none that there is", fmt.Sprintf("error: %v", o.Err))
	case o.Waited > 0:
		return checkers.Failed("waits without end", fmt.Sprintf("%d transactions have waited %v in vain for the batch to return, or for their context to end", o.Waited, patience*nap))
	case o.Elapsed > limit+lateness:
		return checkers.Failed("late return", fmt.Sprintf("the batch should have ended after %v, and it returned after %v", limit, o.Elapsed), fmt.Sprintf("error: %v", o.Err))
	case o.Begun > about:
		return checkers.Failed("work after the end", fmt.Sprintf("after the batch had returned, %d transactions or prepares of it began, and %d workers were left", o.Begun, about))
	case o.Prepares > 0 && w.Setup.TransactionTimeout == 0: // else it is begun before its limit is
		return checkers.Failed("work after the end", fmt.Sprintf("after the batch had returned, %d prepares of it began, and a worker begins one in the step in which it looks whether the batch goes on", o.Prepares))
	case failing >= 0 && o.Outcome != history.Aborted:
		return checkers.Failed("wrong outcome", fmt.Sprintf("nothing ends the batch but a failure, and it was %v", o.Outcome), fmt.Sprintf("error: %v", o.Err))
	case o.Outcome != history.Committed && !slices.Equal(o.AtReturn, w.Batch.Balances()):
		return checkers.Failed("not rolled back", fmt.Sprintf("the batch was %v, and left %v", o.Outcome, o.AtReturn))
	case o.Next.Outcome != history.Committed || !slices.Equal(swapped(o.AtReturn), o.Next.Balances):
		return checkers.Failed("late effect", fmt.Sprintf("the batch left %v, and one after it that exchanges the balances of each two accounts was %v and left %v", o.AtReturn, o.Next.Outcome, o.Next.Balances),
			fmt.Sprintf("error: %v", o.Next.Err))
	case !slices.Equal(o.Next.Balances, o.Later):
		return checkers.Failed("late effect", fmt.Sprintf("the last batch left %v, and later there was %v", o.Next.Balances, o.Later))
	}
	return checkers.Passed()
}

// evenShare is how many of the transactions some worker executes, if no worker has two more to do than another; or all, where some wait for others, or there is one worker.
func evenShare(w batch.Workload) int {
	n, workers := len(w.Batch.Transactions), w.Setup.Workers
	if w.Setup.Mode == batch.Serial || w.Setup.Mode == batch.Auto || waits(w.Batch) {
		return n
	}
	if w.Setup.Mode == batch.Blocking {
		workers = cmp.Or(w.Setup.Limit, synchrony.DefaultLimit)
	}
	return (n + workers - 1) / workers
}

// waits reports whether a transaction of the batch may have to wait for another.
func waits(b *batch.Batch) bool {
	used := map[batch.AccountID]bool{}
	for i := range b.Transactions {
		t := &b.Transactions[i]
		for _, a := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(t.Reads, t.Writes)))) {
			if used[a] {
				return true
			}
			used[a] = true
		}
		if len(t.After) > 0 {
			return true
		}
	}
	return false
}

// leaving is S30.
func leaving() properties.Testable {
	type seen = properties.Condition[batch.Workload, outlived]
	ended := func(name string, by history.Outcome) seen {
		return seen{Name: name, Holds: func(_ batch.Workload, o outlived) bool { return o.Outcome == by }}
	}
	g := without(batches.Committing(), func(o *batches.Options) {
		o.MaxTransactions, o.LargeTransactions, o.MaxAccounts, o.MaxWorkers, o.Failures = 8, 8, 12, 4, 10
		o.Inline, o.Work, o.Observed, o.Modes, o.Untraced = 0, 0, 0, 20, 20
	})
	return &properties.Property[batch.Workload, outlived]{
		ID: "S30", Group: Group, Statement: "a batch that is ended from outside returns on time, whatever its code does, and begins and changes nothing afterwards; one of naps, as soon as no worker has had two more than another",
		Source: properties.Here(0), System: stubborn{}, Generator: workloads(g, hurried), Codec: codec, Size: size,
		Checkers: []checkers.Checker[batch.Workload, outlived]{leavesCode{}},
		Sometimes: []seen{
			ended("a timeout", history.TimedOut), ended("a cancellation", history.Cancelled), ended("a commit", history.Committed), ended("an abort", history.Aborted),
			seen{Name: "a failure that alone ends a batch", Holds: func(w batch.Workload, o outlived) bool {
				return failsAlone(w) >= 0 && o.Outcome == history.Aborted && len(w.Batch.Transactions) > 8
			}}.DrawnBy(failingAlone()),
			seen{Name: "transactions that are shared out evenly", Holds: func(w batch.Workload, o outlived) bool {
				return o.Outcome == history.Committed && endless(w) && evenShare(w) > 2 && evenShare(w) < len(w.Batch.Transactions)
			}}.DrawnBy(napping()),
			seen{Name: "a serial run without a trace that is ended", Holds: func(w batch.Workload, o outlived) bool {
				return w.Setup.Mode == batch.Serial && w.Setup.Untraced && o.Outcome.FromOutside()
			}}.DrawnBy(leftSerial(g)),
		},
		Classify: func(w batch.Workload, _ outlived) []string { return batches.Classify(w) }, PatientClock: true,
		Large: func(w batch.Workload) bool { return len(w.Batch.Transactions) > 2 },
	}
}

// searched is how many batches are drawn at most for one that is as it should be, and manyNaps fewer transactions than make workers take several at once.
const searched, manyNaps = 8, 12

// failingAlone draws independent transactions of which an early one fails, and that nothing else ends: mostly so many that workers take several at once.
func failingAlone() *rapid.Generator[batch.Workload] {
	g := workloads(batches.Options{MaxTransactions: 24, MaxAccounts: 64, MaxWorkers: 4, Failures: 100, Contention: batches.Disjoint}, untimed)
	return choice.Likely(g, searched, func(w batch.Workload) bool {
		return len(w.Batch.Transactions) > manyNaps && failsAlone(w) < len(w.Batch.Transactions)/2 && w.Setup.Workers > 1
	})
}

// napping draws independent transactions, several for each worker, that nothing ends: so many that workers take several at once, and fewer towards the end.
func napping() *rapid.Generator[batch.Workload] {
	g := workloads(batches.Options{MaxTransactions: 24, MaxAccounts: 64, MaxWorkers: 4, Contention: batches.Disjoint}, untimed)
	return choice.Likely(g, searched, func(w batch.Workload) bool {
		return len(w.Batch.Transactions) > manyNaps && w.Setup.Workers > 1 && !waits(w.Batch)
	})
}

// leftSerial draws batches that are executed one transaction after another and leave no trace, in which nothing else tells a worker of their end than
// what it asks for itself. Mostly they end while a transaction is under way that is not the last one.
func leftSerial(o batches.Options) *rapid.Generator[batch.Workload] {
	g := workloads(o, func(w batch.Workload) batch.Workload {
		if w = hurried(w); w.Setup.TransactionTimeout > 0 {
			w.Setup.Timeout, w.Setup.TransactionTimeout = w.Setup.TransactionTimeout, 0
		}
		w.Setup.Mode, w.Setup.Untraced = batch.Serial, true
		return w
	})
	return choice.Likely(g, searched, func(w batch.Workload) bool {
		digest := w.Batch.Digest()
		first := slices.IndexFunc(digest[:], func(b byte) bool { return howStubborn(b) != neither })
		return first >= 0 && first+1 < len(w.Batch.Transactions) && howStubborn(digest[first]) == inApply
	})
}

// hurried has one limit: of the batch, of each transaction, or of the caller's patience.
func hurried(w batch.Workload) batch.Workload {
	w = untimed(w)
	switch digest := w.Batch.Digest(); digest[len(digest)-1] % 3 {
	case 0:
		w.Setup.Timeout = stubbornLimit
	case 1:
		if w.Setup.TransactionTimeout = stubbornLimit; digest[0]%4 == 0 {
			w.Setup.TransactionTimeout = 1 // the shortest
		}
	default:
		w.Setup.CancelAfter = stubbornLimit
	}
	return w
}
