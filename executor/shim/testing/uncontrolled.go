//go:build go1.26

package testing

import (
	"fmt"

	"synchrony/executor/sched"
	"synchrony/executor/shim/iter"
	"synchrony/models/schedule"
)

// created is how many goroutines this process has started, but for those that are coroutines of the program's.
func created() int { return sched.Started() - iter.Pulled() }

// uncontrolled is how many goroutines one run has started beside its tasks, if so many had been created before it. Some may be the Go runtime's own,
// which starts them when it first needs them: see confirmed.
func uncontrolled(before int, out *outcome) int { return max(created()-before-out.Begun, 0) }

// mostUncontrolled is more goroutines than a run starts.
const mostUncontrolled = 1 << 30

// confirmations is how often a schedule is repeated that seems to start goroutines beside its tasks.
const confirmations = 3

// confirmed returns how many of n goroutines a schedule starts whenever it is run, under the settings.
func (s *search) confirmed(n int, of schedule.Schedule, o Settings) int {
	for i := 0; i < confirmations && n > 0; i++ {
		before := created()
		out := s.once(sched.Deviate(of.Deviations), o, false)
		n = min(n, uncontrolled(before, &out))
	}
	return n
}

// doubtUncontrolled takes a run that came to something bad for uncontrolled if that may be due to goroutines that no schedule decides about: they may be
// what the others wait for, and time passes as soon as all of those wait. It makes other runs, unless it has found such goroutines before.
func (s *search) doubtUncontrolled(o *outcome, of schedule.Schedule) bool {
	unknown := raceBuild && (o.kind == Deadlock || o.kind == Leak) // which goroutines are left: see sched.Record
	if !o.conclusive() || o.kind == Race || !o.elapsed && !unknown {
		return false
	}
	if s.uncontrolled == 0 {
		s.uncontrolled = s.confirmed(mostUncontrolled, of, o.settings)
	}
	n := s.uncontrolled
	if n > 0 {
		o.message = fmt.Sprintf("the run starts %d uncontrolled goroutines, which the others may wait for, and no time should pass meanwhile; it came to a %s: %s",
			n, o.kind, o.message)
		o.kind = Uncontrolled
	}
	return n > 0
}
