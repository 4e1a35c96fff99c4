package cond

import (
	"sync"
	"testing"
)

// queue wakes a consumer for each item.
type queue struct {
	mu    sync.Mutex
	some  *sync.Cond
	items []int
}

func newQueue() *queue {
	q := &queue{}
	q.some = sync.NewCond(&q.mu)
	return q
}

func (q *queue) push(v int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, v)
	q.some.Signal()
}

func (q *queue) popBuggy() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		q.some.Wait()
	}
	v := q.items[0]
	q.items = q.items[1:]
	return v
}

func (q *queue) popFixed() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.some.Wait()
	}
	v := q.items[0]
	q.items = q.items[1:]
	return v
}

// consumeTwice hands two items to two consumers.
func consumeTwice(t *testing.T, pop func(*queue) int) {
	q := newQueue()
	got := make(chan int, 2)
	for range 2 {
		go func() { got <- pop(q) }()
	}
	q.push(1)
	q.push(2)
	if total := <-got + <-got; total != 3 {
		t.Errorf("the items sum up to %d", total)
	}
}

// A consumer that is woken may find that another one, which never slept, has
// taken the item, and does not look again.
//
// want: panic at (*queue).popBuggy
func TestIfForLoopBuggy(t *testing.T) {
	consumeTwice(t, (*queue).popBuggy)
}

func TestIfForLoopFixed(t *testing.T) {
	consumeTwice(t, (*queue).popFixed)
}
