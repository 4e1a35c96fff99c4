package waitgroup

import (
	"sync"
	"testing"
	"time"
)

// gossip counts each of its rounds when it begins.
type gossip struct{ rounds sync.WaitGroup }

func (g *gossip) round() {
	g.rounds.Add(1)
	defer g.rounds.Done()
}

// stop waits for the rounds that have begun.
func (g *gossip) stop() { g.rounds.Wait() }

// The rounds are over when the test waits for them, for it has slept long enough. Nothing orders their
// being counted before the wait.
//
// want: race at (*gossip).round
// want: race at (*gossip).stop
func TestSleepBeforeWaitBuggy(t *testing.T) {
	var g gossip
	for range 2 {
		go g.round()
	}
	time.Sleep(time.Millisecond)
	g.stop()
}

func TestSleepBeforeWaitFixed(t *testing.T) {
	var g gossip
	var begun sync.WaitGroup
	for range 2 {
		begun.Add(1)
		go func() {
			defer begun.Done()
			g.round()
		}()
	}
	begun.Wait()
	g.stop()
	g.stop()
}
