package synchrony

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"synchrony/models/batch"
	"synchrony/models/history"
)

// makeBatch has the accounts a, b, c and d with 100 each, or the balances given.
func makeBatch(t testing.TB, fill func(*batch.Builder), balances ...int64) *batch.Batch {
	t.Helper()
	bb := batch.NewBuilder()
	for i, name := range []string{"a", "b", "c", "d"} {
		balance := int64(100)
		if i < len(balances) {
			balance = balances[i]
		}
		bb.Account(name, balance)
	}
	fill(bb)
	b, err := bb.Build()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const accA, accB, accC, accD = batch.AccountID(0), batch.AccountID(1), batch.AccountID(2), batch.AccountID(3)

// TestEdgeCases runs each case on up to 16 workers in every mode, and compares with
// the specification; fails says whether that must be a failure.
func TestEdgeCases(t *testing.T) {
	cases := map[string]struct {
		fails    bool
		balances []int64
		fill     func(*batch.Builder)
	}{
		"empty":                   {fill: func(*batch.Builder) {}},
		"one transaction":         {fill: func(b *batch.Builder) { b.Transfer("t", accA, accB, 10) }},
		"one that fails":          {fails: true, fill: func(b *batch.Builder) { b.Transfer("t", accA, accB, 101) }},
		"transfer to oneself":     {fails: true, fill: func(b *batch.Builder) { b.Transfer("t", accA, accA, 10) }},
		"amount 0":                {fails: true, fill: func(b *batch.Builder) { b.Transfer("t", accA, accB, 0) }},
		"negative amount":         {fails: true, fill: func(b *batch.Builder) { b.Transfer("t", accA, accB, -1) }},
		"all there is":            {balances: []int64{math.MaxInt64, 0}, fill: func(b *batch.Builder) { b.Transfer("t", accA, accB, math.MaxInt64) }},
		"overflow":                {fails: true, balances: []int64{10, math.MaxInt64}, fill: func(b *batch.Builder) { b.Transfer("t", accA, accB, 10) }},
		"the first fails":         {fails: true, fill: chainWithFailures(50, 0)},
		"one in the middle fails": {fails: true, fill: chainWithFailures(50, 25)},
		"the last fails":          {fails: true, fill: chainWithFailures(50, 49)},
		"two fail":                {fails: true, fill: chainWithFailures(50, 30, 12)},
		"all fail": {fails: true, fill: func(b *batch.Builder) {
			for i := range 60 {
				b.Transfer(fmt.Sprint("t", i), accA, accB, 1000)
			}
		}},
		"two independent ones fail": {fails: true, fill: func(b *batch.Builder) {
			b.Transfer("ok", accA, accB, 1).Transfer("first", accC, accD, 1000).Transfer("second", accA, accB, 1000)
		}},
		"star": {fill: func(b *batch.Builder) {
			b.Transfer("centre", accA, accB, 1)
			for i := range 60 {
				b.Transfer(fmt.Sprint("t", i), b.Account(fmt.Sprint("x", i), 5), b.Account(fmt.Sprint("y", i), 0), 5).After("centre")
			}
		}},
		"cycle": {fails: true, fill: func(b *batch.Builder) {
			b.Transfer("t1", accA, accB, 1).After("t2").Transfer("t2", accC, accD, 1).After("t1")
		}},
		"cycle with a conflict": {fails: true, fill: func(b *batch.Builder) {
			b.Transfer("t1", accA, accB, 1).After("t3").Transfer("t2", accB, accC, 1).Transfer("t3", accC, accD, 1)
		}},
		"minting offset by burning": {fails: true, fill: func(b *batch.Builder) {
			for i, delta := range []int64{-1, 1} {
				b.Add(batch.Transaction{ID: fmt.Sprint("t", i), Reads: []batch.AccountID{accA}, Writes: []batch.AccountID{accA},
					Apply: func(v batch.View) error { v.SetBalance(accA, v.Balance(accA)+delta); return nil }})
			}
		}},
		"minting that a 64-bit sum would not see": {fails: true, balances: []int64{0, 0, 0, 0}, fill: func(b *batch.Builder) {
			b.Add(batch.Transaction{ID: "t", Writes: []batch.AccountID{accA, accB, accC}, Apply: func(v batch.View) error {
				v.SetBalance(accA, math.MaxInt64)
				v.SetBalance(accB, math.MaxInt64)
				v.SetBalance(accC, 2)
				return nil
			}})
		}},
		"write only": {fill: func(b *batch.Builder) {
			for i := range 20 {
				b.Add(batch.Transaction{ID: fmt.Sprint("t", i), Writes: []batch.AccountID{accA, accB}, Apply: func(v batch.View) error {
					v.SetBalance(accA, int64(i))
					v.SetBalance(accB, 200-int64(i))
					return nil
				}})
			}
		}},
		"own write of a write-only account is not readable": {fails: true, fill: func(b *batch.Builder) {
			b.Add(batch.Transaction{ID: "t", Writes: []batch.AccountID{accA}, Apply: func(v batch.View) error {
				v.SetBalance(accA, 100)
				v.SetBalance(accA, v.Balance(accA))
				return errors.New("not what is reported")
			}})
		}},
		"a later one is named by after": {fails: true, fill: func(b *batch.Builder) {
			b.Transfer("t0", accA, accB, 1).After("t2").Transfer("t1", accA, accB, 1000).Transfer("t2", accC, accD, 1000)
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := makeBatch(t, c.fill, c.balances...)
			want := batch.RunSerially(b)
			if (want.Failure != nil || want.Cycle != nil) != c.fails {
				t.Fatalf("the specification says %v %v", want.Failure, want.Cycle)
			}
			for _, workers := range []int{1, 2, 3, 4, 8, 16} {
				for _, mode := range modes {
					runAndCheck(t, nil, b, want, batch.Setup{Workers: workers, Mode: mode, Observers: 1})
				}
			}
		})
	}
}

func chainWithFailures(n int, failing ...int) func(*batch.Builder) {
	return func(b *batch.Builder) {
		for i := range n {
			amount := int64(1)
			if slices.Contains(failing, i) {
				amount = 1000
			}
			b.Transfer(fmt.Sprint("t", i), accA, accB, amount)
		}
	}
}

func TestConfigurationErrors(t *testing.T) {
	b := makeBatch(t, func(b *batch.Builder) { b.Transfer("t", accA, accB, 1) })
	other := makeBatch(t, func(b *batch.Builder) { b.Account("e", 1) })
	for name, c := range map[string]struct {
		o    Options
		b    *batch.Batch
		want string
	}{
		"no workers":        {Options{}, b, WorkersEnv},
		"negative workers":  {Options{Workers: -3}, b, "--workers"},
		"negative limit":    {Options{Workers: 1, Limit: -1}, b, "limit"},
		"negative timeout":  {Options{Workers: 1, Timeout: -2}, b, "timeout"},
		"a transaction's":   {Options{Workers: 1, TransactionTimeout: -2}, b, "transaction"},
		"unknown mode":      {Options{Workers: 1, Mode: 77}, b, "mode"},
		"of other accounts": {Options{Workers: 1}, other, "accounts"},
	} {
		t.Run(name, func(t *testing.T) {
			s := NewStore(b.Accounts)
			res, err := Execute(t.Context(), nil, s, c.b, c.o)
			var config *ConfigError
			if res != nil || !errors.As(err, &config) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("result %v, error %v; want a ConfigError about %q", res, err, c.want)
			}
		})
	}
}

