package gotest

import (
	"fmt"
	"strconv"

	"synchrony/properties"
)

// seededPackages are those whose tests read a seed.
var seededPackages = []string{"pgregory.net/rapid", "synchrony/properties/batchtest", "synchrony/properties/programtest"}

// perInput is how many schedules an input gets of a test that has many.
const perInput = 50

// manyRuns is how many schedules are shared by the inputs of a test if only the time is bounded.
const manyRuns = 1000

// inputs is how many seeds to try the test with: one unless it reads a seed, and none without a schedule.
func (h *search) inputs() int {
	n := h.spec.Inputs
	switch {
	case !h.test.seeded:
		return 1
	case n == 0:
		n = max(h.spec.Schedules, manyRuns) / perInput
	}
	if h.spec.Schedules > 0 {
		n = min(n, h.spec.Schedules)
	}
	return n
}

// The inputs of neighbouring seeds of a search are apart by inputsApart, and those of any seed are exact where numbers are read as floating point.
const (
	inputsApart = 1_000_000
	inputMask   = 1<<53 - 1
)

// inputOf is the k-th input of a search with a seed, from 1: another search has other inputs. Those of seed 1 are 1, 2, 3, …
func inputOf(seed uint64, k int) int {
	return max(int(((seed-1)*inputsApart+uint64(k))&inputMask), 1)
}

// scheduleSeed is the seed of an input's schedules: each input has samples of its own, for it has too few to try the same ones with each.
func scheduleSeed(seed uint64, input int) uint64 {
	if input == 0 {
		return seed
	}
	z := seed + uint64(input)*0x9e3779b97f4a7c15 // splitmix64, Steele et al., OOPSLA 2014
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// environment is what a process of the case finds in its environment.
func (c *Case) environment() []string {
	if c.Input == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s=%d", properties.SeedVariable, c.Input)}
}

// arguments are those of a process of the case: rapid takes its seed from one.
func (c *Case) arguments() []string {
	if c.Input == 0 {
		return nil
	}
	return []string{"-rapid.seed=" + strconv.Itoa(c.Input), "-rapid.nofailfile"}
}
