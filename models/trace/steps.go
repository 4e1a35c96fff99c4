package trace

import (
	"fmt"
	"slices"
	"strings"

	"synchrony/models/schedule"
)

// StepsOf finds the step of each event of a controlled run: of a read or write, the next one of the worker's
// task that did that to the account; of a start, that of what the transaction does at once; of the others,
// the step of the event before. It is empty if no steps were recorded. task says which task a worker is; if it
// is nil, any may be.
func StepsOf(events []Event, steps []schedule.Step, task func(worker int32) int32) []int {
	if len(steps) == 0 {
		return nil
	}
	of := func(t int32) int32 {
		if task == nil {
			return 0
		}
		return t
	}
	accesses := map[int32][]int{} // by task: its steps that are accesses, from the first not looked at
	for k, s := range steps {
		if s.Object.Class == schedule.ClassCell || s.Object.Class == schedule.ClassStore {
			accesses[of(s.Task)] = append(accesses[of(s.Task)], k)
		}
	}
	out := make([]int, len(events))
	last := 0
	for i, e := range events {
		t := int32(0)
		if task != nil {
			t = task(e.Worker)
		}
		if e.Kind == Read || e.Kind == Write {
			if j := slices.IndexFunc(accesses[t], func(k int) bool { return isAccess(steps[k], e) }); j >= 0 {
				last = max(last, accesses[t][j])
				accesses[t] = accesses[t][j+1:]
			}
		}
		out[i] = last
	}
	for i := len(events) - 2; i >= 0; i-- { // a transaction starts just before it does something
		if events[i].Kind == Start && events[i+1].Tx == events[i].Tx {
			out[i] = out[i+1]
		}
	}
	return out
}

// isAccess reports whether step s can be what event e tells of.
func isAccess(s schedule.Step, e Event) bool {
	return s.Object.Index == int32(e.Account) &&
		(e.Kind == Read && s.Op == schedule.OpRead || e.Kind == Write && s.Op == schedule.OpWrite)
}

// TaskOf returns which task a worker is, of tasks by name: "worker 2" is worker 2, and the first one is a worker
// that has no task of its own.
func TaskOf(tasks []string) func(worker int32) int32 {
	of := map[string]int32{}
	for i, task := range tasks {
		name := strings.ToLower(task)
		if _, twice := of[name]; !twice {
			of[name] = int32(i)
		}
	}
	return func(worker int32) int32 { return of[fmt.Sprintf("worker %d", worker)] }
}
