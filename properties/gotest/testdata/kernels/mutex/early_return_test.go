package mutex

import (
	"errors"
	"sync"
	"testing"
)

var errClosed = errors.New("the queue is closed")

type queue struct {
	mu     sync.Mutex
	closed bool
	items  []int
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
}

func (q *queue) pushBuggy(v int) error {
	q.mu.Lock()
	if q.closed {
		return errClosed
	}
	q.items = append(q.items, v)
	q.mu.Unlock()
	return nil
}

func (q *queue) pushFixed(v int) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return errClosed
	}
	q.items = append(q.items, v)
	return nil
}

func (q *queue) size() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items)
}

// pushWhileClosed pushes to a queue that is being closed.
func pushWhileClosed(t *testing.T, push func(*queue, int) error) {
	var q queue
	var owner sync.WaitGroup
	owner.Add(1)
	go func() {
		defer owner.Done()
		q.close()
	}()
	err := push(&q, 1)
	if n := q.size(); (err == nil) != (n == 1) {
		t.Errorf("push = %v, but %d items", err, n)
	}
	owner.Wait()
}

// A push to a closed queue returns with the lock held, and whoever comes next
// waits for ever.
//
// want: deadlock at (*queue).size
func TestEarlyReturnBuggy(t *testing.T) {
	pushWhileClosed(t, (*queue).pushBuggy)
}

func TestEarlyReturnFixed(t *testing.T) {
	pushWhileClosed(t, (*queue).pushFixed)
}
