package properties

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// TestStoryOfALostUpdate: of a run of many steps, those on what tasks share besides locks stay rows of their own, and so does the one at which the run left
// its default; what only begins, joins, locks and unlocks is told together.
func TestStoryOfALostUpdate(t *testing.T) {
	at := func(class schedule.Class, index int32) schedule.Object {
		return schedule.Object{Class: class, Index: index}
	}
	value, outer, inner, group := at(schedule.ClassUser, 0), at(schedule.ClassMutex, 0), at(schedule.ClassMutex, 1), at(schedule.ClassGroup, 0)
	step := func(task int32, op schedule.Op, o schedule.Object) schedule.Step {
		return schedule.Step{Task: task, Op: op, Object: o}
	}
	visit := func(task int32, op schedule.Op) []schedule.Step {
		return []schedule.Step{
			step(task, schedule.OpLock, outer), step(task, schedule.OpLock, inner), step(task, op, value), step(task, schedule.OpUnlock, inner), step(task, schedule.OpUnlock, outer),
		}
	}
	begin := func(task int32) schedule.Step { return step(task, schedule.OpBegin, at(schedule.ClassTask, task)) }
	end := func(task int32) []schedule.Step {
		return []schedule.Step{step(task, schedule.OpDone, group), step(task, schedule.OpEnd, at(schedule.ClassTask, task))}
	}
	r := &sched.Record{Tasks: []string{"main", "left", "right"}, Steps: slices.Concat(
		[]schedule.Step{begin(0), step(0, schedule.OpAdd, group), step(0, schedule.OpSpawn, at(schedule.ClassTask, 1)), step(0, schedule.OpSpawn, at(schedule.ClassTask, 2)), begin(1)},
		visit(1, schedule.OpLoad), []schedule.Step{begin(2)}, visit(2, schedule.OpLoad), visit(2, schedule.OpStore), end(2), visit(1, schedule.OpStore), end(1),
		[]schedule.Step{step(0, schedule.OpJoin, group)})}
	r.Schedule.Deviations = []schedule.Deviation{{Step: 10, Skip: 1}}
	want := []string{
		"      left                              right                             main",
		"      … main: begin, add, spawn, spawn …",
		"      … left: begin, lock, lock …",
		"   7  loads value",
		"      … left: unlock, unlock …",
		"  10*                                   begins",
		"      … right: lock, lock …",
		"  13                                    loads value",
		"      … right: unlock, unlock, lock, lock …",
		"  18                                    stores value",
		"      … right: unlock, unlock, done, end …",
		"      … left: lock, lock …",
		"  25  stores value",
		"      … left: unlock, unlock, done, end …",
		"  30                                                                      joins group/0",
	}
	got := tellSteps(r, func(o schedule.Object) string {
		if o == value {
			return "value"
		}
		return o.String()
	})
	if got, want := strings.Join(got[:len(got)-2], "\n"), strings.Join(want, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestCircle: who waits for one another is said, and whoever else waits is not.
func TestCircle(t *testing.T) {
	wait := func(task string, holders ...string) Wait { return Wait{Task: task, Holders: holders} }
	for _, c := range []struct {
		waits []Wait
		want  string
	}{
		{nil, ""},
		{[]Wait{wait("main"), wait("a", "b"), wait("b")}, ""},
		{[]Wait{wait("main", "a"), wait("a", "b"), wait("b", "a")}, "a b"},
		{[]Wait{wait("a", "x", "b"), wait("b", "c"), wait("c", "y", "a")}, "a b c"},
		{[]Wait{wait("a", "a")}, "a"},
	} {
		if got := strings.Join(circleOf(c.waits), " "); got != c.want {
			t.Errorf("%v: %q, want %q", c.waits, got, c.want)
		}
	}
}

// TestTold: a story is told after its case, under the name that the property's text form has for it, unless it tells that itself or it is long.
func TestTold(t *testing.T) {
	for name, c := range map[string]struct {
		file, data string
		story      []string
		want       []string
	}{
		"no name": {jsonFile, "7\n", []string{"It went wrong."}, []string{"The case: 7", "It went wrong."}},
		"a name":  {"shares", "1 1\n2\n", nil, []string{"The case, shares:", "  1 1", "  2"}},
		"told":    {"shares", "1 1\n", []string{"The case, shares: 1 1", "It went wrong."}, []string{"The case, shares: 1 1", "It went wrong."}},
		"long":    {"shares", strings.Repeat("1\n", 20), []string{"It went wrong."}, []string{"It went wrong."}},
	} {
		x := &Counterexample{Workload: []txtar.File{{Name: c.file, Data: []byte(c.data)}}, Story: c.story}
		if got := x.Told(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
