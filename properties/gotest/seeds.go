package gotest

import (
	"fmt"
	"strconv"
)

const (
	// seedVariable is the environment variable in which a test finds the number of its input.
	seedVariable = "VERIFY_SEED"
	rapidPath    = "pgregory.net/rapid"
)

// perInput is how many schedules an input gets of a test that has many.
const perInput = 50

// manyRuns is how many schedules are shared by the inputs of a test if only the time is bounded.
const manyRuns = 1000

// inputs are the seeds to try the test with: one, 0, unless it reads a seed.
func (h *search) inputs() []int {
	n := 1
	if h.test.seeded {
		if n = h.spec.Inputs; n == 0 {
			n = max(h.spec.Schedules, manyRuns) / perInput
		}
	}
	if n <= 1 && !h.test.seeded {
		return []int{0}
	}
	list := make([]int, n)
	for i := range list {
		list[i] = i + 1
	}
	return list
}

// environment is what a process of the case finds in its environment.
func (c *Case) environment() []string {
	if c.Input == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s=%d", seedVariable, c.Input)}
}

// arguments are those of a process of the case: rapid takes its seed from one.
func (c *Case) arguments() []string {
	if c.Input == 0 {
		return nil
	}
	return []string{"-rapid.seed=" + strconv.Itoa(c.Input), "-rapid.nofailfile"}
}
