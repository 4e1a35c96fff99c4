package process

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// A child's heap is small, and what its runs make is garbage soon: to collect it whenever the
// heap has doubled, as Go does, costs a fifth of all time. It is collected when it has grown to
// five times what is in use, but by no more than spare bytes where twice is more than that.
const (
	usualPercent  = 100
	seldomPercent = 400
	spare         = 128 << 20
)

// collectSeldom tunes the collector of this process from now on, after each collection. If limit
// is not 0, it collects harder as the process comes near to so many bytes.
func collectSeldom(limit int64) {
	if limit > 0 {
		debug.SetMemoryLimit(limit)
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	var tune func(*[1]uintptr)
	tune = func(*[1]uintptr) {
		metrics.Read(live)
		debug.SetGCPercent(percent(live[0].Value.Uint64()))
		runtime.SetFinalizer(new([1]uintptr), tune) // runs after the next collection
	}
	tune(nil)
}

// percent is by how much a heap may grow of which so many bytes are in use.
func percent(live uint64) int {
	return int(max(usualPercent, min(seldomPercent, spare*100/max(live, 1))))
}
