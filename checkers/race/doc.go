// Package race decides whether a run's accesses were synchronised, and whether
// they had the effect of serial execution: use [New].
//
// In a controlled run, every step is recorded, and the happens-before order that
// they make is computed with vector clocks; two accesses to one object, one of them
// a write and one of them not atomic, that it leaves unordered are a data race,
// whether or not they did harm this time. Runs on real goroutines have no steps;
// for them, as for the others, it is judged what the race would have done:
// transactions that conflict must not overlap in time, each read must see what the
// last writer before it in submission order wrote, and the final state must be the
// serial one.
package race
