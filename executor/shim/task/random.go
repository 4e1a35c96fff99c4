//go:build go1.26

package task

import "math/rand/v2"

// streams are the random numbers of a run: each task has a stream of its own, so that what it draws does not depend on what
// others draw meanwhile.
type streams struct{ by []*rand.Rand }

type streamsKey struct{}

// Random is the running task's stream of random numbers.
//
//go:norace
func Random(c *Current) *rand.Rand {
	s := Local(c, streamsKey{}, func() *streams { return new(streams) })
	n := int(c.Self().Number())
	for len(s.by) <= n {
		s.by = append(s.by, nil)
	}
	if s.by[n] == nil {
		s.by[n] = rand.New(rand.NewPCG(c.seed, uint64(n)))
	}
	return s.by[n]
}
