package sched

import (
	"slices"

	"synchrony/models/trace"
)

// Minimise returns as few deviations as it can such that fails still holds of
// them, which it must of devs: by delta debugging (Zeller, Hildebrandt:
// Simplifying and Isolating Failure-Inducing Input, IEEE TSE 2002, algorithm
// ddmin), then by taking smaller skips. No deviation of the result can be
// left out, and no skip be made 1. It calls fails O(n²) times at worst. The
// slice handed to fails is good until fails returns.
func Minimise(devs []trace.Deviation, fails func([]trace.Deviation) bool) []trace.Deviation {
	devs = ddmin(slices.Clone(devs), fails)
	for smaller := true; smaller; {
		smaller = false
		for i := range devs {
			for skip := 1; skip < devs[i].Skip; skip++ {
				try := slices.Clone(devs)
				try[i].Skip = skip
				if fails(try) {
					devs, smaller = try, true
					break
				}
			}
		}
		if smaller { // with other skips, others may be superfluous
			devs = ddmin(devs, fails)
		}
	}
	return devs
}

// ddmin removes chunks, ever smaller ones, until no single deviation can go. (With two
// chunks, what is left without one is the other: the paper's first step,
// to keep one chunk, is not needed beside the second.)
func ddmin(devs []trace.Deviation, fails func([]trace.Deviation) bool) []trace.Deviation {
	if len(devs) > 0 && fails(nil) {
		return nil
	}
	for parts := 2; len(devs) > 1; {
		size := (len(devs) + parts - 1) / parts
		reduced := false
		for from := 0; from < len(devs) && !reduced; from += size {
			rest := slices.Concat(devs[:from], devs[min(from+size, len(devs)):])
			if fails(rest) {
				devs, parts, reduced = rest, max(parts-1, 2), true
			}
		}
		switch {
		case reduced:
		case size == 1:
			return devs
		default:
			parts = min(2*parts, len(devs))
		}
	}
	return devs
}
