package rwmutex

import (
	"sync"
	"testing"
)

type directory struct {
	mu    sync.RWMutex
	names map[int]string
}

func (d *directory) name(id int) string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.names[id]
}

func (d *directory) rename(id int, name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.names[id] = name
}

func (d *directory) pairBuggy(a, b int) string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.name(a) + " " + d.name(b)
}

func (d *directory) pairFixed(a, b int) string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.names[a] + " " + d.names[b]
}

// pairWhileRenamed reads two names while one of them changes.
func pairWhileRenamed(t *testing.T, pair func(*directory, int, int) string) {
	d := &directory{names: map[int]string{1: "Ada", 2: "Alan"}}
	var writer sync.WaitGroup
	writer.Add(1)
	go func() {
		defer writer.Done()
		d.rename(2, "Emmy")
	}()
	if p := pair(d, 1, 2); p != "Ada Alan" && p != "Ada Emmy" {
		t.Errorf("pair = %q", p)
	}
	writer.Wait()
}

// A writer that comes between the two read locks waits for the first of them,
// and the second waits for the writer.
//
// want: deadlock at (*directory).name
func TestRecursiveReadBuggy(t *testing.T) {
	pairWhileRenamed(t, (*directory).pairBuggy)
}

func TestRecursiveReadFixed(t *testing.T) {
	pairWhileRenamed(t, (*directory).pairFixed)
}
