package properties

import (
	"sync"
	"time"

	"synchrony/executor/sched"
)

// signInterval is how often what takes long shows a sign of life.
const signInterval = 100 * time.Millisecond

// pulse shows signs of life, so that whoever waits can tell a system that hangs from a harness that
// takes its time: while the harness computes, they come of themselves; while the system runs, only if it takes
// steps on the runtime, of which a run has a bounded number, or if one run after the other ends. A nil pulse shows none.
type pulse struct {
	send  func(Progress)
	stop  chan struct{} // closed to end the signs
	steps sched.Counter // of the run under way: see sched.Options.Taken

	mu     sync.Mutex // serialises send, too
	last   Progress   // what a sign says: how far it was
	sent   time.Time
	system bool  // the system runs
	ended  bool  // a run has ended since it was last looked
	seen   int64 // steps, when last looked at
}

// newPulse begins to show signs, by calls of send, one at a time; nil is nobody.
func newPulse(send func(Progress)) *pulse {
	if send == nil {
		return nil
	}
	p := &pulse{send: send, stop: make(chan struct{}), sent: time.Now()}
	go func() {
		tick := time.NewTicker(signInterval)
		defer tick.Stop()
		for {
			select {
			case <-p.stop:
				return
			case <-tick.C:
				p.beat()
			}
		}
	}()
	return p
}

// end ends the signs: none comes after it.
func (p *pulse) end() {
	if p == nil {
		return
	}
	close(p.stop)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.send = func(Progress) {}
}

// report tells how far it is.
func (p *pulse) report(now Progress) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last, p.sent = now, time.Now()
	p.send(now)
}

// due reports whether a sign should be shown.
func (p *pulse) due() bool {
	if p == nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Since(p.sent) >= signInterval
}

// beat repeats what was told last, if it is time to and anything but the system alone goes on.
func (p *pulse) beat() {
	p.mu.Lock()
	defer p.mu.Unlock()
	steps := p.steps.Load()
	moves := !p.system || p.ended || steps != p.seen
	p.seen, p.ended = steps, false
	if moves && p.last != (Progress{}) && time.Since(p.sent) >= signInterval {
		p.sent = time.Now()
		p.send(p.last)
	}
}

// enter notes that the system runs from now on, or no longer.
func (p *pulse) enter(system bool) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = p.ended || p.system && !system
	p.system = system
}

// taken is where the scheduler tells how many steps a run has taken; nil if nobody wants to know.
func (p *pulse) taken() *sched.Counter {
	if p == nil {
		return nil
	}
	return &p.steps
}
