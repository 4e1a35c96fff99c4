package race

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/schedule"
	"synchrony/models/trace"
)

// access is an epoch: task's clock at step.
type access struct {
	task  int32
	step  int32
	clock uint32
}

func (a access) before(c clock) bool {
	return a.clock == 0 || int(a.task) < len(c) && a.clock <= c[a.task]
}

// shadow is what is remembered of an object's accesses: of the plain ones the last
// write, and the reads since that no later read is known to follow, which is one
// unless they are concurrent; of the atomic ones the last of each task.
//
// After FastTrack (Flanagan and Freund, PLDI 2009, section 3): the first race on
// each object is found, in constant time for most accesses. That algorithm has no
// objects accessed both ways; they are a race in Go.
type shadow struct {
	plain         bool // whether it is accessed without atomics at all
	write         access
	reads         []access
	loads, stores []access
}

// checkSteps looks for two conflicting accesses that nothing orders.
func checkSteps(b *batch.Batch, o *trace.Observation) verdict {
	steps := o.Steps
	numbers, n := number(steps)
	seen := make([]shadow, n)
	for i, s := range steps {
		if s.Op == schedule.OpRead || s.Op == schedule.OpWrite {
			seen[numbers[i]].plain = true // no other object can be raced for
		}
	}
	h := newOrder(n)
	for i, s := range steps {
		if s.Task < 0 { // the clock's own steps order nothing: its timers were armed
			continue
		}
		if int(s.Task) > len(steps) {
			return checkers.Undecided("malformed: step %d (%s): there are fewer tasks than that", i, trace.NamesOf(b).Step(s))
		}
		h.step(s, numbers[i])
		if d := &seen[numbers[i]]; d.plain {
			now := h.tasks[s.Task].clock
			if prior, ok := d.add(s.Op, access{s.Task, int32(i), now[s.Task]}, now); !ok {
				return raceVerdict(b, o, prior.step, int32(i))
			}
		}
	}
	return checkers.Passed()
}

// number numbers the objects of steps densely, and returns each step's, and how
// many there are.
func number(steps []schedule.Step) ([]int32, int) {
	numbers := make([]int32, len(steps))
	known := map[schedule.Object]int32{}
	for i, s := range steps {
		n, ok := known[s.Object]
		if !ok {
			n = int32(len(known))
			known[s.Object] = n
		}
		numbers[i] = n
	}
	return numbers, len(known)
}

// add records an access a by a task that knows now, or returns an earlier one that
// conflicts with it and that the task does not know of.
func (d *shadow) add(op schedule.Op, a access, now clock) (access, bool) {
	var conflicting [3][]access
	switch op {
	case schedule.OpRead:
		conflicting = [3][]access{d.stores}
	case schedule.OpWrite:
		conflicting = [3][]access{d.stores, d.reads, d.loads}
	case schedule.OpLoad, schedule.OpSpin:
	case schedule.OpStore, schedule.OpRMW:
		conflicting = [3][]access{d.reads}
	default:
		return access{}, true
	}
	if d.write.task != a.task && !d.write.before(now) {
		return d.write, false
	}
	for _, list := range conflicting {
		for _, prior := range list {
			if prior.task != a.task && !prior.before(now) {
				return prior, false
			}
		}
	}
	switch op {
	case schedule.OpRead:
		d.reads = keep(d.reads, a, now)
	case schedule.OpWrite:
		d.write, d.reads = a, d.reads[:0]
	case schedule.OpLoad, schedule.OpSpin:
		d.loads = keep(d.loads, a, now)
	case schedule.OpStore, schedule.OpRMW:
		d.stores = keep(d.stores, a, now)
	}
	return access{}, true
}

// keep adds a to a list of accesses, and drops those that happened before it: who
// comes after a comes after them.
func keep(list []access, a access, now clock) []access {
	rest := list[:0]
	for _, prior := range list {
		if prior.task != a.task && !prior.before(now) {
			rest = append(rest, prior)
		}
	}
	return append(rest, a)
}

func raceVerdict(b *batch.Batch, o *trace.Observation, i, j int32) verdict {
	names := trace.NamesOf(b)
	x, y := o.Steps[i], o.Steps[j]
	rule := "read-write race"
	if changes(x.Op) && changes(y.Op) {
		rule = "write-write race"
	}
	at := trace.StepsOf(o.Events, o.Steps, nil)
	first, second, object := actor(names, o, at, i), actor(names, o, at, j), names.Shared(x.Object)
	return checkers.Failed(rule,
		fmt.Sprintf("%s %ss %s, and %s %ss it: nothing orders the two", first, verb(x.Op), object, second, verb(y.Op)),
		fmt.Sprintf("step %d: %s %ss %s", i, first, verb(x.Op), object),
		fmt.Sprintf("step %d: %s %ss %s", j, second, verb(y.Op), object),
		released(names, o.Steps, i, j))
}

// actor is the transaction that made an access, which is a step; the task, if that is not known. at has the step of each event.
func actor(names trace.Names, o *trace.Observation, at []int, step int32) string {
	for i := range at {
		if e := o.Events[i]; at[i] == int(step) && (e.Kind == trace.Read || e.Kind == trace.Write) {
			return names.Tx(e.Tx)
		}
	}
	return taskNumber(o.Steps[step].Task)
}

// verb is what an access does, in one word.
func verb(op schedule.Op) string {
	if changes(op) {
		return "write"
	}
	return "read"
}

func changes(op schedule.Op) bool {
	return op == schedule.OpWrite || op == schedule.OpStore || op == schedule.OpRMW
}

// released says what the task of the first access did after it that the other could have waited for.
func released(names trace.Names, steps []schedule.Step, i, j int32) string {
	for k := i + 1; k < j; k++ {
		if s := steps[k]; s.Task == steps[i].Task {
			switch s.Op {
			case schedule.OpUnlock, schedule.OpStore, schedule.OpRMW, schedule.OpDone, schedule.OpEnd, schedule.OpSpawn, schedule.OpWait, schedule.OpSignal, schedule.OpBroadcast, schedule.OpArm:
				return fmt.Sprintf("between them, at step %d, who did the first %s; who did the second never waited for that or a later step", k, s.Deed(names.Shared, taskNumber))
			}
		}
	}
	return "between them, who did the first did nothing that the other could wait for"
}

// taskNumber names a task whose name a recording does not have.
func taskNumber(task int32) string { return fmt.Sprintf("task %d", task) }
