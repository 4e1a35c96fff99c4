package channel

import (
	"sync"
	"testing"
)

// breaker closes tripped at the first failure.
type breaker struct {
	once    sync.Once
	tripped chan struct{}
}

func (b *breaker) tripBuggy() {
	select {
	case <-b.tripped:
	default:
		close(b.tripped)
	}
}

func (b *breaker) tripFixed() {
	b.once.Do(func() { close(b.tripped) })
}

// failTwice lets two requests fail at the same time.
func failTwice(t *testing.T, trip func(*breaker)) {
	b := &breaker{tripped: make(chan struct{})}
	var requests sync.WaitGroup
	for range 2 {
		requests.Add(1)
		go func() {
			defer requests.Done()
			trip(b)
		}()
	}
	requests.Wait()
	if _, open := <-b.tripped; open {
		t.Error("the breaker is not tripped")
	}
}

// Both requests see the channel open, and the second closes a closed channel.
//
// want: panic at (*breaker).tripBuggy
func TestDoubleCloseBuggy(t *testing.T) {
	failTwice(t, (*breaker).tripBuggy)
}

func TestDoubleCloseFixed(t *testing.T) {
	failTwice(t, (*breaker).tripFixed)
}
