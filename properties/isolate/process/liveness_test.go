package process

import (
	"testing"
	"time"
)

// a child in virtual time: what a step of its life adds to each of its clocks.
type step struct {
	times               int
	passed, cpu, waited time.Duration
	stopped             bool // by a signal
	silent              bool // it sends no beat
	progress            bool
}

// TestLiveness: a child hangs when it had its time and made no progress, whatever the clock on
// the wall says.
func TestLiveness(t *testing.T) {
	const patience = 2 * time.Second
	tick := interval
	for name, c := range map[string]struct {
		steps []step
		want  Cause
	}{
		"computes":                               {[]step{{times: 19, passed: tick, cpu: tick}}, 0},
		"spins":                                  {[]step{{times: 20, passed: tick, cpu: tick}}, Hung},
		"waits for ever":                         {[]step{{times: 20, passed: tick}}, Hung},
		"makes progress":                         {[]step{{times: 15, passed: tick, cpu: tick}, {times: 1, passed: tick, progress: true}, {times: 15, passed: tick, cpu: tick}}, 0},
		"spins, and cannot beat":                 {[]step{{times: 20, passed: tick, cpu: tick, silent: true}}, Hung},
		"waits, and cannot beat":                 {[]step{{times: 20, passed: tick, silent: true}}, Hung},
		"the machine pauses for an hour":         {[]step{{times: 10, passed: tick, cpu: tick}, {times: 1, passed: time.Hour}, {times: 5, passed: tick, cpu: tick}}, 0},
		"the machine pauses, and it has no beat": {[]step{{times: 10, passed: tick, silent: true}, {times: 1, passed: time.Hour, silent: true}, {times: 5, passed: tick, silent: true}}, 0},
		"it gets a twentieth of a processor":     {[]step{{times: 300, passed: tick, cpu: tick / 20, waited: tick - tick/20}}, 0},
		"it had its time after all":              {[]step{{times: 400, passed: tick, cpu: tick / 20, waited: tick - tick/20}}, Hung},
		"all its threads wait, and one spins":    {[]step{{times: 20, passed: tick, cpu: tick, waited: 7 * tick}}, Hung},
		"it gets no processor at all":            {[]step{{times: 10000, passed: tick, waited: tick}}, 0},
		"it is stopped, and goes on":             {[]step{{times: 10, passed: tick, cpu: tick}, {times: 19, passed: tick, stopped: true, silent: true}, {times: 4, passed: tick, cpu: tick}}, 0},
		"it stays stopped":                       {[]step{{times: 20, passed: tick, stopped: true, silent: true}}, Suspended},
		"it is stopped while this process is":    {[]step{{times: 2, passed: tick, stopped: true, silent: true}, {times: 1, passed: time.Hour, stopped: true, silent: true}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := liveness{patience: patience}
			var b Beat
			l.look(b, false)
			l.beat(b)
			for _, s := range c.steps {
				for range s.times {
					b.Clock, b.CPU, b.Starved = b.Clock+s.passed, b.CPU+s.cpu, b.Starved+s.waited
					l.look(b, s.stopped)
					if !s.silent {
						l.beat(b)
					}
					if s.progress {
						l.progress()
					}
				}
			}
			if got := l.over(); got != c.want {
				t.Errorf("cause %d, want %d (%v inside, %v outside, %v stopped)", got, c.want, l.inside.silent, l.outside.silent, l.stopped)
			}
		})
	}
}

// TestStoppedSupervisor: a supervisor that was stopped for half a minute finds all that its
// child said meanwhile at once: beats with progress between them, which is no hang.
func TestStoppedSupervisor(t *testing.T) {
	l := liveness{patience: 2 * time.Second}
	l.look(Beat{}, false)
	for i := range 300 {
		l.beat(Beat{Clock: time.Duration(i) * interval, CPU: time.Duration(i) * interval})
		if i%15 == 14 {
			l.progress()
		}
		if got := l.over(); got != 0 {
			t.Fatalf("cause %d after %d beats", got, i)
		}
	}
	l.look(Beat{Clock: 30 * time.Second}, false)
	if got := l.over(); got != 0 {
		t.Errorf("cause %d", got)
	}
}

// TestGrace: one that was given up has its grace from then on, whatever its patience was.
func TestGrace(t *testing.T) {
	for _, patience := range []time.Duration{0, interval, time.Hour} {
		l := liveness{patience: patience}
		spin := func(from, to int) {
			for i := from; i < to; i++ {
				l.beat(Beat{Clock: time.Duration(i) * interval, CPU: time.Duration(i) * interval})
			}
		}
		spin(0, 20)
		l.allow(5 * interval)
		if spin(20, 24); l.over() != 0 {
			t.Errorf("patience %v: it is given up before its grace is over", patience)
		}
		if spin(24, 25); l.over() != Hung {
			t.Errorf("patience %v: it is not given up when its grace is over", patience)
		}
	}
}

// TestOwnTimeIsUnknown: where the system does not say how long a process waited for a
// processor, one that uses much is taken to want it all the time.
func TestOwnTimeIsUnknown(t *testing.T) {
	for _, c := range []struct{ passed, cpu, want time.Duration }{
		{interval, 0, interval},
		{interval, interval / 2, interval / 2},
		{interval, interval, interval},
		{interval, 3 * interval, interval},
		{time.Hour, 0, 2 * interval},
	} {
		if got := own(c.passed, c.cpu, 0, false); got != c.want {
			t.Errorf("of %v with %v on a processor, %v is its own, want %v", c.passed, c.cpu, got, c.want)
		}
	}
}
