//go:build go1.26

package maps

import (
	"slices"

	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// mostOrders is among how many orders of a map's keys the strategy picks at most: all orders of four.
const mostOrders = 24

// Arrange brings sorted keys into the order that the strategy picks, where it makes data choices. Of up to four keys it may be any order. Of
// more, it is one that begins with a key and goes on from it in a circle, upwards or downwards: any two keys come in both orders; and of
// up to twelve, each is the first in some.
//
//go:norace
func Arrange[K any](c *task.Current, keys []K) {
	n := len(keys)
	if n < 2 {
		return
	}
	orders, all := 2*n, false
	if n <= 4 {
		orders, all = factorial(n), true
	}
	orders = min(orders, mostOrders)
	switch k := c.ChooseData(schedule.ClassMap, orders, all); {
	case k == 0:
	case all:
		permute(keys, k)
	default:
		turn(keys, k, orders)
	}
}

//go:norace
func factorial(n int) int {
	f := 1
	for i := 2; i <= n; i++ {
		f *= i
	}
	return f
}

// permute makes of sorted keys the k-th permutation in lexicographic order, from 0.
//
//go:norace
func permute[K any](keys []K, k int) {
	for i := range keys {
		f := factorial(len(keys) - 1 - i)
		move(keys[i:], k/f)
		k %= f
	}
}

// move brings key i to the front of the others.
//
//go:norace
func move[K any](keys []K, i int) {
	first := keys[i]
	for ; i > 0; i-- {
		keys[i] = keys[i-1]
	}
	keys[0] = first
}

// turn makes of keys the k-th of so many orders in a circle: odd ones go downwards.
//
//go:norace
func turn[K any](keys []K, k, orders int) {
	first := k / 2 * len(keys) / (orders / 2)
	if k%2 == 1 { // downwards from the key before the first
		slices.Reverse(keys)
		first = (len(keys) - first) % len(keys)
	}
	slices.Reverse(keys[:first])
	slices.Reverse(keys[first:])
	slices.Reverse(keys)
}
