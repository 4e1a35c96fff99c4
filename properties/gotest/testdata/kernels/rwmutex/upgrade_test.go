package rwmutex

import (
	"sync"
	"testing"
)

// memo remembers squares.
type memo struct {
	mu      sync.RWMutex
	squares map[int]int
}

func (m *memo) put(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.squares[n] = n * n
}

func (m *memo) getBuggy(n int) int {
	m.mu.RLock()
	defer m.mu.RUnlock()
	square, ok := m.squares[n]
	if !ok {
		square = n * n
		m.mu.Lock()
		m.squares[n] = square
		m.mu.Unlock()
	}
	return square
}

func (m *memo) getFixed(n int) int {
	m.mu.RLock()
	square, ok := m.squares[n]
	m.mu.RUnlock()
	if !ok {
		m.put(n)
		square = n * n
	}
	return square
}

// getWhilePut asks for a square that another goroutine puts in.
func getWhilePut(t *testing.T, get func(*memo, int) int) {
	m := &memo{squares: make(map[int]int)}
	var reader sync.WaitGroup
	reader.Add(1)
	go func() {
		defer reader.Done()
		if square := get(m, 3); square != 9 {
			t.Errorf("get(3) = %d", square)
		}
	}()
	m.put(3)
	reader.Wait()
}

// A reader that misses asks for the write lock while it holds its read lock,
// and waits for itself.
//
// want: deadlock at (*memo).getBuggy
func TestUpgradeBuggy(t *testing.T) {
	getWhilePut(t, (*memo).getBuggy)
}

func TestUpgradeFixed(t *testing.T) {
	getWhilePut(t, (*memo).getFixed)
}
