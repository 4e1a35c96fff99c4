package mutex

import (
	"sync"
	"testing"
)

// cache holds at most limit entries.
type cache struct {
	mu      sync.Mutex
	limit   int
	entries []string
}

func (c *cache) addBuggy(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.entries) == c.limit {
		c.evict()
	}
	c.entries = append(c.entries, key)
}

func (c *cache) addFixed(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.entries) == c.limit {
		c.evictLocked()
	}
	c.entries = append(c.entries, key)
}

// evict drops the oldest entry, if there is one.
func (c *cache) evict() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.evictLocked()
}

func (c *cache) evictLocked() {
	if len(c.entries) > 0 {
		c.entries = c.entries[1:]
	}
}

// addTwice fills a cache of one entry from two goroutines, which free it again.
func addTwice(t *testing.T, add func(*cache, string)) {
	c := &cache{limit: 1}
	var users sync.WaitGroup
	for _, key := range []string{"a", "b"} {
		users.Add(1)
		go func() {
			defer users.Done()
			add(c, key)
			c.evict()
		}()
	}
	users.Wait()
	if len(c.entries) != 0 {
		t.Errorf("%d entries are left", len(c.entries))
	}
}

// An add to a full cache evicts, and evict locks what add has locked.
//
// want: deadlock at (*cache).evict
func TestDoubleLockBuggy(t *testing.T) {
	addTwice(t, (*cache).addBuggy)
}

func TestDoubleLockFixed(t *testing.T) {
	addTwice(t, (*cache).addFixed)
}
