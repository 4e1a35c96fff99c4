package sched

import (
	"fmt"
	"path"
	"runtime"
	"slices"
	"strings"

	"synchrony/models/schedule"
)

// State is what a task was about to do at the end of a run.
type State struct {
	Task    int32
	Op      schedule.Op
	Objects []schedule.Object
	Ready   bool      // it could have gone on
	Asleep  bool      // it will go on when a time has come: it sleeps, or waits for a timer that is set and rings once
	Started []uintptr // of what started it: see Runtime.Spawn; zeros if that is not known
	Stack   []uintptr // program counters, innermost first; nil without Options.Positions
}

// states tells of all tasks that are left.
//
//go:norace
func (c *controlled) states() (list []State) {
	for _, t := range c.left() {
		s := State{Task: t.number, Op: t.op, Started: slices.Clone(t.site[:]), Ready: !t.over && t.enabled(), Asleep: c.asleep(t)}
		if t.wait == untilSignalled {
			s.Op = schedule.OpWait
			s.Objects = []schedule.Object{t.cond}
		} else if t.object.Class != schedule.ClassNone {
			s.Objects = append(append(s.Objects, t.object), t.more...)
		}
		if c.positions && t.begun {
			s.Stack = slices.Clone(t.stack)
		}
		list = append(list, s)
	}
	return list
}

//go:norace
func (c *controlled) asleep(t *task) bool {
	for _, x := range c.timers {
		if x.sleeper == t || x.alarm != nil && x.alarm.period == 0 && (t.object == x.object() || slices.Contains(t.more, x.object())) {
			return true
		}
	}
	return false
}

// deepest is how many frames of a stack are noted.
const deepest = 32

// locate notes where t is.
//
//go:norace
func (c *controlled) locate(t *task) {
	if cap(t.stack) == 0 {
		t.stack = make([]uintptr, deepest)
	}
	t.stack = t.stack[:runtime.Callers(3, t.stack[:deepest])]
	if raceBuild && c.raced == (Raced{}) && raceErrors() > c.races {
		c.raced = Raced{Task: t.number, Step: len(c.steps)}
	}
}

// recordPosition notes where the step is that was just recorded.
//
//go:norace
func (c *controlled) recordPosition(e Choice) {
	for len(c.ends) < len(c.steps)-1 {
		c.ends = append(c.ends, int32(len(c.sites)))
	}
	ofStep := e.Op == schedule.OpPick && e.Object.Class == schedule.ClassUser // see Runtime.PickData
	if e.Task != Clock && !ofStep && e.Op != schedule.OpBegin {
		c.sites = append(c.sites, c.tasks[e.Task].stack...)
	}
	c.ends = append(c.ends, int32(len(c.sites)))
}

// Raced is a race that was reported: by an access of a task before a step, and after the one before that.
type Raced struct {
	Task int32
	Step int // there is one before it: a task's first is that it begins
}

// selected is which case a select has taken with a step.
type selected struct{ step, number int }

// DefaultCase is the number of a select's default.
const DefaultCase = -1

// Selected says which case the running task's select has taken with the step before: its number among those that send or receive, from 1 on in the order of the source, or
// [DefaultCase]. It is noted with Options.Positions.
//
//go:norace
func (rt *Runtime) Selected(number int) {
	if c := rt.ctl; c != nil && c.positions && len(c.steps) > 0 && !c.isOver() {
		c.selected = append(c.selected, selected{len(c.steps) - 1, number})
	}
}

// Selected is the number of the case that a select has taken with a step, as [Runtime.Selected] was told; 0 if the step is of no select, or if that is not known.
func (r *Record) Selected(step int) int {
	i, ok := slices.BinarySearchFunc(r.selected, step, func(s selected, step int) int { return s.step - step })
	if !ok {
		return 0
	}
	return r.selected[i].number
}

// noteParked notes that the running task has to wait for what its step before was about. One that parks for another thing, as a Wait on a condition does
// after its Unlock, has said so in an earlier step.
//
//go:norace
func (c *controlled) noteParked(o schedule.Object) {
	last := len(c.steps) - 1
	if !c.positions || last < 0 || c.steps[last].Object != o || c.steps[last].Task != c.running.number {
		return
	}
	if n := len(c.parked); n == 0 || c.parked[n-1] != last {
		c.parked = append(c.parked, last)
	}
}

// Parked reports whether a task had to wait after a step for what the step is about: a lock that others held, a channel that was full. It is noted with
// Options.Positions.
func (r *Record) Parked(step int) bool {
	_, ok := slices.BinarySearch(r.parked, step)
	return ok
}

// Stack is the stack of a step, innermost frame first; nil if it has none, or without Options.Positions.
func (r *Record) Stack(step int) []uintptr {
	if step >= len(r.ends) {
		return nil
	}
	from := int32(0)
	if step > 0 {
		from = r.ends[step-1]
	}
	return r.sites[from:r.ends[step]]
}

// Position is the innermost frame of a stack that is outside of this package and of the packages that stand in for the
// standard library's beside it, as "file.go:12 pkg.Function"; "" if there is none.
func Position(stack []uintptr) string {
	for _, f := range Positions(stack) {
		return f
	}
	return ""
}

// Positions are all frames of a stack that Position would return, innermost first.
func Positions(stack []uintptr) (list []string) {
	if len(stack) == 0 {
		return nil
	}
	frames := runtime.CallersFrames(stack)
	for {
		f, more := frames.Next()
		if f.Function != "" && !Internal(f.Function, f.File) {
			list = append(list, fmt.Sprintf("%s:%d %s", f.File, f.Line, path.Base(f.Function)))
		}
		if !more {
			return list
		}
	}
}

// SplitPosition takes a position apart into its place, "file.go:12", and the function. The names of files may have spaces, and those of functions have none.
func SplitPosition(position string) (at, function string) {
	if i := strings.LastIndexByte(position, ' '); i >= 0 {
		return position[:i], position[i+1:]
	}
	return position, ""
}

// above is the path of the folder of packages that this one stands in, with a slash at its end.
var above = func() string {
	pc, _, _, _ := runtime.Caller(0)
	name := runtime.FuncForPC(pc).Name()
	return strings.TrimSuffix(name[:strings.LastIndexByte(name, '/')+1], "/") + "/"
}()

// Internal reports whether a function belongs to this package, to one that stands in for the standard library's, to
// Go's runtime, or to the packages that walk sequences for their callers, so that it says nothing about the program. Their tests are programs.
func Internal(function, file string) bool {
	if strings.HasSuffix(file, "_test.go") {
		return false
	}
	for _, p := range [...]string{above + "sched.", above + "shim/", "runtime.", "iter.", "maps.", "slices."} {
		if strings.HasPrefix(function, p) {
			return true
		}
	}
	return false
}
