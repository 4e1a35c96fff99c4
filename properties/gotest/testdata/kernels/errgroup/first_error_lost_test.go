package errgroup

import (
	"context"
	"errors"
	"sync"
	"testing"
)

var errRefused = errors.New("the connection is refused")

// group runs tasks and cancels its context when one fails.
type group struct {
	tasks  sync.WaitGroup
	cancel context.CancelFunc
	mu     sync.Mutex
	err    error
}

func (g *group) failBuggy(err error) {
	g.mu.Lock()
	g.err = err
	g.mu.Unlock()
	g.cancel()
}

func (g *group) failFixed(err error) {
	g.mu.Lock()
	if g.err == nil {
		g.err = err
	}
	g.mu.Unlock()
	g.cancel()
}

func (g *group) run(task func() error, fail func(*group, error)) {
	g.tasks.Add(1)
	go func() {
		defer g.tasks.Done()
		if err := task(); err != nil {
			fail(g, err)
		}
	}()
}

func (g *group) wait() error {
	g.tasks.Wait()
	g.cancel()
	return g.err
}

// dialAndPoll runs a task that fails and one that ends when its context does.
func dialAndPoll(t *testing.T, fail func(*group, error)) {
	ctx, cancel := context.WithCancel(context.Background())
	g := &group{cancel: cancel}
	g.run(func() error { return errRefused }, fail)
	g.run(func() error { return ctx.Err() }, fail)
	if err := g.wait(); !errors.Is(err, errRefused) {
		t.Errorf("wait = %v, want %v", err, errRefused)
	}
}

// The failure cancels the other task, whose error, context canceled, replaces
// the one that tells why.
//
// want: failed at dialAndPoll
func TestFirstErrorLostBuggy(t *testing.T) {
	dialAndPoll(t, (*group).failBuggy)
}

func TestFirstErrorLostFixed(t *testing.T) {
	dialAndPoll(t, (*group).failFixed)
}
