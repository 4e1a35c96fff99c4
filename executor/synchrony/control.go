package synchrony

import (
	"sync/atomic"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// phase is a batch's fate. It leaves running once, and never changes again.
type phase int64

const (
	running phase = iota
	committed
	aborted
	expired
	cancelled
)

// control is the batch's fate in one word: the phase in the upper half, a
// transaction's index in the lower. While running or aborted, the index is that of
// the first failed transaction known, or none; it only falls. When expired, it is the
// transaction whose own limit was passed, or none.
//
// One word, because "commit unless expired" and "abort with the first failure
// unless cancelled" must each be one step.
type control struct {
	word atomic.Int64
	none int32 // the number of transactions
}

func (c *control) reset(n int) {
	c.none = int32(n)
	c.word.Store(pack(running, c.none))
}

func pack(p phase, tx int32) int64 { return int64(p)<<32 | int64(uint32(tx)) }

func unpack(word int64) (phase, int32) { return phase(word >> 32), int32(word) }

func (c *control) load(rt *sched.Runtime) (phase, int32) {
	rt.Yield(schedule.OpLoad, controlObject)
	return unpack(c.word.Load())
}

// calm reports whether the batch still runs, and without a failure.
func (c *control) calm(rt *sched.Runtime) bool {
	rt.Yield(schedule.OpLoad, controlObject)
	return c.word.Load() == int64(c.none) // pack(running, none)
}

// fail notes that tx failed. It reports whether tx is now the first failure, in a
// batch that still runs.
func (c *control) fail(rt *sched.Runtime, tx int32) bool {
	for {
		p, first := c.load(rt)
		if p != running || first <= tx {
			return false
		}
		if c.swap(rt, pack(p, first), pack(running, tx)) {
			return true
		}
	}
}

// end decides the batch's fate, unless that has been decided: then it is false.
// A commit is refused also if a transaction has failed.
func (c *control) end(rt *sched.Runtime, fate phase, tx int32) bool {
	for {
		p, first := c.load(rt)
		if p != running || fate == committed && first != c.none {
			return false
		}
		index := first
		if fate == expired {
			index = tx
		}
		if c.swap(rt, pack(p, first), pack(fate, index)) {
			return true
		}
	}
}

func (c *control) swap(rt *sched.Runtime, old, new int64) bool {
	rt.Yield(schedule.OpRMW, controlObject)
	return c.word.CompareAndSwap(old, new)
}
