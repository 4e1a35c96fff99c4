//go:build unix

package synchrony

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"synchrony/models/batch"
)

// The benchmarks compare with a plain serial loop over a slice of balances: no plan,
// no isolation, no trace, no way back. Both run in turns in one loop, and medians are
// reported, because the machine may be busy with something else for a while.

// cpuTime is the process's, on all processors.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// cost is what one run of something took.
type spent struct{ wall, cpu time.Duration }

func measure(f func()) spent {
	cpu, wall := cpuTime(), time.Now()
	f()
	return spent{time.Since(wall), cpuTime() - cpu}
}

func medians(samples []spent) (wall, cpu float64) {
	middle := func(of func(spent) time.Duration) float64 {
		sorted := make([]time.Duration, len(samples))
		for i, s := range samples {
			sorted[i] = of(s)
		}
		slices.Sort(sorted)
		return float64(sorted[len(sorted)/2])
	}
	return middle(func(s spent) time.Duration { return s.wall }), middle(func(s spent) time.Duration { return s.cpu })
}

// versus runs both in turns, and reports by how much the first is faster: by medians,
// and by the upper quartile of the pairs, which says what a busy machine can do when
// it is left alone for a while.
func versus(b *testing.B, n int, parallel, serial func()) {
	b.Helper()
	var p, s []spent
	for b.Loop() {
		p = append(p, measure(parallel))
		s = append(s, measure(serial))
	}
	pw, pc := medians(p)
	sw, sc := medians(s)
	ratios := make([]float64, len(p))
	for i := range p {
		ratios[i] = float64(s[i].wall) / float64(p[i].wall)
	}
	slices.Sort(ratios)
	b.ReportMetric(sw/pw, "speedup")
	b.ReportMetric(ratios[len(ratios)*3/4], "q3-speedup")
	b.ReportMetric(pc/float64(n), "cpu-ns/tx")
	b.ReportMetric(sc/float64(n), "serial-cpu-ns/tx")
	b.ReportMetric(pw/float64(n), "wall-ns/tx")
}

func mustExecute(b testing.TB, s *Store, bt *batch.Batch, o Options) *Result {
	res, err := Execute(context.Background(), nil, s, bt, o)
	if err != nil {
		b.Fatal(err)
	}
	return res
}

