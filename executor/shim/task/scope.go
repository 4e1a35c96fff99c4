//go:build go1.26

package task

import "time"

// Scope is what tasks have in common with those that started them: a bubble of package synctest.
type Scope struct {
	Epoch time.Time     // what the clock shows at Began; zero is the run's own
	Began time.Duration // of the run
}

// ScopeOf returns the scope of the running task, or nil.
//
//go:norace
func ScopeOf(c *Current) *Scope {
	s, _ := c.Self().Scope().(*Scope)
	return s
}
