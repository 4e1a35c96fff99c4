package sched

import (
	"slices"

	"synchrony/models/schedule"
)

// minimiseDeviations returns as few deviations as it can such that fails still holds of
// them, which it must of devs, without looking at runs: by [ddmin], then by leaving one out while the later ones move a few steps, for
// steps are counted and a deviation that goes takes steps with it; then by
// taking smaller skips. No deviation of the result can be left out, and no skip
// be smaller. It calls fails some 80·n times. Deviations that depend on each other, and move by more steps than it tries, remain:
// [Minimise] leaves fewer where what a run did is known.
func minimiseDeviations(devs []schedule.Deviation, fails func([]schedule.Deviation) bool) []schedule.Deviation {
	for devs = slices.Clone(devs); ; {
		devs = ddmin(devs, func(devs []schedule.Deviation) ([]schedule.Deviation, bool) { return devs, fails(devs) })
		smaller, ok := dropAndMove(devs, fails)
		if !ok {
			smaller, ok = lowerSkip(devs, fails)
		}
		if !ok {
			return devs
		}
		devs = smaller
	}
}

// What dropAndMove tries: moves by up to so many steps, and skips up to.
const (
	farthestMove = 12
	highestSkip  = 3
)

// dropAndMove leaves one deviation out, the last if possible, moves those after it,
// and gives the next one another skip if need be.
func dropAndMove(devs []schedule.Deviation, fails func([]schedule.Deviation) bool) ([]schedule.Deviation, bool) {
	for i := len(devs) - 2; i >= 0; i-- { // to leave the last one out moves nothing
		next := devs[i+1]
		least := 0
		if i > 0 {
			least = devs[i-1].Step + 1
		}
		for step := max(least, next.Step-farthestMove); step <= next.Step+farthestMove; step++ {
			for skip := 1; skip <= max(next.Skip, highestSkip); skip++ {
				if skip > highestSkip && skip != next.Skip {
					continue
				}
				try := slices.Delete(slices.Clone(devs), i, i+1)
				for j := range try[i:] {
					try[i+j].Step += step - next.Step
				}
				try[i].Skip = skip
				if fails(try) {
					return try, true
				}
			}
		}
	}
	return nil, false
}

// lowerSkip lowers one skip.
func lowerSkip(devs []schedule.Deviation, fails func([]schedule.Deviation) bool) ([]schedule.Deviation, bool) {
	for i := range devs {
		for skip := 1; skip < devs[i].Skip; skip++ {
			try := slices.Clone(devs)
			try[i].Skip = skip
			if fails(try) {
				return try, true
			}
		}
	}
	return nil, false
}