// transfers makes n transfers of 1, each between two accounts of its own, or at
// random among so many accounts.
func transfers(tb testing.TB, n, accounts int) *batch.Batch {
	rng := rand.New(rand.NewPCG(1, 2))
	bb := batch.NewBuilder()
	own := accounts == 0
	if own {
		accounts = 2 * n
	}
	for a := range accounts {
		bb.Account("a"+strconv.Itoa(a), 1<<40)
	}
	for i := range n {
		from, to := batch.AccountID(2*i), batch.AccountID(2*i+1)
		if !own {
			from, to = twoOf(rng, accounts)
		}
		bb.Transfer("t"+strconv.Itoa(i), from, to, 1)
	}
	b, err := bb.Build()
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func twoOf(rng *rand.Rand, accounts int) (batch.AccountID, batch.AccountID) {
	from := rng.IntN(accounts)
	to := (from + 1 + rng.IntN(accounts-1)) % accounts
	return batch.AccountID(from), batch.AccountID(to)
}

// serialTransfers is the plain loop.
func serialTransfers(b *batch.Batch, balances []int64) {
	for i := range b.Transactions {
		args := b.Transactions[i].Call.Args
		from, to, amount := args[0].Account, args[1].Account, args[2].Amount
		if amount > 0 && balances[from] >= amount {
			balances[from] -= amount
			balances[to] += amount
		}
	}
}

func BenchmarkEmptyTransfers(b *testing.B) {
	const n = 10_000
	for _, accounts := range []int{0, 10_000, 10} {
		for _, workers := range []int{1, 2, 8} {
			name := fmt.Sprintf("accounts=%d/workers=%d", accounts, workers)
			if accounts == 0 {
				name = fmt.Sprintf("accounts=own/workers=%d", workers)
			}
			b.Run(name, func(b *testing.B) {
				bt := transfers(b, n, accounts)
				s := NewStore(bt.Accounts)
				balances := bt.Balances()
				b.ReportAllocs()
				versus(b, n,
					func() { mustExecute(b, s, bt, Options{Workers: workers, Mode: batch.Parallel, Uncertified: true}) },
					func() { serialTransfers(bt, balances) })
			})
		}
	}
}

// spinFor burns about a nanosecond of CPU for each unit.
//
//go:noinline
func spinFor(n int) uint64 {
	x := uint64(n)
	for range n {
		x = x*6364136223846793005 + 1442695040888963407
	}
	return x
}

// spun keeps what spinFor comes to, so that no compiler can leave it out.
var spun atomic.Uint64

func spin(n int) { spun.Store(spinFor(n)) }

// spinsPer is how many units take d.
func spinsPer(d time.Duration) int {
	const units = 1 << 20
	best := time.Duration(1 << 62)
	for range 5 {
		start := time.Now()
		spin(units)
		best = min(best, time.Since(start))
	}
	return int(int64(units) * int64(d) / int64(best))
}

// working makes n transfers in Go form that burn CPU, and say how much.
func working(tb testing.TB, n, accounts, spins int, cost time.Duration) *batch.Batch {
	b := transfers(tb, n, accounts)
	for i := range b.Transactions {
		t := &b.Transactions[i]
		from, to := t.Call.Args[0].Account, t.Call.Args[1].Account
		t.Call, t.Cost = nil, cost
		t.Apply = func(v batch.View) error {
			x := v.Balance(from)
			y := v.Balance(to)
			amount := int64(spinFor(spins)&1) + 1
			v.SetBalance(from, x-amount)
			v.SetBalance(to, y+amount)
			return nil
		}
	}
	return b
}

// plainView is what the serial loop gives to transactions in Go form.
type plainView struct{ balances []int64 }

func (v *plainView) Balance(a batch.AccountID) int64       { return v.balances[a] }
func (v *plainView) SetBalance(a batch.AccountID, n int64) { v.balances[a] = n }

func BenchmarkSpeedup(b *testing.B) {
	for _, d := range []time.Duration{time.Microsecond, 10 * time.Microsecond} {
		for _, accounts := range []int{0, 100_000, 1000, 10} {
			contention := map[int]string{0: "none", 100_000: "sparse", 1000: "low", 10: "high"}[accounts]
			b.Run(fmt.Sprintf("work=%v/contention=%s/workers=2", d, contention), func(b *testing.B) {
				n := int(10 * time.Millisecond / d)
				bt := working(b, n, accounts, spinsPer(d), d)
				s := NewStore(bt.Accounts)
				v := &plainView{bt.Balances()}
				versus(b, n,
					func() { mustExecute(b, s, bt, Options{Workers: 2, Mode: batch.Parallel, Uncertified: true}) },
					func() {
						for i := range bt.Transactions {
							if err := bt.Transactions[i].Apply(v); err != nil {
								b.Fatal(err)
							}
						}
					})
			})
		}
	}
}

// BenchmarkCeiling is the speedup of the same loop split between two goroutines that
// share nothing: what this machine allows at most.
func BenchmarkCeiling(b *testing.B) {
	spins := spinsPer(10 * time.Millisecond)
	versus(b, 1,
		func() {
			var both sync.WaitGroup
			both.Go(func() { spin(spins / 2) })
			spin(spins / 2)
			both.Wait()
		},
		func() { spin(spins) })
}

func BenchmarkLatencyBound(b *testing.B) {
	bt := transfers(b, 100, 0)
	for i := range bt.Transactions {
		bt.Transactions[i].Work = time.Millisecond
	}
	for name, o := range map[string]Options{
		"pool=8":   {Workers: 8, Mode: batch.Parallel, Uncertified: true},
		"blocking": {Workers: 8, Mode: batch.Blocking, Uncertified: true},
	} {
		b.Run(name, func(b *testing.B) {
			s := NewStore(bt.Accounts)
			versus(b, 100,
				func() { mustExecute(b, s, bt, o) },
				func() {
					for i := range bt.Transactions {
						time.Sleep(bt.Transactions[i].Work)
					}
				})
		})
	}
}

// BenchmarkOneTransaction is the latency of a batch of one, against the transaction
// alone.
func BenchmarkOneTransaction(b *testing.B) {
	for _, d := range []time.Duration{0, time.Microsecond, 10 * time.Microsecond, 100 * time.Microsecond} {
		for _, limit := range []time.Duration{0, batch.NoTimeout} {
			name := fmt.Sprintf("work=%v/timeout=default", d)
			if limit != 0 {
				name = fmt.Sprintf("work=%v/timeout=none", d)
			}
			b.Run(name, func(b *testing.B) {
				bt := transfers(b, 1, 0)
				balances := bt.Balances()
				serial := func() { serialTransfers(bt, balances) }
				if d > 0 {
					bt = working(b, 1, 0, spinsPer(d), d)
					v := &plainView{bt.Balances()}
					serial = func() {
						if err := bt.Transactions[0].Apply(v); err != nil {
							b.Fatal(err)
						}
					}
				}
				s := NewStore(bt.Accounts)
				const times = 100 // so that reading the clocks does not matter
				repeat := func(f func()) func() {
					return func() {
						for range times {
							f()
						}
					}
				}
				versus(b, times,
					repeat(func() { mustExecute(b, s, bt, Options{Workers: 8, Timeout: limit, Uncertified: true}) }), repeat(serial))
			})
		}
	}
}

// BenchmarkMillion runs a million transactions, in one chain and without any
// dependency, and reports the memory in use afterwards with the batch and without.
func BenchmarkMillion(b *testing.B) {
	for name, accounts := range map[string]int{"chain": 2, "independent": 0} {
		b.Run(name, func(b *testing.B) {
			bt := transfers(b, 1_000_000, accounts)
			s := NewStore(bt.Accounts)
			balances := bt.Balances()
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			mustExecute(b, s, bt, Options{Workers: 2, Mode: batch.Parallel, Uncertified: true})
			runtime.ReadMemStats(&after)
			versus(b, len(bt.Transactions),
				func() { mustExecute(b, s, bt, Options{Workers: 2, Mode: batch.Parallel, Uncertified: true}) },
				func() { serialTransfers(bt, balances) })
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/(1<<20), "MB")
			b.ReportMetric(float64(before.HeapAlloc)/(1<<20), "batch-MB")
		})
	}
}

// BenchmarkTrace is what an event costs: a transfer has six.
func BenchmarkTrace(b *testing.B) {
	const n = 10_000
	bt := transfers(b, n, 0)
	s := NewStore(bt.Accounts)
	var traced, untraced []spent
	for b.Loop() {
		untraced = append(untraced, measure(func() { mustExecute(b, s, bt, Options{Workers: 2, Mode: batch.Parallel, Uncertified: true}) }))
		traced = append(traced, measure(func() {
			mustExecute(b, s, bt, Options{Workers: 2, Mode: batch.Parallel, Trace: true, Uncertified: true})
		}))
	}
	_, with := medians(traced)
	_, without := medians(untraced)
	b.ReportMetric((with-without)/(6*n), "cpu-ns/event")
}
