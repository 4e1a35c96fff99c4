package selects

import (
	"sync"
	"testing"
)

type conn struct{ uses int }

// pool keeps one idle connection; more are made when they are needed.
type pool struct{ idle chan *conn }

func (p *pool) get() *conn {
	select {
	case c := <-p.idle:
		return c
	default:
		return &conn{}
	}
}

func (p *pool) putBuggy(c *conn) {
	p.idle <- c
}

func (p *pool) putFixed(c *conn) {
	select {
	case p.idle <- c:
	default: // there is an idle one already: drop this one
	}
}

// borrowTwice lets two requests use a connection each.
func borrowTwice(t *testing.T, put func(*pool, *conn)) {
	p := &pool{idle: make(chan *conn, 1)}
	var requests sync.WaitGroup
	for range 2 {
		requests.Add(1)
		go func() {
			defer requests.Done()
			c := p.get()
			c.uses++
			put(p, c)
		}()
	}
	requests.Wait()
	if c := <-p.idle; c.uses < 1 {
		t.Error("the idle connection was never used")
	}
}

// Two requests make a connection each; the second one is given back to a pool
// that is full, and its owner blocks for want of a default branch.
//
// want: deadlock at (*pool).putBuggy
func TestMissingDefaultBuggy(t *testing.T) {
	borrowTwice(t, (*pool).putBuggy)
}

func TestMissingDefaultFixed(t *testing.T) {
	borrowTwice(t, (*pool).putFixed)
}
