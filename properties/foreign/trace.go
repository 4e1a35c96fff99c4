package foreign

import (
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// maxTasks is how many tasks a program may have.
const maxTasks = 1000

// maxObjects is how many objects a case may have.
const maxObjects = 100_000

// operation is what the scheduler knows of a kind of step.
type operation struct {
	op    schedule.Op
	class schedule.Class
	may   bool // it can have to wait for more than a mutex
}

// operations are the words for steps.
var operations = map[string]operation{
	"begin": {schedule.OpBegin, schedule.ClassTask, false}, "end": {schedule.OpEnd, schedule.ClassTask, false}, "spawn": {schedule.OpSpawn, schedule.ClassTask, false},
	"read": {schedule.OpRead, schedule.ClassUser, false}, "write": {schedule.OpWrite, schedule.ClassUser, false},
	"load": {schedule.OpLoad, schedule.ClassUser, false}, "store": {schedule.OpStore, schedule.ClassUser, false}, "rmw": {schedule.OpRMW, schedule.ClassUser, false},
	"lock": {schedule.OpLock, schedule.ClassMutex, false}, "unlock": {schedule.OpUnlock, schedule.ClassMutex, false},
	"wait": {schedule.OpJoin, schedule.ClassUser, true}, "signal": {schedule.OpSignal, schedule.ClassUser, false},
}

// objects are the names of a case's objects, and what they are.
type objects map[schedule.Object]string

// object is the object of a name. Its number follows from the name alone, so that it is the same in every run, whichever task comes there first.
func (o objects) object(name string, of operation) (schedule.Object, error) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // never fails
	x := schedule.Object{Class: of.class, Index: int32(h.Sum32() >> 1)}
	if of.class == schedule.ClassTask {
		o[x] = "task " + name
		return x, nil
	}
	switch had, known := o[x]; {
	case known && had != name:
		return x, fmt.Errorf("the names %q and %q cannot be told apart: rename one", had, name)
	case known:
		return x, nil
	}
	other := x
	other.Class = schedule.ClassMutex + schedule.ClassUser - x.Class
	if o[other] == name {
		return x, fmt.Errorf("%q is locked, and accessed without that it is locked and unlocked: give the lock a name of its own", name)
	}
	if len(o) >= maxObjects {
		return x, fmt.Errorf("its tasks touch more than %d objects in the schedules of one case: are their names the same in each?", maxObjects)
	}
	o[x] = name
	return x, nil
}

// name is what a person knows an object by.
func (o objects) name(x schedule.Object) string {
	if name, known := o[x]; known {
		return name
	}
	return ""
}

// trace checks what a program says that it did, and makes it one that can be followed.
func (o objects) trace(t *trace, most int) (*sched.Trace, error) {
	if len(t.Decisions) > most {
		return nil, fmt.Errorf("it made %d decisions, and was told to end after %d", len(t.Decisions), most)
	}
	if len(t.Tasks) > maxTasks {
		return nil, fmt.Errorf("it has %d tasks, which is more than %d", len(t.Tasks), maxTasks)
	}
	for i, name := range t.Tasks {
		if name == "" || len(name) > maxName {
			return nil, fmt.Errorf("task %d has no name of 1 to %d bytes", i, maxName)
		}
		if !printable(name) {
			return nil, fmt.Errorf("task %d has the name %.40q, and people are to read it: want printable characters", i, name)
		}
	}
	if len(t.Decisions)+len(t.Left) == 0 {
		return nil, errors.New("its trace has no decision, and each run has at least the begin and the end of a task")
	}
	there := newPresence(len(t.Tasks))
	out := &sched.Trace{Tasks: t.Tasks, Decisions: make([]sched.Decision, len(t.Decisions))}
	for i := range t.Decisions {
		d := &t.Decisions[i]
		all, err := o.announced(d.Steps, len(t.Tasks))
		if err != nil {
			return nil, fmt.Errorf("decision %d: %w", i, err)
		}
		if err := there.are(all); err != nil {
			return nil, fmt.Errorf("decision %d: %w", i, err)
		}
		k := slices.IndexFunc(all, func(a sched.Announced) bool { return a.Task == d.Task && !a.Blocked })
		if k < 0 {
			return nil, fmt.Errorf("decision %d: task %d went on, and no such task could", i, d.Task)
		}
		if all[k].Op == schedule.OpEnd {
			there[d.Task] = over
		}
		out.Decisions[i] = sched.Decision{Announced: all, Task: d.Task}
	}
	var err error
	if out.Left, err = o.announced(t.Left, len(t.Tasks)); err != nil {
		return nil, fmt.Errorf("at the end: %w", err)
	}
	if err := there.are(out.Left); err != nil {
		return nil, fmt.Errorf("at the end: %w", err)
	}
	if i := slices.Index(there, unseen); i >= 0 && len(t.Decisions) < most {
		return nil, fmt.Errorf("task %d (%s) has a name, and never announced a step", i, t.Tasks[i])
	}
	for _, a := range out.Left {
		if !a.Blocked && len(t.Decisions) < most {
			return nil, fmt.Errorf("at the end: task %d is left, and could go on", a.Task)
		}
	}
	return out, nil
}

// presence is what is known of each task, by its number: a task that has announced a step announces one at each decision, until it ends.
type presence []int

const (
	unseen = iota // it has announced nothing yet
	alive
	over // it has ended
)

func newPresence(tasks int) presence { return make(presence, tasks) }

// are takes in which tasks have announced a step.
func (p presence) are(all []sched.Announced) error {
	here := make([]bool, len(p))
	for _, a := range all {
		if p[a.Task] == over {
			return fmt.Errorf("task %d has announced a step, and had ended before", a.Task)
		}
		p[a.Task], here[a.Task] = alive, true
	}
	for i, state := range p {
		if state == alive && !here[i] {
			return fmt.Errorf("task %d has announced no step, and had not ended before", i)
		}
	}
	return nil
}

// printable reports whether a name can be shown in a line: it neither ends it nor drives a terminal.
func printable(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError })
}

// announced are the steps that tasks have announced.
func (o objects) announced(steps []step, tasks int) ([]sched.Announced, error) {
	all := make([]sched.Announced, len(steps))
	for i, s := range steps {
		op, known := operations[s.op]
		switch {
		case s.task < 0 || int(s.task) >= tasks:
			return nil, fmt.Errorf("there is no task %d among the %d that have names", s.task, tasks)
		case i > 0 && steps[i-1].task >= s.task:
			return nil, fmt.Errorf("the steps are not in the order of tasks, each with one: %d comes after %d", s.task, steps[i-1].task)
		case !known:
			return nil, fmt.Errorf("there is no operation %.40q", s.op)
		case s.blocked && !op.may && s.op != "lock":
			return nil, fmt.Errorf("task %d waits to %s, and only a wait or a lock does", s.task, s.op)
		case len(s.object) > maxName:
			return nil, fmt.Errorf("an object has a name of more than %d bytes", maxName)
		case !printable(s.object):
			return nil, fmt.Errorf("an object has the name %.40q, and people are to read it: want printable characters", s.object)
		}
		if op.op == schedule.OpBegin || op.op == schedule.OpEnd {
			s.object = fmt.Sprint(s.task)
		}
		x, err := o.object(s.object, op)
		if err != nil {
			return nil, err
		}
		all[i] = sched.Announced{
			Choice:  sched.Choice{Task: s.task, Op: op.op, Object: x},
			Blocked: s.blocked, May: op.may, Does: s.op, On: s.object,
		}
	}
	return all, nil
}