func TestDefaultWorkers(t *testing.T) {
	for text, want := range map[string]int{"": 8, "3": 3, "0": 0, "-1": 0, "many": 0} {
		got, err := DefaultWorkers(func(name string) (string, bool) { return text, name == WorkersEnv })
		var config *ConfigError
		if got != want || (want == 0) != errors.As(err, &config) {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
}

// TestInjectedPanics makes listed transactions panic.
func TestInjectedPanics(t *testing.T) {
	b := makeBatch(t, func(b *batch.Builder) {
		b.Transfer("t0", accA, accB, 1).Transfer("t1", accC, accD, 1).Transfer("t2", accA, accD, 1)
	})
	for _, panics := range [][]string{{"t0"}, {"t1"}, {"t2", "t1"}, {"nobody"}} {
		want := batch.RunSerially(b, panics...)
		for _, mode := range modes {
			obs := runAndCheck(t, nil, b, want, batch.Setup{Workers: 2, Mode: mode, Panics: panics})
			if obs.Failure != nil && obs.Failure.Stack == "" {
				t.Error("the failure has no stack")
			}
		}
	}
}

func TestRepeatedExecutionsOnOneStore(t *testing.T) {
	b := makeBatch(t, chainWithFailures(20))
	s := NewStore(b.Accounts)
	for i := range int64(4) {
		res, err := Execute(t.Context(), nil, s, b, Options{Workers: 2, Mode: batch.Parallel})
		if err != nil {
			t.Fatal(err)
		}
		want := []int64{100 - 20*(i+1), 100 + 20*(i+1), 100, 100}
		if !slices.Equal(res.Balances(), want) || !slices.Equal(s.Snapshot(nil), want) || s.Version(nil) != i+1 || s.Balance(nil, accA) != want[0] {
			t.Fatalf("after %d batches: %v, version %d", i+1, s.Snapshot(nil), s.Version(nil))
		}
	}
	if s.Balance(nil, -1) != 0 || s.Balance(nil, 99) != 0 {
		t.Error("an account that does not exist has a balance")
	}
}

// TestAutoSaysWhy checks the decision at its extremes.
func TestAutoSaysWhy(t *testing.T) {
	long := func(n int, after bool) func(*batch.Builder) {
		return func(b *batch.Builder) {
			for i := range n {
				x, y := b.Account(fmt.Sprint("x", i), 5), b.Account(fmt.Sprint("y", i), 5)
				b.Transfer(fmt.Sprint("t", i), x, y, 1).Work(time.Millisecond)
				if after && i > 0 {
					b.After(fmt.Sprint("t", i-1))
				}
			}
		}
	}
	for name, c := range map[string]struct {
		fill   func(*batch.Builder)
		serial bool
	}{
		"long and independent": {long(4, false), false},
		"long chain":           {long(4, true), true},
		"tiny":                 {chainWithFailures(3), true},
	} {
		b := makeBatch(t, c.fill)
		res, err := Execute(t.Context(), nil, NewStore(b.Accounts), b, Options{Workers: 4})
		if err != nil || res.Serial != c.serial || !strings.Contains(res.Why(), "estimated at") {
			t.Errorf("%s: %v, serial %v: %s", name, err, res.Serial, res.Why())
		}
	}
}

func TestDefaultTimeoutIsTenTimesTheEstimate(t *testing.T) {
	for work, want := range map[time.Duration]time.Duration{
		0: 30 * time.Second, time.Second: 30 * time.Second,
		time.Minute: 10*time.Minute + 500, math.MaxInt64: math.MaxInt64,
	} {
		b := makeBatch(t, func(b *batch.Builder) { b.Transfer("t", accA, accB, 1).Work(work) })
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		res, err := Execute(ctx, nil, NewStore(b.Accounts), b, Options{Workers: 1})
		var canceled *CanceledError
		if !errors.As(err, &canceled) || !errors.Is(err, context.Canceled) || res.Limit != want {
			t.Errorf("work %v: limit %v, want %v; %v", work, res.Limit, want, err)
		}
	}
}

// TestCyclesOfAfterAreNamed compares with the specification's cycle, and nothing runs.
func TestCyclesOfAfterAreNamed(t *testing.T) {
	b := makeBatch(t, func(b *batch.Builder) {
		b.Transfer("t0", accA, accB, 1).Transfer("t1", accA, accB, 1).After("t4")
		b.Transfer("t2", accC, accD, 1).After("t1").Transfer("t3", accC, accD, 1).Transfer("t4", accC, accD, 1)
	})
	obs := runAndCheck(t, nil, b, batch.RunSerially(b), batch.Setup{Workers: 2})
	if len(obs.Events) > 0 || obs.Executed > 0 || obs.Outcome != history.Refused || !slices.Equal(obs.Cycle, []string{"t1", "t4", "t2"}) {
		t.Errorf("cycle %v, %d executed", obs.Cycle, obs.Executed)
	}
}
