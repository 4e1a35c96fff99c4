//go:build go1.26

package testing

import (
	"synchrony/executor/sched"
	"synchrony/executor/shim/iter"
	"synchrony/models/schedule"
)

// created is how many goroutines this process has started, but for those that are coroutines of the program's.
func created() int { return sched.Started() - iter.Pulled() }

// native is how many goroutines one run has started beside its tasks, if so many had been created before it. Some may be the Go runtime's own,
// which starts them when it first needs them: see confirmed.
func native(before int, out *outcome) int { return max(created()-before-out.Begun, 0) }

// confirmations is how often a schedule is repeated that seems to start goroutines beside its tasks.
const confirmations = 3

// confirmed returns how many of n goroutines a schedule starts whenever it is run, under the settings.
func (s *search) confirmed(n int, of schedule.Schedule, o Settings) int {
	for i := 0; i < confirmations && n > 0; i++ {
		before := created()
		out := s.once(sched.Deviate(of.Deviations), o, false)
		n = min(n, native(before, &out))
	}
	return n
}
