package main

import (
	"context"
	"sync"
	"time"

	"synchrony/properties/gotest"
	"synchrony/reports/results"
)

// testRun runs tests, several at once. What each shows does not depend on how many run at once.
type testRun struct {
	suite  *gotest.Suite
	jobs   int
	end    time.Time // zero is never
	now    func() time.Time
	events *results.Events

	mu   sync.Mutex
	next int // of the tests, to be started
}

// take returns the next test, and when its share of the time is over.
func (h *testRun) take() (i int, deadline time.Time, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	i = h.next
	n := len(h.suite.Tests)
	if i == n {
		return 0, deadline, false
	}
	h.next++
	if !h.end.IsZero() {
		now := h.now()
		deadline = now.Add(h.end.Sub(now) / time.Duration((n-i+h.jobs-1)/h.jobs))
	}
	return i, deadline, true
}

// run runs all tests, and calls done for each, in their order, on the caller's goroutine.
func (h *testRun) run(ctx context.Context, done func(int, results.Property)) {
	outcomes := make([]chan results.Property, len(h.suite.Tests))
	for i := range outcomes {
		outcomes[i] = make(chan results.Property, 1)
	}
	for range min(h.jobs, len(outcomes)) {
		go func() {
			for i, deadline, ok := h.take(); ok; i, deadline, ok = h.take() {
				p := h.testOne(ctx, &h.suite.Tests[i], deadline)
				h.events.Property(&p)
				outcomes[i] <- p
			}
		}()
	}
	for i := range outcomes {
		done(i, <-outcomes[i])
	}
}
