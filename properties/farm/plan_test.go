package farm

import (
	"testing"

	"pgregory.net/rapid"

	"synchrony/properties"
)

// TestPlan: whatever a first task has done, the rest is divided into tasks without gaps and overlaps, none of them empty, and not too many.
func TestPlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := span{rapid.IntRange(0, 100).Draw(t, "first"), rapid.IntRange(1, 5_000_000).Draw(t, "count")}
		done := rapid.IntRange(0, whole.count).Draw(t, "done")
		seconds := rapid.Float64Range(0, 100).Draw(t, "seconds")
		list := plan(whole, done, seconds, rapid.IntRange(0, 100).Draw(t, "properties"))
		at := whole.first + done
		for _, s := range list {
			if s.first != at || s.count < 1 {
				t.Fatalf("a task of %d cases from %d on, where %d is next", s.count, s.first, at)
			}
			at += s.count
		}
		if at != whole.first+whole.count || len(list) > mostTasks {
			t.Fatalf("%d tasks up to case %d, of %d cases from %d on", len(list), at, whole.count, whole.first)
		}
	})
}

// TestTaskTimes: tasks take from 5 to 10 seconds, as far as the first one tells.
func TestTaskTimes(t *testing.T) {
	for _, c := range []struct {
		cases, done int // in the first 5 seconds
		properties  int
		want        int // tasks
	}{
		{1000, 1000, 1, 0},     // nothing is left
		{1000, 100, 1, 9},      // 45 s: 5 s each
		{100_100, 100, 1, 500}, // 5,000 s: more than 64 of 10 s
		{6500, 100, 1, 64},     // 320 s: 5 s each, for many workers
		{6500, 100, 61, 32},    // 320 s, as of 60 others: 10 s each
		{5_000_000, 1, 1, mostTasks},
		{10, 0, 1, 10}, // nothing is known: as many as may be
		{1000, 0, 1, shares},
	} {
		if got := len(plan(span{0, c.cases}, c.done, 5, c.properties)); got != c.want {
			t.Errorf("%d cases, %d done in 5 seconds, %d properties: %d tasks, want %d", c.cases, c.done, c.properties, got, c.want)
		}
	}
}

// TestTally: tasks are told as one run, and nothing is told after the end.
func TestTally(t *testing.T) {
	var told []properties.Progress
	y := newTally("S1", 10, func(p properties.Progress) { told = append(told, p) })
	y.at(span{10, 5}, properties.Progress{Case: 12, Schedules: 20, Phase: properties.PhaseTesting})
	y.at(span{15, 5}, properties.Progress{Case: 16, Schedules: 5, Phase: properties.PhaseShrinking})
	y.done(span{10, 5}, properties.Result{Cases: 5, Schedules: 60})
	y.end()
	y.at(span{15, 5}, properties.Progress{Case: 19})
	want := []properties.Progress{
		{Property: "S1", Case: 12, Schedules: 20, Phase: properties.PhaseTesting},
		{Property: "S1", Case: 13, Schedules: 25, Phase: properties.PhaseShrinking},
		{Property: "S1", Case: 16, Schedules: 65, Phase: properties.PhaseShrinking},
	}
	if len(told) != len(want) {
		t.Fatalf("told %v, want %v", told, want)
	}
	for i := range want {
		if told[i] != want[i] {
			t.Errorf("told %+v, want %+v", told[i], want[i])
		}
	}
}

// TestKeys: a key is one token after the property's, whatever that is called, and tells tasks apart.
func TestKeys(t *testing.T) {
	a := task{Property: "S 1.*", Spec: &properties.Spec{Seed: 1}}
	b := a
	b.Spec = &properties.Spec{Seed: 2}
	keyA, errA := a.key()
	keyB, errB := b.key()
	if errA != nil || errB != nil || keyA == keyB || len(keyA) != len("S_1__.")+24 || keyA[:6] != "S_1__." {
		t.Errorf("keys %q and %q, %v, %v", keyA, keyB, errA, errB)
	}
}
