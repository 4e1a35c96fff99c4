//go:build go1.26

package task_test

import (
	stdcontext "context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	stdsync "sync"
	stdatomic "sync/atomic"
	"testing"
	stdtime "time"

	"synchrony/executor/sched"
	"synchrony/executor/shim/atomic"
	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/context"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/task"
	"synchrony/executor/shim/time"
)

// kit is what a sequential program may do: each is called with a number, and returns what it found.
type kit []func(n int) any

// locker is what both kinds of mutex can do.
type locker interface {
	TryLock() bool
	Unlock()
}

type rwLocker interface {
	locker
	TryRLock() bool
	RUnlock()
}

// number is what both kinds of atomic integer can do.
type number interface {
	Add(int32) int32
	Load() int32
	Store(int32)
	Swap(int32) int32
	And(int32) int32
	Or(int32) int32
	CompareAndSwap(old, new int32) bool
}

type table interface {
	Load(any) (any, bool)
	Store(any, any)
	LoadOrStore(any, any) (any, bool)
	LoadAndDelete(any) (any, bool)
	CompareAndSwap(key, old, new any) bool
	Delete(any)
}

type timer interface {
	Stop() bool
	Reset(stdtime.Duration) bool
}

// both are the parts of a kit that have the same methods in both.
func both(mu locker, rw rwLocker, word number, m table, t timer, ctx stdcontext.Context, cause func(stdcontext.Context) error) kit {
	locked, readers, writer := false, 0, false
	pair := func(a any, ok bool) any { return []any{a, ok} }
	return kit{
		func(int) any { ok := mu.TryLock(); locked = locked || ok; return ok },
		func(int) any {
			if locked {
				mu.Unlock()
				locked = false
			}
			return nil
		},
		func(int) any { ok := rw.TryLock(); writer = writer || ok; return ok },
		func(int) any {
			ok := rw.TryRLock()
			if ok {
				readers++
			}
			return ok
		},
		func(int) any {
			switch {
			case writer:
				rw.Unlock()
				writer = false
			case readers > 0:
				rw.RUnlock()
				readers--
			}
			return nil
		},
		func(n int) any { return word.Add(int32(n)) },
		func(n int) any { word.Store(int32(n)); return word.Load() },
		func(n int) any { return word.Swap(int32(n)) },
		func(n int) any { return word.CompareAndSwap(int32(n), int32(n+1)) },
		func(n int) any { return []int32{word.And(int32(n)), word.Or(int32(2 * n))} },
		func(n int) any { m.Store(n, n); return nil },
		func(n int) any { return pair(m.LoadOrStore(n, n+1)) },
		func(n int) any { return pair(m.LoadAndDelete(n)) },
		func(n int) any { return m.CompareAndSwap(n, n, n+1) },
		func(n int) any { return pair(m.Load(n)) },
		func(n int) any { return t.Stop() },
		func(n int) any { return t.Reset(stdtime.Hour) },
		func(n int) any { return fmt.Sprint(ctx.Err(), cause(ctx)) },
	}
}

// caught returns what f returns, or what it panics with.
func caught(f func() any) (v any) {
	defer func() {
		if p := recover(); p != nil {
			v = fmt.Sprint("panic ", p)
		}
	}()
	return f()
}

func native() kit {
	chans := []chan int{make(chan int), make(chan int, 1), make(chan int, 3), nil}
	var once stdsync.Once
	var wg stdsync.WaitGroup
	ctx, cancel := stdcontext.WithCancelCause(stdcontext.Background())
	return append(both(new(stdsync.Mutex), new(stdsync.RWMutex), new(stdatomic.Int32), new(stdsync.Map), stdtime.NewTimer(stdtime.Hour), ctx, stdcontext.Cause),
		func(n int) any {
			select {
			case chans[n%4] <- n:
				return "sent"
			default:
				return len(chans[n%4])
			}
		},
		func(n int) any {
			select {
			case v, ok := <-chans[n%4]:
				return []any{v, ok}
			default:
				return []int{cap(chans[n%4]), cap(stdtime.After(1))}[n%2]
			}
		},
		func(n int) any { close(chans[n%4]); return nil },
		func(n int) any { once.Do(func() { panic("once") }); return nil },
		func(n int) any { wg.Add(n % 3); wg.Add(-(n % 3)); wg.Wait(); return nil },
		func(n int) any { cancel(errors.New("cause")); return nil },
	)
}

func standIn() kit {
	chans := []chan int{make(chan int), make(chan int, 1), make(chan int, 3), nil}
	var once sync.Once
	var wg sync.WaitGroup
	ctx, cancel := context.WithCancelCause(context.Background())
	return append(both(new(sync.Mutex), new(sync.RWMutex), new(atomic.Int32), new(sync.Map), time.NewTimer(time.Hour), ctx, context.Cause),
		func(n int) any {
			if channel.Select(true, channel.To(chans[n%4]).Case(n)) == 0 {
				return "sent"
			}
			return channel.Len(chans[n%4])
		},
		func(n int) any {
			r := channel.RecvCase(chans[n%4])
			if channel.Select(true, r) == 0 {
				return []any{r.Value, r.Ok}
			}
			return []int{channel.Cap(chans[n%4]), channel.Cap(time.After(1))}[n%2]
		},
		func(n int) any { channel.Close(chans[n%4]); return nil },
		func(n int) any { once.Do(func() { panic("once") }); return nil },
		func(n int) any { wg.Add(n % 3); wg.Add(-(n % 3)); wg.Wait(); return nil },
		func(n int) any { cancel(errors.New("cause")); return nil },
	)
}

// play runs a random program on a kit.
func play(k kit, seed uint64) (log []string) {
	r := rand.New(rand.NewPCG(seed, 3))
	for range 60 {
		f, n := k[r.IntN(len(k))], r.IntN(8)
		log = append(log, fmt.Sprint(caught(func() any { return f(n) })))
	}
	return log
}

// TestAsTheStandardLibrary runs random sequential programs on the standard library, on what stands in for it outside of runs, and on that in
// a run: all find the same.
func TestAsTheStandardLibrary(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(500) {
		want := play(native(), seed)
		if got := play(standIn(), seed); !slices.Equal(got, want) {
			t.Fatalf("seed %d, outside of a run:\n got %q\nwant %q", seed, got, want)
		}
		var got []string
		rec := task.Run(new(sched.Runner), sched.Default(), task.Options{}, func() { got = play(standIn(), seed) })
		if rec.Stuck != nil || !slices.Equal(got, want) {
			t.Fatalf("seed %d, in a run: %v\n got %q\nwant %q", seed, rec.Stuck, got, want)
		}
		for _, s := range want {
			seen[s] = true
		}
	}
	for _, s := range []string{"true", "false", "sent", "panic send on closed channel", "panic close of nil channel", "panic once", "context canceled cause", "[0 false]"} {
		if !seen[s] {
			t.Errorf("no program found %q", s)
		}
	}
}
