package sched

import "slices"

// ddmin removes chunks of a list, ever smaller ones, until no single element can go: delta debugging (Zeller, Hildebrandt: Simplifying and
// Isolating Failure-Inducing Input, IEEE TSE 2002, algorithm ddmin). (With two
// chunks, what is left without one is the other: the paper's first step,
// to keep one chunk, is not needed beside the second.) If what is left will do, try returns what to go on with: it, or a part of it.
func ddmin[T any](list []T, try func([]T) ([]T, bool)) []T {
	if len(list) > 0 {
		if none, ok := try(nil); ok {
			return none
		}
	}
	for parts := 2; len(list) > 1; {
		size := (len(list) + parts - 1) / parts
		reduced := false
		for from := 0; from < len(list) && !reduced; from += size {
			rest := slices.Concat(list[:from], list[min(from+size, len(list)):])
			if rest, ok := try(rest); ok {
				list, parts, reduced = rest, max(parts-1, 2), true
			}
		}
		switch {
		case reduced:
		case size == 1:
			return list
		default:
			parts = min(2*parts, len(list))
		}
	}
	return list
}
