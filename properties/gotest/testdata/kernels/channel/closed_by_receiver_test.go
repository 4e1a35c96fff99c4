package channel

import (
	"sync"
	"testing"
)

// The receiver closes the channel to stop the sender, who may be about to send
// its second reading.
//
// want: panic at measureBuggy
// want: race at measureBuggy
func TestClosedByReceiverBuggy(t *testing.T) {
	readings := make(chan int, 2)
	var receiver sync.WaitGroup
	receiver.Add(1)
	go func() {
		defer receiver.Done()
		if v := <-readings; v != 0 {
			t.Errorf("first reading is %d", v)
		}
		close(readings)
	}()
	measureBuggy(readings)
	receiver.Wait()
}

func measureBuggy(readings chan<- int) {
	for i := range 2 {
		readings <- i
	}
}

// The receiver closes a channel of its own, on which the sender gives up.
func TestClosedByReceiverFixed(t *testing.T) {
	readings, enough := make(chan int, 2), make(chan struct{})
	var receiver sync.WaitGroup
	receiver.Add(1)
	go func() {
		defer receiver.Done()
		if v := <-readings; v != 0 {
			t.Errorf("first reading is %d", v)
		}
		close(enough)
	}()
	measureFixed(readings, enough)
	receiver.Wait()
}

func measureFixed(readings chan<- int, enough <-chan struct{}) {
	for i := range 2 {
		select {
		case readings <- i:
		case <-enough:
			return
		}
	}
}
