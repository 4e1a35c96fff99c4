//go:build go1.26

package testing_test

//lint:file-ignore SA2001 to lock and unlock is what these tests are about

import (
	"synchrony/executor/shim/atomic"
	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/context"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/task"
	"synchrony/executor/shim/testing"
	"synchrony/executor/shim/time"
)

// orders are ways for one task to hand a plain variable to another: give comes after the first task's write, take before
// the second one's read. Where ordered is false Go's memory model gives no order, and there is a race.
var orders = []struct {
	name    string
	ordered bool
	f       func() (give, take func())
}{
	{"unbuffered, receiver reads", true, func() (give, take func()) {
		c := make(chan int)
		return func() { channel.To(c).Send(1) }, func() { channel.Recv(c) }
	}},
	{"unbuffered, sender reads", true, func() (give, take func()) {
		c := make(chan int)
		return func() { channel.Recv(c) }, func() { channel.To(c).Send(1) }
	}},
	{"buffered, receiver reads", true, func() (give, take func()) {
		c := make(chan int, 2)
		return func() { channel.To(c).Send(1) }, func() { channel.Recv(c) }
	}},
	{"buffered, sender reads", false, func() (give, take func()) {
		c := make(chan int, 2)
		return func() { channel.Recv(c) }, func() { channel.To(c).Send(1) }
	}},
	{"semaphore", true, func() (give, take func()) {
		c := make(chan int, 1)
		channel.To(c).Send(0)
		return func() { channel.Recv(c) }, func() { channel.To(c).Send(1) }
	}},
	{"full, the value of who waits", true, func() (give, take func()) {
		c := make(chan int, 1)
		channel.To(c).Send(0)
		return func() { channel.To(c).Send(1) }, func() { channel.Recv(c); channel.Recv(c) }
	}},
	{"select", true, func() (give, take func()) {
		c, never := make(chan int), make(chan int)
		return func() { channel.Select(false, channel.RecvCase(never), channel.To(c).Case(1)) },
			func() { channel.Select(false, channel.RecvCase(never), channel.RecvCase(c)) }
	}},
	{"close", true, func() (give, take func()) {
		c := make(chan int)
		return func() { channel.Close(c) }, func() { channel.Recv(c) }
	}},
	{"close, length", false, func() (give, take func()) {
		c := make(chan int)
		return func() { channel.Close(c) }, func() { channel.Len(c) }
	}},
	{"wait group", true, func() (give, take func()) {
		wg := new(sync.WaitGroup)
		wg.Add(1)
		return wg.Done, wg.Wait
	}},
	{"cond", true, func() (give, take func()) {
		mu, ready := new(sync.Mutex), false
		c := sync.NewCond(mu)
		return func() { mu.Lock(); ready = true; mu.Unlock(); c.Broadcast() }, func() {
			mu.Lock()
			for !ready {
				c.Wait()
			}
			mu.Unlock()
		}
	}},
	{"writer, reader", true, func() (give, take func()) {
		mu, ready := new(sync.RWMutex), false
		return func() { mu.Lock(); ready = true; mu.Unlock() }, func() { poll(func() bool { mu.RLock(); defer mu.RUnlock(); return ready }) }
	}},
	{"reader, writer", true, func() (give, take func()) {
		mu, c := new(sync.RWMutex), new(atomic.Bool)
		mu.RLock()
		return func() { c.Store(true); mu.RUnlock() }, func() { mu.Lock(); mu.Unlock() }
	}},
	{"readers", false, func() (give, take func()) {
		mu := new(sync.RWMutex)
		return func() { mu.RLock(); mu.RUnlock() }, func() { mu.RLock(); mu.RUnlock() }
	}},
	{"atomic", true, func() (give, take func()) {
		ready := new(atomic.Bool)
		return func() { ready.Store(true) }, func() { poll(ready.Load) }
	}},
	{"once", true, func() (give, take func()) {
		once, ready := new(sync.Once), new(atomic.Bool)
		return func() { once.Do(func() {}); ready.Store(true) }, func() { poll(ready.Load); once.Do(func() {}) }
	}},
	{"map", true, func() (give, take func()) {
		m := new(sync.Map)
		return func() { m.Store(1, 1) }, func() { poll(func() bool { _, ok := m.Load(1); return ok }) }
	}},
	{"context", true, func() (give, take func()) {
		ctx, cancel := context.WithCancel(context.Background())
		return cancel, func() { channel.Recv(ctx.Done()) }
	}},
	{"context after func", true, func() (give, take func()) {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan int)
		context.AfterFunc(ctx, func() { channel.Close(done) })
		return cancel, func() { channel.Recv(done) }
	}},
	{"after func", true, func() (give, take func()) {
		done := make(chan int)
		return func() { time.AfterFunc(time.Second, func() { channel.Close(done) }) }, func() { channel.Recv(done) }
	}},
	{"sleep", false, func() (give, take func()) {
		return func() {}, func() { time.Sleep(time.Second) }
	}},
	{"trylock that fails", false, func() (give, take func()) {
		mu := new(sync.Mutex)
		mu.Lock()
		return func() { mu.TryLock() }, func() { mu.TryLock() }
	}},
}

// poll waits until ready says so.
func poll(ready func() bool) {
	for !ready() {
		time.Sleep(time.Millisecond)
	}
}

// orderTests are a test for each of orders.
func orderTests() (list []testing.InternalTest) {
	for _, o := range orders {
		list = append(list, testing.InternalTest{Name: o.name, F: func(*testing.T) {
			give, take := o.f()
			x, done := 0, make(chan int)
			task.Go(func() {
				x = 1
				give()
				channel.Close(done)
			})
			take()
			_ = x
			channel.Recv(done)
		}})
	}
	return list
}
