//go:build go1.26

package channel_test

import (
	"slices"
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

// TestSelected: a run with positions says which case each select took: of several that are ready, of one, its default, and one that came while it waited.
func TestSelected(t *testing.T) {
	rec := task.Run(new(sched.Runner), sched.Default(), task.Options{Positions: true}, func() {
		a, b := make(chan int, 1), make(chan int, 1)
		pair := func(other bool) { channel.Select(other, channel.RecvCase(a), channel.RecvCase(b)) }
		channel.To(b).Send(1)
		pair(false)
		pair(true)
		channel.To(a).Send(1)
		channel.To(b).Send(1)
		pair(false)
		channel.Recv(b)
		task.Go(func() { channel.To(b).Send(1) })
		pair(false)
	})
	if rec.Stuck != nil {
		t.Fatal(rec.Stuck)
	}
	var took []int
	for i, s := range rec.Steps {
		if n := rec.Selected(i); n != 0 {
			took = append(took, n)
			if s.Task != 0 {
				t.Errorf("step %d is of task %d", i, s.Task)
			}
		}
	}
	if want := []int{2, sched.DefaultCase, 1, 2}; !slices.Equal(took, want) {
		t.Errorf("took %v, want %v", took, want)
	}
}
