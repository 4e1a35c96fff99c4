//go:build go1.26

package task

import "time"

// Bubble is the value of the scope of a bubble's tasks: see package synctest.
type Bubble struct {
	Epoch time.Time     // what the clock shows at Began; zero is the run's own
	Began time.Duration // of the run
}

// BubbleOf returns the bubble that the running task is in, or nil.
//
//go:norace
func BubbleOf(c *Current) *Bubble {
	s := c.Self().Scope()
	if s == nil {
		return nil
	}
	b, _ := s.Value.(*Bubble)
	return b
}
