package selects

import (
	"sync"
	"testing"
)

// queue wakes its one consumer through a channel.
type queue struct {
	mu    sync.Mutex
	items []int
	wake  chan struct{}
}

func (q *queue) push(v int) {
	q.mu.Lock()
	q.items = append(q.items, v)
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default: // the consumer is awake, or has a signal waiting
	}
}

func (q *queue) pop() int {
	for {
		q.mu.Lock()
		if len(q.items) > 0 {
			v := q.items[0]
			q.items = q.items[1:]
			q.mu.Unlock()
			return v
		}
		q.mu.Unlock()
		<-q.wake
	}
}

// pushAndPop hands one item to a consumer.
func pushAndPop(t *testing.T, q *queue) {
	var consumer sync.WaitGroup
	consumer.Add(1)
	go func() {
		defer consumer.Done()
		if v := q.pop(); v != 7 {
			t.Errorf("pop = %d", v)
		}
	}()
	q.push(7)
	consumer.Wait()
}

// The consumer finds the queue empty, the producer pushes and finds nobody
// receiving from the unbuffered channel, and the consumer waits for a signal
// that has been dropped.
//
// want: deadlock at (*queue).pop
func TestLostSignalBuggy(t *testing.T) {
	pushAndPop(t, &queue{wake: make(chan struct{})})
}

func TestLostSignalFixed(t *testing.T) {
	pushAndPop(t, &queue{wake: make(chan struct{}, 1)})
}
