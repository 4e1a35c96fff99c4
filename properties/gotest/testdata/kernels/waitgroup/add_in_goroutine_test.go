package waitgroup

import (
	"sync"
	"testing"
)

// crawler visits pages and the pages that they link to.
type crawler struct {
	visits sync.WaitGroup
	mu     sync.Mutex
	seen   int
}

func (c *crawler) record() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen++
}

func (c *crawler) visitBuggy(links int) {
	for range links {
		started := make(chan struct{})
		go func() {
			close(started)
			c.visits.Add(1)
			defer c.visits.Done()
			c.record()
		}()
		<-started
	}
	c.record()
}

func (c *crawler) visitFixed(links int) {
	for range links {
		started := make(chan struct{})
		c.visits.Add(1)
		go func() {
			close(started)
			defer c.visits.Done()
			c.record()
		}()
		<-started
	}
	c.record()
}

// crawl visits a page with one link and waits for both.
func crawl(t *testing.T, visit func(*crawler, int)) {
	var c crawler
	c.visits.Add(1)
	go func() {
		defer c.visits.Done()
		visit(&c, 1)
	}()
	c.visits.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen != 2 {
		t.Errorf("Wait returned after %d pages of 2", c.seen)
	}
}

// The visit of a link has started, but counts itself only then: Wait may return
// before that Add, or panic because the group is used again too early.
//
// want: failed at crawl
// want: panic at crawl
// want: panic at (*crawler).visitBuggy
// want: race at (*crawler).visitBuggy
// want: race at crawl
func TestAddInGoroutineBuggy(t *testing.T) {
	crawl(t, (*crawler).visitBuggy)
}

func TestAddInGoroutineFixed(t *testing.T) {
	crawl(t, (*crawler).visitFixed)
}
