//go:build go1.26

package context_test

import (
	stdcontext "context"
	"fmt"
	"slices"
	"testing"
	stdtime "time"

	"synchrony/executor/sched"
	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/context"
	"synchrony/executor/shim/task"
	"synchrony/executor/shim/time"
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

type key struct{}

// TestString: contexts call themselves what the standard library's do, and tell no addresses.
func TestString(t *testing.T) {
	far := stdtime.Date(2400, 1, 1, 0, 0, 0, 0, stdtime.UTC)
	got, deadline := "", ""
	rec := task.Run(new(sched.Runner), sched.Default(), task.Options{}, func() {
		ctx, _ := context.WithCancel(context.WithoutCancel(context.Background()))
		ctx, _ = context.WithCancelCause(context.WithValue(ctx, key{}, "v"))
		got = fmt.Sprint(ctx)
		ctx, _ = context.WithDeadline(ctx, far)
		deadline = fmt.Sprint(ctx)
		if want := fmt.Sprintf("%s.WithDeadline(%v [%v])", got, far, time.Until(far)); deadline != want {
			t.Errorf("got %s, want %s", deadline, want)
		}
	})
	ctx, cancel := stdcontext.WithCancel(stdcontext.WithoutCancel(stdcontext.Background()))
	defer cancel()
	ctx, end := stdcontext.WithCancelCause(stdcontext.WithValue(ctx, key{}, "v"))
	defer end(nil)
	if want := fmt.Sprint(ctx); rec.Stuck != nil || got != want {
		t.Errorf("got %s, want %s; %v", got, want, rec.Stuck)
	}
}
