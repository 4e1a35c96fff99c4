package channel

import (
	"sync"
	"testing"
)

// mailbox keeps the latest value in a channel of capacity one.
type mailbox struct {
	mu     sync.Mutex
	latest chan int
}

// putBuggy makes room and sends as two steps.
func (m *mailbox) putBuggy(v int) {
	select {
	case <-m.latest:
	default:
	}
	m.latest <- v
}

// putFixed lets one writer at a time make room and send.
func (m *mailbox) putFixed(v int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	select {
	case <-m.latest:
	default:
	}
	m.latest <- v
}

// putTwice lets two writers put a value and takes the latest.
func putTwice(t *testing.T, put func(*mailbox, int)) {
	m := &mailbox{latest: make(chan int, 1)}
	var writers sync.WaitGroup
	for v := 1; v <= 2; v++ {
		writers.Add(1)
		go func() {
			defer writers.Done()
			put(m, v)
		}()
	}
	writers.Wait()
	if v := <-m.latest; v != 1 && v != 2 {
		t.Errorf("latest = %d", v)
	}
}

// Two writers both find the mailbox empty, and the channel has room for one:
// the second blocks in its send.
//
// want: deadlock at (*mailbox).putBuggy
func TestMailboxCapacityBuggy(t *testing.T) {
	putTwice(t, (*mailbox).putBuggy)
}

func TestMailboxCapacityFixed(t *testing.T) {
	putTwice(t, (*mailbox).putFixed)
}
