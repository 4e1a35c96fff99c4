//go:build go1.26 && !race

package channel_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"synchrony/executor/sched"
	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/context"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/task"
	"synchrony/executor/shim/time"
)

// log is what a program says in one run.
type log []string

func (l *log) add(a ...any) { *l = append(*l, fmt.Sprint(a...)) }

func (l *log) recovered(f func()) {
	defer func() {
		if p := recover(); p != nil {
			l.add("panic ", p)
		}
	}()
	f()
}

type key struct{}

func send(c chan<- int, v int) { channel.To(c).Send(v) }

// cases are small programs with all outcomes that Go gives them: what they log, and how they end if not well.
var cases = []struct {
	name    string
	program func(l *log)
	want    []string
}{
	{"unbuffered hands over", func(l *log) {
		c := make(chan int)
		task.Go(func() { send(c, 1) })
		l.add(channel.Recv(c))
	}, []string{"1"}},
	{"first come first served", func(l *log) {
		c := make(chan int)
		for i := range 2 {
			task.Go(func() { send(c, i) })
		}
		l.add(channel.Recv(c), channel.Recv(c))
	}, []string{"0 1", "1 0"}},
	{"nil channels wait for ever", func(l *log) {
		var c chan int
		l.add(channel.Len(c), channel.Select(true, channel.RecvCase(c), channel.To(c).Case(1)))
		task.Go(func() { send(c, 1) })
		channel.Recv(c)
	}, []string{"0 -1 deadlock"}},
	{"close of nil", func(l *log) {
		l.recovered(func() { channel.Close[int](nil) })
	}, []string{"panic close of nil channel"}},
	{"closed", func(l *log) {
		c := make(chan int, 2)
		send(c, 7)
		channel.Close(c)
		v, ok := channel.Recv2(c)
		l.add(v, ok)
		v, ok = channel.Recv2(c)
		l.add(v, ok)
		l.recovered(func() { send(c, 1) })
		l.recovered(func() { channel.Close(c) })
		l.recovered(func() { channel.Select(true, channel.To(c).Case(1)) })
	}, []string{"7 true 0 false panic send on closed channel panic close of closed channel panic send on closed channel"}},
	{"close wakes all", func(l *log) {
		c, sent := make(chan int), make(chan struct{}, 2)
		for range 2 {
			task.Go(func() { channel.Recv(c); channel.To(sent).Send(struct{}{}) })
		}
		channel.Close(c)
		channel.Recv(sent)
		channel.Recv(sent)
		l.add("woken")
	}, []string{"woken"}},
	{"close while sending", func(l *log) {
		c, done := make(chan int), make(chan struct{})
		task.Go(func() { l.recovered(func() { send(c, 1) }); channel.Close(done) })
		channel.Close(c)
		channel.Recv(done)
	}, []string{"panic send on closed channel"}},
	{"close of a full channel", func(l *log) {
		c := make(chan int, 1)
		send(c, 1)
		channel.Close(c)
		l.recovered(func() { channel.Select(false, channel.To(c).Case(2)) })
	}, []string{"panic send on closed channel"}},
	{"buffered", func(l *log) {
		c := make(chan int, 1)
		task.Go(func() {
			for i := range 3 {
				send(c, i)
			}
			channel.Close(c)
		})
		for it, v := channel.Range(c); it.Next(&v); {
			l.add(v)
		}
	}, []string{"0 1 2"}},
	{"a send that is only about to come is not there", func(l *log) {
		c := make(chan int)
		task.Go(func() { send(c, 1) })
		v := channel.RecvCase(c)
		l.add(channel.Select(true, v), v.Value)
	}, []string{"-1 0 leak", "0 1"}},
	{"select picks any that is ready", func(l *log) {
		a, b := make(chan int, 1), make(chan int, 1)
		send(a, 1)
		channel.Close(b)
		x, y := channel.RecvCase(a), channel.RecvCase(b)
		l.add(channel.Select(false, x, y), x.Value, x.Ok, y.Ok)
	}, []string{"0 1 true false", "1 0 false false"}},
	{"select with itself", func(l *log) {
		c := make(chan int)
		task.Go(func() { l.add(channel.Select(false, channel.RecvCase(c), channel.To(c).Case(1))) })
		l.add(channel.Select(false, channel.RecvCase(c), channel.To(c).Case(2)))
	}, []string{"0 1", "1 0"}},
	{"empty select", func(l *log) { channel.Select(false) }, []string{"deadlock"}},
	{"timers due together ring in any order", func(l *log) {
		a, b := time.NewTimer(time.Second), time.NewTimer(time.Second)
		l.add(channel.Select(false, channel.RecvCase(a.C), channel.RecvCase(b.C)))
		l.add(a.Stop(), b.Stop())
	}, []string{"0 false true", "1 true false"}},
	{"stop and reset leave no stale time", func(l *log) {
		a := time.NewTimer(time.Second)
		time.Sleep(2 * time.Second)
		l.add(channel.Len(a.C), a.Reset(time.Hour), channel.Select(true, channel.RecvCase(a.C)), a.Stop(), a.Stop())
		start := time.Now()
		a.Reset(time.Minute)
		channel.Recv(a.C)
		l.add(time.Since(start).Truncate(time.Millisecond)) // it is late by a nanosecond or more
	}, []string{"0 true -1 true false 1m0s"}},
	{"ticker drops what nobody takes", func(l *log) {
		start := time.Now()
		a := time.NewTicker(time.Second)
		time.Sleep(3500 * time.Millisecond)
		first, second := channel.Recv(a.C).Sub(start), channel.Recv(a.C).Sub(start)
		l.add(first.Truncate(time.Millisecond), second.Truncate(time.Millisecond))
		a.Stop()
	}, []string{"1s 4s"}},
	{"after func stopped by another", func(l *log) {
		b := time.AfterFunc(time.Second, func() {})
		time.AfterFunc(time.Second, func() { l.add("stopped ", b.Stop()) })
		time.Sleep(2 * time.Second)
	}, []string{"stopped false", "stopped true"}},
	{"context", func(l *log) {
		ctx, cancel := context.WithTimeoutCause(context.Background(), time.Second, fmt.Errorf("late"))
		child, stop := context.WithCancelCause(ctx)
		task.Go(func() { stop(fmt.Errorf("stopped")) })
		channel.Recv(child.Done())
		channel.Recv(ctx.Done())
		l.add(child.Err(), context.Cause(child), ctx.Err(), context.Cause(ctx))
		cancel()
	}, []string{"context canceled stopped context deadline exceeded late"}},
	{"context after func", func(l *log) {
		ctx, cancel := context.WithCancel(context.Background())
		var mu sync.Mutex
		stop := context.AfterFunc(ctx, func() { mu.Lock(); l.add("f"); mu.Unlock() })
		task.Go(cancel)
		stopped := stop()
		mu.Lock()
		l.add(stopped)
		mu.Unlock()
	}, []string{"f false", "false f", "true"}},
	{"context without cancel", func(l *log) {
		ctx, cancel := context.WithCancel(context.WithValue(context.Background(), key{}, 1))
		free := context.WithoutCancel(ctx)
		child, stop := context.WithCancel(free)
		cancel()
		l.add(free.Err(), free.Done() == nil, context.Cause(free), child.Err(), context.Cause(child))
		stop()
		l.add(child.Err())
	}, []string{"<nil> true <nil> <nil> <nil> context canceled"}},
}

func TestOutcomes(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := map[string]bool{}
			var l log
			var o task.Options
			o.PatientClock = true
			coverage, err := task.Explore(o, sched.Bounds{Preemptions: sched.Unbounded}, func() {
				l = nil
				c.program(&l)
			}, func(rec *sched.Record) {
				end := ""
				if rec.Stuck != nil {
					if end = " " + rec.Stuck.Kind.String(); rec.Stuck.Panic != "" {
						end += ": " + rec.Stuck.Panic
					}
				}
				got[strings.TrimSpace(strings.Join(l, " ")+end)] = true
			})
			if err != nil || !coverage.Complete {
				t.Fatal(err, coverage)
			}
			if list := slices.Sorted(maps.Keys(got)); !slices.Equal(list, c.want) {
				t.Errorf("%d schedules:\n got %q\nwant %q", coverage.Schedules, list, c.want)
			}
		})
	}
}
