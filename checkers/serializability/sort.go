package serializability

import "time"

// digit is how many bits the sort looks at in one pass.
const digit = 11

// sortedBy returns the indices of times in ascending order of them, equal ones in
// the order of the indices. Times that are nearly in order, as most are, are inserted
// where they belong; others take a radix sort from the least significant digit, in time
// linear in the number of times for a bounded span of them.
func sortedBy(times []time.Duration) []int32 {
	order := make([]int32, len(times))
	if inserted(times, order) {
		return order
	}
	var low, high uint64 = 1<<64 - 1, 0
	for _, t := range times {
		if key := ordinal(t); key != ordinal(1<<63-1) { // "forever" does not widen the span
			low, high = min(low, key), max(high, key)
		}
	}
	from, to := make([]keyed, len(times)), make([]keyed, len(times))
	for i, t := range times {
		from[i] = keyed{min(ordinal(t)-low, high-low+1), int32(i)}
	}
	for shift := 0; shift < 64 && (high-low+1)>>shift > 0; shift += digit {
		var next [1 << digit]int32
		for i := range from {
			next[from[i].key>>shift&(1<<digit-1)]++
		}
		sum := int32(0)
		for d, n := range next {
			next[d], sum = sum, sum+n
		}
		for i := range from {
			d := from[i].key >> shift & (1<<digit - 1)
			to[next[d]] = from[i]
			next[d]++
		}
		from, to = to, from
	}
	for i := range from {
		order[i] = from[i].index
	}
	return order
}

// steps is how many places an index may move on average for inserting to be the faster way.
const steps = 8

// inserted sorts by insertion, and reports false when that takes too many steps.
func inserted(times []time.Duration, order []int32) bool {
	left := steps * len(times)
	for i, t := range times {
		at := i
		for at > 0 && times[order[at-1]] > t {
			order[at] = order[at-1]
			at--
			if left--; left < 0 {
				return false
			}
		}
		order[at] = int32(i)
	}
	return true
}

type keyed struct {
	key   uint64
	index int32
}

// ordinal maps times to unsigned numbers in the same order.
func ordinal(t time.Duration) uint64 { return uint64(t) ^ 1<<63 }
