//go:build !race

package sched

// count numbers the calls of a chaos runtime's hooks.
func (x *chaos) count() uint64 { return x.calls.Add(1) }
