//go:build go1.26

package iter_test

import (
	"fmt"
	stditer "iter"
	"runtime"
	"slices"
	"testing"

	"synchrony/executor/sched"
	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/iter"
	"synchrony/executor/shim/task"
)

type (
	seq  = stditer.Seq[int]
	pull = func(seq) (next func() (int, bool), stop func())
)

func count(n int) seq {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// caught returns what f panics with, or how else it ends.
func caught(f func()) (how string) {
	how = "exited"
	defer func() {
		if p := recover(); p != nil {
			how = fmt.Sprint("panic ", p)
		}
	}()
	f()
	return "returned"
}

// uses are what may be done with a sequence; each says what it finds.
var uses = map[string]func(pull pull, say func(...any)){
	"to the end": func(pull pull, say func(...any)) {
		next, stop := pull(count(2))
		for range 4 {
			say(next())
		}
		stop()
		say(next())
	},
	"stopped": func(pull pull, say func(...any)) {
		next, stop := pull(func(yield func(int) bool) {
			defer say("deferred")
			say(yield(1))
			say(yield(2))
			say(yield(3))
		})
		say(next())
		stop()
		say(next())
	},
	"stopped at first": func(pull pull, say func(...any)) {
		next, stop := pull(func(func(int) bool) { say("begun") })
		stop()
		say(next())
	},
	"left": func(pull pull, say func(...any)) {
		next, _ := pull(count(2))
		say(next())
	},
	"left to end with the run": func(pull pull, say func(...any)) {
		n := 0
		next, _ := pull(func(yield func(int) bool) {
			defer func() { n++ }()
			yield(1)
		})
		say(next())
		n++
		say(n)
	},
	"panics": func(pull pull, say func(...any)) {
		next, stop := pull(func(yield func(int) bool) { yield(1); panic("p") })
		say(next())
		say(caught(func() { next() }))
		say(next())
		stop()
	},
	"panics when stopped": func(pull pull, say func(...any)) {
		next, stop := pull(func(yield func(int) bool) { yield(1); panic("p") })
		say(next())
		say(caught(stop))
		say(caught(stop))
	},
	"within another": func(pull pull, say func(...any)) {
		next, stop := pull(count(3))
		twice, stopTwice := pull(func(yield func(int) bool) {
			for v, ok := next(); ok && yield(2*v); v, ok = next() {
			}
		})
		for range 4 {
			say(twice())
		}
		stopTwice()
		stop()
	},
	"asks for itself": func(pull pull, say func(...any)) {
		var next func() (int, bool)
		next, stop := pull(func(yield func(int) bool) { next() })
		say(caught(func() { next() }))
		stop()
	},
	"two values": func(_ pull, say func(...any)) {
		next, stop := iter.Pull2(slices.All([]string{"a", "b"}))
		for range 3 {
			say(next())
		}
		stop()
	},
}

// TestAsTheStandardLibrary: what is done with a sequence comes to the same in a run as it does with the standard library's coroutines.
func TestAsTheStandardLibrary(t *testing.T) {
	for name, use := range uses {
		var want, got []string
		use(stditer.Pull[int], func(x ...any) { want = append(want, fmt.Sprintln(x...)) })
		rec := task.Run(new(sched.Runner), sched.Default(), task.Options{}, func() {
			use(iter.Pull[int], func(x ...any) { got = append(got, fmt.Sprintln(x...)) })
		})
		if rec.Stuck != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q; %v", name, got, want, rec.Stuck)
		}
	}
}

// TestExit: a sequence that calls runtime.Goexit ends the task that asks it for a value.
func TestExit(t *testing.T) {
	after := false
	rec := task.Run(new(sched.Runner), sched.Default(), task.Options{}, func() {
		task.Go(func() {
			next, _ := iter.Pull(func(func(int) bool) { runtime.Goexit() })
			next()
			after = true
		})
	})
	if rec.Stuck != nil || after {
		t.Error(rec.Stuck, after)
	}
}

// TestSequenceThatWaits: what a sequence waits for is seen, in every schedule, and told if nobody will do it.
func TestSequenceThatWaits(t *testing.T) {
	for _, closed := range []bool{true, false} {
		cov, err := task.Explore(task.Options{}, sched.Bounds{Preemptions: sched.Unbounded}, func() {
			c := make(chan int)
			task.Go(func() {
				channel.To(c).Send(1)
				if closed {
					channel.Close(c)
				}
			})
			next, stop := iter.Pull(func(yield func(int) bool) {
				for v, ok := channel.Recv2(c); ok && yield(v); v, ok = channel.Recv2(c) {
				}
			})
			defer stop()
			if v, ok := next(); v != 1 || !ok {
				t.Error(v, ok)
			}
			next()
		}, func(r *sched.Record) {
			if deadlock := r.Stuck != nil && r.Stuck.Kind == sched.Deadlock; deadlock == closed || r.Stuck != nil && !deadlock {
				t.Error(closed, r.Stuck)
			}
		})
		if err != nil || !cov.Complete {
			t.Error(cov, err)
		}
	}
}
