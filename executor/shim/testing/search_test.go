//go:build go1.26

package testing_test

//lint:file-ignore SA2001 to lock and unlock is what these tests are about

import (
	stdtesting "testing"

	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/context"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/task"
	"synchrony/executor/shim/testing"
	"synchrony/executor/shim/time"
)

// programs are small tests with one thing wrong, or nothing.
var programs = []struct {
	name string
	kind string // "" if nothing is wrong
	f    func(*testing.T)
}{
	{"clean", "", func(t *testing.T) {
		var mu sync.Mutex
		var wg sync.WaitGroup
		n := 0
		for range 3 {
			wg.Go(func() {
				mu.Lock()
				defer mu.Unlock()
				n++
			})
		}
		if wg.Wait(); n != 3 {
			t.Errorf("%d", n)
		}
	}},
	{"lost update", testing.Failed, func(t *testing.T) {
		var mu sync.Mutex
		var wg sync.WaitGroup
		n := 0
		for range 2 {
			wg.Go(func() {
				mu.Lock()
				v := n
				mu.Unlock()
				mu.Lock()
				n = v + 1
				mu.Unlock()
			})
		}
		if wg.Wait(); n != 2 {
			t.Errorf("n is %d", n)
		}
	}},
	{"lock order", testing.Deadlock, func(t *testing.T) {
		var a, b sync.Mutex
		var wg sync.WaitGroup
		both := func(x, y *sync.Mutex) {
			wg.Go(func() {
				x.Lock()
				y.Lock()
				y.Unlock()
				x.Unlock()
			})
		}
		both(&a, &b)
		both(&b, &a)
		wg.Wait()
	}},
	{"leak after timeout", testing.Leak, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		c := make(chan int)
		task.Go(func() { channel.To(c).Send(1) })
		task.Go(cancel)
		done, got := channel.RecvCase(ctx.Done()), channel.RecvCase(c)
		channel.Select(false, got, done)
		cancel()
	}},
	{"panic", testing.Panic, func(t *testing.T) {
		c := make(chan int)
		task.Go(func() { channel.Close(c) })
		channel.Close(c)
	}},
	{"timeout", "", func(t *testing.T) {
		c := make(chan int, 1)
		task.Go(func() { channel.To(c).Send(1) })
		got, late := channel.RecvCase(c), channel.RecvCase(time.After(time.Second))
		if channel.Select(false, got, late) == 1 {
			t.Error("timed out")
		}
	}},
	{"subtests", testing.Failed, func(t *testing.T) {
		order := make(chan int, 2)
		t.Run("group", func(t *testing.T) {
			for i := range 2 {
				t.Run("", func(t *testing.T) {
					t.Parallel()
					channel.To(order).Send(i)
				})
			}
		})
		if first := channel.Recv(order); first != 0 {
			t.Errorf("%d came first", first)
		}
	}},
}

func TestSearch(t *stdtesting.T) {
	for _, p := range programs {
		t.Run(p.name, func(t *stdtesting.T) {
			findings, done, err := testing.Try(p.name, p.f, testing.Search{Schedules: 300, Positions: true})
			if err != nil || done.Isolate != "" {
				t.Fatal(err, done)
			}
			if p.kind == "" && len(findings) == 0 {
				return
			}
			if len(findings) != 1 || findings[0].Kind != p.kind || findings[0].Every {
				t.Fatalf("%+v", findings)
			}
			f := findings[0]
			t.Logf("%s: %s\n%s; found %d by %s, %d deviations\n%+v", f.Kind, f.Message, f.Schedule, f.Found, f.Strategy, f.Deviations, f.Tasks)
		})
	}
}
