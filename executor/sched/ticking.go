package sched

import "synchrony/models/schedule"

// While main waits, tickers may keep other tasks going for ever. That no task other than those could wake main again cannot be
// known from the outside, but some of it can:
//
//   - If nobody can run, and nobody would notice an alarm that rings, all are stuck: see controlled.inVain. This is certain.
//   - If tickers alone let the run go on, and what happened between one tick and the next repeats over and over, and consists of
//     steps only that read or that wait for a tick, then nothing that tasks share has changed, and
//     nothing will, unless a timer rings that is set, or a task counts ticks in memory of its own. This is a guess: the run is
//     ended as Ticking, which is as inconclusive as the step limit. The higher that is, the more repetitions it takes.
//
// Whatever else goes on for ever, such as loops that lock or sleep, ends at the step limit.

// stepsPerTick is for how many of the steps allowed what tickers do must repeat once.
const stepsPerTick = 20

// longestCycle is how many ticks may lie between repetitions.
const longestCycle = 32

// ticking is what tickers have done since main last took a step.
type ticking struct {
	hashes [longestCycle]uint64 // of what happened up to each tick, by number modulo the length
	ticks  int
	cycle  int // after so many ticks it repeats
	equal  int // so many ticks have repeated
	from   int // the first step after the last tick
}

// restart forgets what tickers did: something else happened.
//
//go:norace
func (k *ticking) restart(step int) { k.ticks, k.cycle, k.equal, k.from = 0, 0, 0, step }

// tick takes note of a tick: of the steps since the last one.
//
//go:norace
func (k *ticking) tick(steps []schedule.Step) {
	h := uint64(fnvOffset)
	for _, s := range steps[k.from:] {
		if !idles(s) {
			k.restart(len(steps))
			return
		}
		o := s.Object
		if o.Class == schedule.ClassUser { // which of several ready cases was picked does not matter
			o.Index = 0
		}
		h = (h ^ (uint64(uint32(s.Task))<<32 | uint64(s.Op)<<8 | uint64(o.Class))) * fnvPrime
		h = (h ^ uint64(uint32(o.Index))) * fnvPrime
	}
	k.from = len(steps)
	k.repeat(h)
	k.hashes[k.ticks%longestCycle] = h
	k.ticks++
}

// repeat looks whether h is what it was a cycle before, and else for another cycle.
//
//go:norace
func (k *ticking) repeat(h uint64) {
	if k.cycle > 0 && k.hashes[(k.ticks-k.cycle)%longestCycle] == h {
		k.equal++
		return
	}
	k.cycle, k.equal = 0, 0
	for n := 1; n <= min(k.ticks, longestCycle); n++ {
		if k.hashes[(k.ticks-n)%longestCycle] == h {
			k.cycle = n
			return
		}
	}
}

// idles reports whether a step changes nothing that tasks share.
//
//go:norace
func idles(s schedule.Step) bool {
	switch s.Op {
	case schedule.OpFire, schedule.OpSelect, schedule.OpPick, schedule.OpWake, schedule.OpLoad, schedule.OpRead, schedule.OpNone, schedule.OpSpin, schedule.OpYield:
		return true
	case schedule.OpRecv:
		return s.Object.Class == schedule.ClassTimer
	}
	return false
}
