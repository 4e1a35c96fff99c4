//go:build go1.26

package maps_test

import (
	"fmt"
	"slices"
	"testing"

	"synchrony/executor/sched"
	"synchrony/executor/shim/task"
)

// ordersOf are all orders in which a range over a map of n keys comes, the default one first.
func ordersOf(t *testing.T, n int) (all [][]int, choices task.DataChoices) {
	t.Helper()
	m := map[int]int{}
	for i := range n {
		m[i] = i
	}
	var got []int
	_, err := task.Explore(task.Options{DataChoices: true, Choices: &choices}, sched.Bounds{Preemptions: sched.Unbounded},
		func() { got = order(m) }, func(*sched.Record) { all = append(all, got) })
	if err != nil {
		t.Fatal(err)
	}
	return all, choices
}

// TestOrdersOfFewKeys: of up to four keys, every order is tried, each once; and no more is left open.
func TestOrdersOfFewKeys(t *testing.T) {
	for n, want := range map[int]int{0: 1, 1: 1, 2: 2, 3: 6, 4: 24} {
		all, choices := ordersOf(t, n)
		distinct := map[string]bool{}
		for _, o := range all {
			distinct[fmt.Sprint(o)] = true
		}
		if len(all) != want || len(distinct) != want || choices.Partly || choices.Met != (n > 1) || !slices.IsSorted(all[0]) {
			t.Errorf("%d keys: %d orders, %d of them distinct, want %d; %+v", n, len(all), len(distinct), want, choices)
		}
	}
}

// TestOrdersOfManyKeys: of more keys, each is the first in some order, up to twelve, any two come in both orders, and it is said that there are
// other orders.
func TestOrdersOfManyKeys(t *testing.T) {
	for _, n := range []int{5, 6, 11, 12, 13, 100} {
		all, choices := ordersOf(t, n)
		distinct, firsts, pairs := map[string]bool{}, map[int]bool{}, map[[2]int]bool{}
		for _, o := range all {
			if keys := slices.Sorted(slices.Values(o)); len(keys) != n || keys[0] != 0 || keys[n-1] != n-1 || len(slices.Compact(keys)) != n {
				t.Fatalf("%d keys: %v", n, o)
			}
			distinct[fmt.Sprint(o)], firsts[o[0]] = true, true
			for i := range o {
				for _, later := range o[i+1:] {
					pairs[[2]int{o[i], later}] = true
				}
			}
		}
		if len(distinct) != min(2*n, 24) || len(firsts) < min(n, 12) || len(pairs) != n*(n-1) || !choices.Partly || !slices.IsSorted(all[0]) {
			t.Errorf("%d keys: %d orders, %d keys come first, %d pairs; %+v", n, len(distinct), len(firsts), len(pairs), choices)
		}
	}
}

// TestOrderWithoutChoices: the order is that of the keys, which is no step.
func TestOrderWithoutChoices(t *testing.T) {
	var got []int
	rec := task.Run(new(sched.Runner), sched.POS(1), task.Options{}, func() { got = order(map[int]int{2: 2, 1: 1, 3: 3}) })
	if !slices.Equal(got, []int{1, 2, 3}) || len(rec.Steps) != 2 {
		t.Errorf("%v, in %d steps", got, len(rec.Steps))
	}
}
