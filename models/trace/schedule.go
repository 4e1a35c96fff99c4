package trace

// Deviation is one choice that differs from the default: at decision Step, the
// Skip-th alternative of the ordered enabled list is taken instead of the
// first. The list is: the current task if it is enabled, then the others
// round-robin from it, the clock last.
type Deviation struct {
	Step int // counted over all scheduling decisions, from 0
	Skip int // ≥ 1
}

// Schedule is a run's deviations from the default schedule, in step order, with
// the hash of the trace they led to. The zero Schedule is the default one,
// not held to any trace.
type Schedule struct {
	Deviations []Deviation
	Hash       uint64 // FNV-1a over the steps and the enabled sets; 0 is unknown
	Steps      int    // how many decisions the run took; 0 is unknown
}
