package sched

import (
	"runtime"
	"sync/atomic"
	"time"
)

// maxPause bounds a random pause of a noisy runtime.
const maxPause = 50 * time.Microsecond

// noise disturbs real goroutines. Its only state is a counter, so it is free of
// races and adds no lock of its own to the code under test; it is hidden from the race
// detector, which would take it for an order between the tasks.
type noise struct {
	seed  uint64
	calls atomic.Uint64
}

// NewNoisy makes a runtime of real goroutines whose hooks, at random, let other
// goroutines run or pause for up to 50 µs. What the n-th call does is a function
// of the seed; who makes it is up to the machine, so runs do not repeat exactly.
func NewNoisy(seed uint64) *Runtime { return &Runtime{noise: &noise{seed: seed}} }

//go:noinline
func (x *noise) disturb() {
	r := mix(x.seed + x.count()*0x9e3779b97f4a7c15)
	switch k := r % 64; {
	case k < 40: // most hooks just pass, or everything would run in lockstep
	case k < 58:
		runtime.Gosched()
	case k < 63: // a pause that sleeping would make far longer
		until := time.Since(epoch) + time.Duration(r>>32)%maxPause
		for time.Since(epoch) < until {
			runtime.Gosched()
		}
	default:
		time.Sleep(time.Duration(r>>32) % maxPause)
	}
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood: Fast Splittable
// Pseudorandom Number Generators, OOPSLA 2014): it makes a counter look random.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
