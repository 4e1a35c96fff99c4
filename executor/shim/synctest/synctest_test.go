//go:build go1.26

package synctest_test

import (
	stdtesting "testing"

	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/context"
	"synchrony/executor/shim/synctest"
	"synchrony/executor/shim/task"
	"synchrony/executor/shim/testing"
	"synchrony/executor/shim/time"
)

func TestBubble(t *stdtesting.T) {
	for name, f := range map[string]func(*testing.T){
		"sleeps in order": func(t *testing.T) {
			start, n := time.Now(), 0
			task.Go(func() {
				time.Sleep(time.Second)
				n++
			})
			time.Sleep(time.Second)
			synctest.Wait()
			if n != 1 || time.Since(start) != time.Second || start.UTC().Year() != 2000 {
				t.Errorf("%d after %v from %v", n, time.Since(start), start)
			}
		},
		"after func of a context": func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			called := false
			context.AfterFunc(ctx, func() { called = true })
			if synctest.Wait(); called {
				t.Error("called before")
			}
			cancel()
			if synctest.Wait(); !called {
				t.Error("not called")
			}
		},
		"waits for all": func(t *testing.T) {
			done := t.Context().Done()
			task.Go(func() { channel.Recv(done) })
		},
	} {
		findings, done, err := testing.Try(name, func(t *testing.T) { synctest.Test(t, f) }, testing.Search{Schedules: 200})
		if err != nil || done.Isolate != "" || len(findings) > 0 {
			t.Errorf("%s: %v %+v %+v", name, err, done, findings)
		}
	}
}
