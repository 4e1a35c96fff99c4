//go:build go1.26

package task

import (
	"math/rand/v2"

	"synchrony/models/schedule"
)

// streams are the random numbers of a run: each task has a stream of its own, so that what it draws does not depend on what
// others draw meanwhile.
type streams struct{ by []*rand.Rand }

type streamsKey struct{}

// streamsOfTask is of how many streams a task's is chosen, when it draws for the first time.
const streamsOfTask = 16

// Random is the running task's stream of random numbers.
//
//go:norace
func Random(c *Current) *rand.Rand {
	c.Draws()
	s := Local(c, streamsKey{}, func() *streams { return new(streams) })
	n := int(c.Self().Number())
	for len(s.by) <= n {
		s.by = append(s.by, nil)
	}
	if s.by[n] == nil {
		k := c.ChooseData(schedule.ClassRandom, streamsOfTask, false)
		s.by[n] = rand.New(rand.NewPCG(c.seed, uint64(n)|uint64(k)<<32))
	}
	return s.by[n]
}
