//go:build go1.26

package context

import (
	"context"

	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/task"
)

// AfterFunc is [context.AfterFunc].
func AfterFunc(ctx Context, f func()) (stop func() bool) {
	if task.Find(nil) == nil {
		return context.AfterFunc(ctx, f)
	}
	var once sync.Once // f is started or stopped
	c := &canceler{Context: ctx, done: make(chan struct{})}
	cancel := func(err, cause error, remove bool) {
		c.cancel(err, cause, remove)
		once.Do(func() { task.Go(f) })
	}
	c.follow(ctx, cancel)
	return func() bool {
		stopped := false
		once.Do(func() { stopped = true })
		if stopped {
			c.cancel(Canceled, nil, true)
		}
		return stopped
	}
}
