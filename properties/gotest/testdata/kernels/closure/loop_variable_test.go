//go:build go1.21

// The build line gives this file the loops of Go 1.21, whose variable is one
// for all iterations.

package closure

import (
	"sync"
	"testing"
)

// outbox counts what is sent to whom.
type outbox struct {
	mu   sync.Mutex
	sent map[string]int
}

func (o *outbox) send(name string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sent[name]++
}

// sendAllBuggy starts one sender after the other.
func sendAllBuggy(o *outbox, names []string) {
	var senders sync.WaitGroup
	started := make(chan struct{})
	for _, name := range names {
		senders.Add(1)
		go func() {
			defer senders.Done()
			started <- struct{}{}
			o.send(name)
		}()
		<-started
	}
	senders.Wait()
}

func sendAllFixed(o *outbox, names []string) {
	var senders sync.WaitGroup
	started := make(chan struct{})
	for _, name := range names {
		senders.Add(1)
		go func(name string) {
			defer senders.Done()
			started <- struct{}{}
			o.send(name)
		}(name)
		<-started
	}
	senders.Wait()
}

// invite sends to two guests.
func invite(t *testing.T, sendAll func(*outbox, []string)) {
	o := &outbox{sent: make(map[string]int)}
	sendAll(o, []string{"Ada", "Alan"})
	if o.sent["Ada"] != 1 || o.sent["Alan"] != 1 {
		t.Errorf("sent %v", o.sent)
	}
}

// A sender that is started but has not read its name yet gets the next one.
//
// want: failed at invite
// want: race at sendAllBuggy
func TestLoopVariableBuggy(t *testing.T) {
	invite(t, sendAllBuggy)
}

func TestLoopVariableFixed(t *testing.T) {
	invite(t, sendAllFixed)
}
