package atomics

import (
	"sync"
	"sync/atomic"
	"testing"
)

// meter adds up the bytes that connections transfer.
type meter struct{ bytes atomic.Int64 }

func (m *meter) addBuggy(n int64) {
	m.bytes.Store(m.bytes.Load() + n)
}

func (m *meter) addFixed(n int64) {
	m.bytes.Add(n)
}

// transferTwice measures two connections.
func transferTwice(t *testing.T, add func(*meter, int64)) {
	var m meter
	var connections sync.WaitGroup
	for n := int64(1); n <= 2; n++ {
		connections.Add(1)
		go func() {
			defer connections.Done()
			add(&m, n)
		}()
	}
	connections.Wait()
	if n := m.bytes.Load(); n != 3 {
		t.Errorf("%d bytes, want 3", n)
	}
}

// An addition that comes between another one's load and store is lost.
//
// want: failed at transferTwice
func TestLostUpdateBuggy(t *testing.T) {
	transferTwice(t, (*meter).addBuggy)
}

func TestLostUpdateFixed(t *testing.T) {
	transferTwice(t, (*meter).addFixed)
}
