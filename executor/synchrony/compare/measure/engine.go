package measure

import (
	"context"
	"strconv"
	"sync"
	"time"

	"synchrony/executor/synchrony"
	"synchrony/models/batch"
)

// Engine executes one workload, again and again: each execution goes on from the balances that the one before it left.
type Engine interface {
	Run() error
	Balances() []int64
}

// Readier is an engine that needs something made anew before each execution, which is not measured.
type Readier interface{ Ready() }

// Peer is an executor of somebody else's.
type Peer struct {
	Name string
	New  func(w *Workload, workers int) Engine
}

// loop is the bare serial loop: no plan, no isolation, no way back.
type loop struct {
	w        *Workload
	balances []int64
}

func newLoop(w *Workload) *loop { return &loop{w, append([]int64(nil), w.Initial...)} }

func (l *loop) Run() error {
	for _, t := range l.w.Transfers {
		x, y := l.balances[t.From], l.balances[t.To]
		l.w.Work()
		l.balances[t.From], l.balances[t.To] = x-1, y+1
	}
	return nil
}

func (l *loop) Balances() []int64 { return l.balances }

// split is the work of the workload alone, divided between goroutines that share nothing: what the machine gives at that moment.
type split struct {
	w       *Workload
	workers int
}

func (s split) Run() error {
	var all sync.WaitGroup
	for k := range s.workers {
		all.Go(func() {
			for i := k; i < len(s.w.Transfers); i += s.workers {
				s.w.Work()
			}
		})
	}
	all.Wait()
	return nil
}

func (s split) Balances() []int64 { return nil }

// ours is this project's executor.
type ours struct {
	batch   *batch.Batch
	store   *synchrony.Store
	options synchrony.Options
}

// newOurs executes the workload with the options, as transactions in Go form.
func newOurs(w *Workload, o synchrony.Options) (*ours, error) {
	b, err := goForm(w)
	if err != nil {
		return nil, err
	}
	return &ours{b, synchrony.NewStore(b.Accounts), o}, nil
}

// goForm is the workload as a batch of transactions in Go form, which executions may share.
func goForm(w *Workload) (*batch.Batch, error) {
	b, err := build(w)
	if err != nil {
		return nil, err
	}
	for i := range b.Transactions {
		t, call := &b.Transactions[i], b.Transactions[i].Call
		from, to := call.Args[0].Account, call.Args[1].Account
		work := w.Work
		if w.Prepared {
			t.Prepare = func(context.Context) error { w.Work(); return nil }
			work = Nothing
		}
		t.Call, t.Cost = nil, w.Cost
		t.Apply = func(v batch.View) error {
			x, y := v.Balance(from), v.Balance(to)
			work()
			v.SetBalance(from, x-1)
			v.SetBalance(to, y+1)
			return nil
		}
	}
	return b, nil
}

// newOursText executes the workload as transactions in text form, which have a guard and do no work.
func newOursText(w *Workload, o synchrony.Options) (*ours, error) {
	b, err := build(w)
	if err != nil {
		return nil, err
	}
	return &ours{b, synchrony.NewStore(b.Accounts), o}, nil
}

func build(w *Workload) (*batch.Batch, error) {
	b := batch.NewBuilder()
	for a, n := range w.Initial {
		b.Account("a"+strconv.Itoa(a), n)
	}
	for i, t := range w.Transfers {
		b.Transfer("t"+strconv.Itoa(i), batch.AccountID(t.From), batch.AccountID(t.To), 1)
	}
	return b.Build()
}

func (o *ours) Run() error {
	_, err := synchrony.Execute(context.Background(), nil, o.store, o.batch, o.options)
	return err
}

func (o *ours) Balances() []int64 { return o.store.Snapshot(nil) }

// sleeping is work that waits.
func sleeping(d time.Duration) func() { return func() { time.Sleep(d) } }
