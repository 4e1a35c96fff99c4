package maprace

import (
	"strings"
	"sync"
	"testing"
)

// counter counts words.
type counter struct {
	mu    sync.Mutex
	words map[string]int
}

func (c *counter) countBuggy(text string) {
	for _, word := range strings.Fields(text) {
		c.words[word]++
	}
}

func (c *counter) countFixed(text string) {
	for _, word := range strings.Fields(text) {
		c.mu.Lock()
		c.words[word]++
		c.mu.Unlock()
	}
}

// countTwo counts the words of two texts at once.
func countTwo(t *testing.T, count func(*counter, string)) {
	c := &counter{words: make(map[string]int)}
	var readers sync.WaitGroup
	for _, text := range []string{"to be", "or not to be"} {
		readers.Add(1)
		go func() {
			defer readers.Done()
			count(c, text)
		}()
	}
	readers.Wait()
	for word, want := range map[string]int{"to": 2, "be": 2, "or": 1, "not": 1} {
		if c.words[word] != want {
			t.Errorf("%q is counted %d times, want %d", word, c.words[word], want)
		}
	}
}

// Two goroutines write to one map without a lock.
//
// want: race at (*counter).countBuggy
func TestUnlockedWriteBuggy(t *testing.T) {
	countTwo(t, (*counter).countBuggy)
}

func TestUnlockedWriteFixed(t *testing.T) {
	countTwo(t, (*counter).countFixed)
}
