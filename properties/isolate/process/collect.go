package process

import (
	"os"
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

// sentinel is an object that nothing points to. It has a pointer, for an object without one may never be finalized.
type sentinel struct{ _ *sentinel }

// collectSeldom tunes the collector of this process from now on, after each collection. If limit
// is not 0, it collects harder as the process comes near to so many bytes. What the environment says of the
// collector stays: GOGC and GOMEMLIMIT.
func collectSeldom(limit int64) {
	if limit > 0 && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(limit)
	}
	if os.Getenv("GOGC") != "" {
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	var tune func(*sentinel)
	tune = func(*sentinel) {
		metrics.Read(live)
		debug.SetGCPercent(percent(live[0].Value.Uint64()))
		runtime.SetFinalizer(&sentinel{}, tune) // runs after the next collection
	}
	tune(nil)
}

// percent is by how much a heap may grow of which so many bytes are in use.
func percent(live uint64) int {
	return int(max(usualPercent, min(seldomPercent, spare*100/max(live, 1))))
}
