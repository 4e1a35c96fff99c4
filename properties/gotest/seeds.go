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
