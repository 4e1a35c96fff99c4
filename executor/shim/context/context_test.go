//go:build go1.26

package context_test

import (
	"slices"
	"testing"

	"synchrony/executor/sched"
	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/context"
	"synchrony/executor/shim/task"
)

// TestOrderOfChildren: contexts derived from one are cancelled in any order.
func TestOrderOfChildren(t *testing.T) {
	var got []bool
	cov, err := task.Explore(task.Options{}, sched.Bounds{Preemptions: sched.Unbounded}, func() {
		ctx, cancel := context.WithCancel(context.Background())
		a, _ := context.WithCancel(ctx)
		b, _ := context.WithCancel(ctx)
		task.Go(cancel)
		channel.Recv(b.Done())
		got = append(got, a.Err() != nil)
	}, func(r *sched.Record) {
		if r.Stuck != nil {
			t.Error(r.Stuck)
		}
	})
	if err != nil || !cov.Complete || !slices.Contains(got, true) || !slices.Contains(got, false) {
		t.Errorf("a was cancelled before b: %v; %+v %v", got, cov, err)
	}
}
