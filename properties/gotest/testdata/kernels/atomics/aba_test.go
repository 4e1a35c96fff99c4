package atomics

import (
	"sync"
	"sync/atomic"
	"testing"
)

// slots hands out the numbers 1 to 3 from a lock-free stack. The low half of
// head is the number on top, 0 if there is none, and next holds the number
// under each. Every change of head adds version to it.
type slots struct {
	head    atomic.Uint64
	next    [4]atomic.Uint64
	version uint64
}

const number = 1<<32 - 1

func newSlots(version uint64) *slots {
	s := &slots{version: version}
	for n := uint64(3); n > 0; n-- {
		s.give(n)
	}
	return s
}

// replace makes n the number on top, unless head has changed since it was old.
func (s *slots) replace(old, n uint64) bool {
	return s.head.CompareAndSwap(old, (old&^number+s.version)|n)
}

// take returns 0 if no slot is free.
func (s *slots) take() uint64 {
	for {
		top := s.head.Load()
		n := top & number
		if n == 0 || s.replace(top, s.next[n].Load()) {
			return n
		}
	}
}

func (s *slots) give(n uint64) {
	for {
		top := s.head.Load()
		s.next[n].Store(top & number)
		if s.replace(top, n) {
			return
		}
	}
}

// takeTwice lets two goroutines take two slots each, of which one comes back
// in between.
func takeTwice(t *testing.T, s *slots) {
	var owners [4]atomic.Int32
	own := func(n uint64) {
		if owners[n].Add(1) > 1 && n > 0 {
			t.Errorf("slot %d has two owners", n)
		}
	}
	var other sync.WaitGroup
	other.Add(1)
	go func() {
		defer other.Done()
		first, second := s.take(), s.take()
		if first > 0 {
			s.give(first)
		}
		own(second)
	}()
	own(s.take())
	own(s.take())
	other.Wait()
}

// One goroutine has read head and the slot under it; the other takes both and
// gives the first back. Head is what it was, the compare-and-swap succeeds, and
// the second slot is handed out twice.
//
// want: failed at takeTwice
func TestABABuggy(t *testing.T) {
	takeTwice(t, newSlots(0))
}

// Here head tells its versions apart.
func TestABAFixed(t *testing.T) {
	takeTwice(t, newSlots(1<<32))
}
