package checkers

import "sync/atomic"

// Remember returns f, which must be pure, with a memory of what it said last: a workload is run under many schedules,
// one after another, and what is due for it is the same in each. What a key points to must not change. It may be called by
// many goroutines at once.
func Remember[K comparable, V any](f func(K) V) func(K) V {
	type answer struct {
		key  K
		said V
	}
	var last atomic.Pointer[answer]
	return func(k K) V {
		if known := last.Load(); known != nil && known.key == k {
			return known.said
		}
		now := &answer{k, f(k)}
		last.Store(now)
		return now.said
	}
}
