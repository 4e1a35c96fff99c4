//go:build go1.26

package testing

import (
	"runtime/metrics"

	"synchrony/executor/shim/iter"
)

// created is how many goroutines this process has started, but for those that are coroutines of the program's.
func created() int {
	sample := []metrics.Sample{{Name: "/sched/goroutines-created:goroutines"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return int(sample[0].Value.Uint64()) - iter.Pulled()
}

// native is how many goroutines were started by the one run since then, beside its tasks.
func (s *search) native(before int) int { return max(created()-before-s.begun, 0) }
