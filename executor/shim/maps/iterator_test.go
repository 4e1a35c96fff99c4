//go:build go1.26

package maps_test

import (
	"math"
	"slices"
	"testing"

	"synchrony/executor/sched"
	"synchrony/executor/shim/maps"
	"synchrony/executor/shim/task"
)

// TestTimes: a range without variables has no order to choose, unless something is deleted that has not come yet.
func TestTimes(t *testing.T) {
	for name, c := range map[string]struct {
		deletes bool
		want    int
		open    bool
	}{"counts": {false, 3, false}, "deletes": {true, 2, true}} {
		var choices task.DataChoices
		n := 0
		rec := task.Run(new(sched.Runner), sched.POS(1), task.Options{DataChoices: true, Choices: &choices}, func() {
			m := map[int]int{1: 1, 2: 2, 3: 3}
			n = 0
			for it, _, _ := maps.Times(m); it.Next(nil, nil); n++ {
				if c.deletes {
					delete(m, 3)
				}
			}
		})
		if rec.Stuck != nil || n != c.want || choices.Met != c.open || choices.Partly != c.open {
			t.Errorf("%s: %d turns, want %d; choices %+v; %v", name, n, c.want, choices, rec.Stuck)
		}
	}
}

// TestKeysThatNoLookupFinds: entries whose keys are not equal to themselves come with their values, unless the map was cleared meanwhile.
func TestKeysThatNoLookupFinds(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		meanwhile func(m map[any]int)
		want      []int
	}{
		"untouched":         {func(map[any]int) {}, []int{2, 3, 7, 7}},
		"another is added":  {func(m map[any]int) { m[nan] = 9 }, []int{2, 3, 7, 7}},
		"deleted by key":    {func(m map[any]int) { delete(m, any(nan)); delete(m, 1.5) }, []int{3, 7, 7}},
		"cleared":           {func(m map[any]int) { clear(m) }, []int{3}},
		"cleared and added": {func(m map[any]int) { clear(m); m[nan], m[[1]float64{nan}] = 8, 7 }, []int{3}},
	} {
		var got []int
		program := func() {
			m := map[any]int{nan: 7, [1]float64{nan}: 3, 1.5: 2}
			m[nan] = 7
			got = nil
			for it, k, v := maps.Range(m); it.Next(&k, &v); {
				if len(got) == 0 {
					c.meanwhile(m)
				}
				got = append(got, v)
			}
			slices.Sort(got)
		}
		rec := task.Run(new(sched.Runner), sched.Default(), task.Options{}, program)
		if rec.Stuck != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v; %v", name, got, c.want, rec.Stuck)
		}
	}
}
