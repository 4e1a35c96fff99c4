package publication

import (
	"sync"
	"testing"
)

// table is filled when it is first asked for.
type table struct {
	mu    sync.Mutex
	names map[int]string
}

func fill() map[int]string { return map[int]string{1: "one", 2: "two"} }

func (l *table) namesBuggy() map[int]string {
	if l.names == nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.names == nil {
			l.names = fill()
		}
	}
	return l.names
}

// askTwice asks for the table from two goroutines.
func askTwice(t *testing.T, names func() map[int]string) {
	var clients sync.WaitGroup
	for range 2 {
		clients.Add(1)
		go func() {
			defer clients.Done()
			if name := names()[2]; name != "two" {
				t.Errorf("name of 2 is %q", name)
			}
		}()
	}
	clients.Wait()
}

// The first of the two checks reads without the lock what the other goroutine
// writes with it.
//
// want: race at (*table).namesBuggy
func TestDoubleCheckedBuggy(t *testing.T) {
	askTwice(t, new(table).namesBuggy)
}

func TestDoubleCheckedFixed(t *testing.T) {
	askTwice(t, sync.OnceValue(fill))
}
