//go:build race

package sched

import "runtime"

// count numbers the calls of a noisy runtime's hooks. The detector must not take the counter for an order
// between those that call, or it would find few races.
func (x *noise) count() uint64 {
	runtime.RaceDisable()
	defer runtime.RaceEnable()
	return x.calls.Add(1)
}
