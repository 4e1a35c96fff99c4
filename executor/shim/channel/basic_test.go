//go:build go1.26

package channel_test

import (
	"testing"

	"synchrony/executor/sched"
	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/task"
)

func run(main func()) sched.Record {
	return task.Run(new(sched.Runner), sched.Default(), task.Options{}, main)
}

func TestPingPong(t *testing.T) {
	for _, size := range []int{0, 1, 3} {
		var got []int
		rec := run(func() {
			c := make(chan int, size)
			done := make(chan struct{})
			task.Go(func() {
				for it, v := channel.Range(c); it.Next(&v); {
					got = append(got, v)
				}
				channel.Close(done)
			})
			for i := range 5 {
				channel.To(c).Send(i)
			}
			channel.Close(c)
			channel.Recv(done)
		})
		if rec.Stuck != nil || len(got) != 5 {
			t.Errorf("%v %v", rec.Stuck, got)
		}
	}
}

func TestDeadlock(t *testing.T) {
	var mu sync.Mutex
	for range 2 {
		rec := run(func() {
			mu.Lock()
			c := make(chan int)
			task.Go(func() { mu.Lock() })
			channel.To(c).Send(1)
		})
		t.Log(rec.Stuck)
		if rec.Stuck == nil || rec.Stuck.Kind != sched.Deadlock {
			t.Error(rec.Stuck)
		}
	}
}
