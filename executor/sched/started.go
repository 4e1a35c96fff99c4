package sched

import "runtime/metrics"

// Started is how many goroutines this process has started, coroutines included; 0 if the Go runtime does not say it. What a run has started
// beside [Record.Begun] is not under control; others of the process may have started it, too.
func Started() int {
	sample := []metrics.Sample{{Name: "/sched/goroutines-created:goroutines"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return int(sample[0].Value.Uint64())
}
