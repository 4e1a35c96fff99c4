//go:build !race

package sched

// count numbers the calls of a noisy runtime's hooks.
func (x *noise) count() uint64 { return x.calls.Add(1) }
