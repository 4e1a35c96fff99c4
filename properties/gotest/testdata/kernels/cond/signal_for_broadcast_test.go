package cond

import (
	"sync"
	"sync/atomic"
	"testing"
)

// gate lets runners pass once it is open.
type gate struct {
	mu     sync.Mutex
	opened *sync.Cond
	open   bool
}

func (g *gate) wait() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for !g.open {
		g.opened.Wait()
	}
}

func (g *gate) openBuggy() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open = true
	g.opened.Signal()
}

func (g *gate) openFixed() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open = true
	g.opened.Broadcast()
}

// passTwice opens a gate for two runners.
func passTwice(t *testing.T, open func(*gate)) {
	g := &gate{}
	g.opened = sync.NewCond(&g.mu)
	var passed atomic.Int32
	var runners sync.WaitGroup
	for range 2 {
		runners.Add(1)
		go func() {
			defer runners.Done()
			g.wait()
			passed.Add(1)
		}()
	}
	open(g)
	runners.Wait()
	if n := passed.Load(); n != 2 {
		t.Errorf("%d of 2 runners have passed", n)
	}
}

// Signal wakes one runner; when both wait already, the other one stays.
//
// want: deadlock at (*gate).wait
func TestSignalForBroadcastBuggy(t *testing.T) {
	passTwice(t, (*gate).openBuggy)
}

func TestSignalForBroadcastFixed(t *testing.T) {
	passTwice(t, (*gate).openFixed)
}
