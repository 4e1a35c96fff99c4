//go:build go1.26

package maps_test

import (
	"slices"
	"testing"

	"synchrony/executor/sched"
	"synchrony/executor/shim/maps"
	"synchrony/executor/shim/task"
)

// TestOrderOfAddresses: keys that look alike come in the order in which they were put into the map, in every run.
func TestOrderOfAddresses(t *testing.T) {
	type pair struct {
		n int
		c chan int
	}
	const keys = 50
	var runner sched.Runner
	for range 3 {
		var channels, pointers, parts, values []int
		task.Run(&runner, sched.Default(), task.Options{}, func() {
			byChannel, byPointer, byPart, byValue := map[chan int]int{}, map[*int]int{}, map[pair]int{}, map[any]int{}
			for i := range keys {
				byChannel[maps.Note(make(chan int))] = i
				byPointer[maps.Note(new(int))] = i
				byPart[maps.Note(pair{1, make(chan int)})] = i
				byValue[maps.Note(any(new(int)))] = i
			}
			channels, pointers, parts, values = order(byChannel), order(byPointer), order(byPart), order(byValue)
		})
		for _, got := range [][]int{channels, pointers, parts, values} {
			if len(got) != keys || !slices.IsSorted(got) {
				t.Errorf("%v", got)
			}
		}
	}
}

// order are the values of a map in the order of a range over it.
func order[K comparable](m map[K]int) (list []int) {
	for it, _, v := maps.Range(m); it.Next(nil, &v); {
		list = append(list, v)
	}
	return list
}
