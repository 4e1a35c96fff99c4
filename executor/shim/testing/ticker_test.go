//go:build go1.26

package testing_test

//lint:file-ignore SA2001 to lock and unlock is what these tests are about

import (
	stdtesting "testing"

	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/task"
	"synchrony/executor/shim/testing"
	"synchrony/executor/shim/time"
)

// tickers are tests whose main task waits while a ticker ticks.
var tickers = []struct {
	name string
	kind string
	f    func(*testing.T)
}{
	// After etcd 7492: who handles ticks waits for a lock that main holds, which waits for it.
	{"nobody listens", testing.Deadlock, func(t *testing.T) {
		var mu sync.Mutex
		add := make(chan string, 1)
		task.Go(func() {
			ticker := time.NewTicker(time.Millisecond)
			defer ticker.Stop()
			for {
				tick, name := channel.RecvCase(ticker.C), channel.RecvCase(add)
				if channel.Select(false, tick, name) == 0 {
					mu.Lock()
					mu.Unlock()
				}
			}
		})
		time.Sleep(2 * time.Millisecond)
		mu.Lock()
		for range 3 {
			time.Sleep(time.Millisecond)
			channel.To(add).Send("token")
		}
		mu.Unlock()
		channel.Select(false)
	}},
	// After kubernetes 70277: nobody closes what main waits for, and a poller goes on until it is late.
	{"poller", testing.Deadlock, poller(20 * time.Second)},
	// If it goes on for ever, nobody knows that it does not count to a million.
	{"endless poller", testing.StepLimit, poller(1 << 62)},
	{"ticks counted by one", "", func(t *testing.T) {
		done := make(chan struct{})
		task.Go(func() {
			ticker := time.NewTicker(time.Millisecond)
			for range 1500 {
				channel.Recv(ticker.C)
			}
			ticker.Stop()
			channel.Close(done)
		})
		channel.Recv(done)
	}},
	// Workers of a semaphore sleep for a while, many times: main waits for long.
	{"many sleeps", "", func(t *testing.T) {
		var wg sync.WaitGroup
		slots := make(chan struct{}, 2)
		for range 4 {
			wg.Go(func() {
				for i := range 300 {
					channel.To(slots).Send(struct{}{})
					time.Sleep(time.Duration(i%7) * time.Microsecond)
					channel.Recv(slots)
				}
			})
		}
		wg.Wait()
	}},
	// A ticker's handler counts, in what tasks share.
	{"counted ticks", "", func(t *testing.T) {
		var mu sync.Mutex
		n, done := 0, make(chan struct{})
		task.Go(func() {
			ticker := time.NewTicker(time.Second)
			defer ticker.Stop()
			for {
				channel.Recv(ticker.C)
				mu.Lock()
				if n++; n == 1500 {
					channel.Close(done)
					mu.Unlock()
					return
				}
				mu.Unlock()
			}
		})
		channel.Recv(done)
	}},
	{"leaked ticker", testing.Leak, func(t *testing.T) {
		task.Go(func() {
			ticker := time.NewTicker(time.Second)
			for {
				channel.Recv(ticker.C)
			}
		})
	}},
}

// poller waits for what the poller itself waits for, too, until that gives up.
func poller(limit time.Duration) func(*testing.T) {
	return func(*testing.T) {
		done, ticks := make(chan struct{}), make(chan struct{})
		task.Go(func() {
			ticker := time.NewTicker(time.Millisecond)
			defer ticker.Stop()
			late := time.After(limit)
			for {
				tick, end := channel.RecvCase(ticker.C), channel.RecvCase(done)
				if channel.Select(false, tick, end, channel.RecvCase(late)) > 0 {
					return
				}
				channel.Select(true, channel.To(ticks).Case(struct{}{}))
			}
		})
		channel.Recv(ticks)
		channel.Recv(done)
	}
}

func TestTickers(t *stdtesting.T) {
	for _, p := range tickers {
		findings, done, err := testing.Try(p.name, p.f, testing.Search{Schedules: 50})
		if err != nil || done.Isolate != "" {
			t.Errorf("%s: %v %+v", p.name, err, done)
			continue
		}
		switch {
		case p.kind == "":
			if len(findings) > 0 {
				t.Errorf("%s: %+v", p.name, findings[0])
			}
		case len(findings) != 1 || findings[0].Kind != p.kind:
			t.Errorf("%s: %+v", p.name, findings)
		default:
			t.Logf("%s: %s: %s; %d deviations, %s", p.name, findings[0].Kind, findings[0].Message, findings[0].Minimised, findings[0].Schedule)
		}
	}
}
