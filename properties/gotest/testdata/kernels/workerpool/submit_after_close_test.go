package workerpool

import (
	"errors"
	"sync"
	"testing"
)

var errClosed = errors.New("the pool is closed")

type request struct {
	number int
	reply  chan int
}

// squarer answers requests in one goroutine until it is closed.
type squarer struct {
	requests chan request
	quit     chan struct{}
	finished chan struct{}
}

func (s *squarer) work() {
	defer close(s.finished)
	for {
		select {
		case r := <-s.requests:
			r.reply <- r.number * r.number
		case <-s.quit:
			return
		}
	}
}

func (s *squarer) close() {
	close(s.quit)
	<-s.finished
}

func (s *squarer) squareBuggy(number int) (int, error) {
	r := request{number: number, reply: make(chan int, 1)}
	select {
	case s.requests <- r:
		return <-r.reply, nil
	case <-s.quit:
		return 0, errClosed
	}
}

func (s *squarer) squareFixed(number int) (int, error) {
	r := request{number: number, reply: make(chan int, 1)}
	select {
	case s.requests <- r:
	case <-s.finished:
		return 0, errClosed
	}
	select {
	case square := <-r.reply:
		return square, nil
	case <-s.finished: // which may have answered before
	}
	select {
	case square := <-r.reply:
		return square, nil
	default:
		return 0, errClosed
	}
}

// closeWhileAsked asks for a square while the pool is closed.
func closeWhileAsked(t *testing.T, square func(*squarer, int) (int, error)) {
	s := &squarer{requests: make(chan request, 1), quit: make(chan struct{}), finished: make(chan struct{})}
	var owner sync.WaitGroup
	owner.Add(1)
	go func() {
		defer owner.Done()
		s.close()
	}()
	go s.work()
	if n, err := square(s, 3); err == nil && n != 9 || err != nil && !errors.Is(err, errClosed) {
		t.Errorf("square = %d, %v", n, err)
	}
	owner.Wait()
}

// A request that is accepted into the channel when the pool is closed is never
// answered, and its client waits for ever.
//
// want: deadlock at (*squarer).squareBuggy
func TestSubmitAfterCloseBuggy(t *testing.T) {
	closeWhileAsked(t, (*squarer).squareBuggy)
}

func TestSubmitAfterCloseFixed(t *testing.T) {
	closeWhileAsked(t, (*squarer).squareFixed)
}
