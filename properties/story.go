package properties

import (
	"fmt"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// TellSchedule tells where a run left the default schedule, a line for each
// deviation, for a counterexample's story. object names what a step touched as a
// reader of the workload knows it. A nil record is a run on plain goroutines.
func TellSchedule(r *sched.Record, object func(schedule.Object) string) []string {
	switch {
	case r == nil:
		return []string{"Ran on plain goroutines, with random pauses: the schedule is not recorded."}
	case len(r.Schedule.Deviations) == 0:
		return []string{"On the default schedule: each task runs until it waits."}
	}
	task := func(i int32) string {
		if i < 0 || int(i) >= len(r.Tasks) {
			return "the clock"
		}
		return r.Tasks[i]
	}
	lines := []string{"On the default schedule, where each task runs until it waits, but for this:"}
	for _, d := range r.Schedule.Deviations {
		if d.Step >= len(r.Steps) {
			continue
		}
		before := "at the start"
		if d.Step > 0 {
			prev := r.Steps[d.Step-1]
			before = fmt.Sprintf("after %s had done %v %s", task(prev.Task), prev.Op, object(prev.Object))
		}
		s := r.Steps[d.Step]
		lines = append(lines, fmt.Sprintf("  at step %d, %s, it was %s that went on, with %v %s.",
			d.Step, before, task(s.Task), s.Op, object(s.Object)))
	}
	return lines
}
