//go:build go1.26

// Package iter provides what the standard library's iter does to make coroutines, in the same names, under a controlled run's schedule: a
// coroutine is a task there. See package task. Others are counted: such a coroutine is a goroutine that never runs at once with who made it.
package iter

import (
	"iter"
	"runtime"
	"sync/atomic"

	"synchrony/executor/shim/task"
)

// pulled is how many coroutines were made in this process that are no tasks.
var pulled atomic.Int64

// Pulled is how many coroutines this process has made with this package that are no tasks.
func Pulled() int { return int(pulled.Load()) }

// Pull is [iter.Pull].
func Pull[V any](seq iter.Seq[V]) (next func() (V, bool), stop func()) {
	c := task.Find(nil)
	if c == nil {
		pulled.Add(1)
		return iter.Pull(seq)
	}
	p := &puller[V]{seq: seq}
	p.run, p.body = c, p.produce
	return p.next, p.stop
}

// Pull2 is [iter.Pull2].
func Pull2[K, V any](seq iter.Seq2[K, V]) (next func() (K, V, bool), stop func()) {
	if task.Find(nil) == nil {
		pulled.Add(1)
		return iter.Pull2(seq)
	}
	type pair struct {
		k K
		v V
	}
	one, stop := Pull(func(yield func(pair) bool) {
		seq(func(k K, v V) bool { return yield(pair{k, v}) })
	})
	return func() (K, V, bool) {
		p, ok := one()
		return p.k, p.v, ok
	}, stop
}

// puller is a sequence of which values are asked for one by one.
type puller[V any] struct {
	coroutine
	seq iter.Seq[V]

	value  V
	ok     bool // there is a value
	asked  bool // for the next value
	over   bool // there is none any more, or none is wanted
	panics any  // what the sequence panicked with, not yet passed on
	exited bool // the sequence called runtime.Goexit, which is not yet passed on
}

func (p *puller[V]) produce() {
	returned := false
	defer func() {
		if task.Over() { // tasks are ended, in an order that means nothing
			return
		}
		p.panics = recover()
		p.exited = p.panics == nil && !returned
		p.over = true
	}()
	p.seq(p.give)
	var none V
	p.value, p.ok = none, false
	returned = true
}

// give is what the sequence is told to call with each value.
func (p *puller[V]) give(v V) bool {
	if p.over {
		return false
	}
	if !p.asked {
		panic("iter.Pull: yield called again before next")
	}
	p.asked, p.value, p.ok = false, v, true
	p.yield()
	return !p.over
}

func (p *puller[V]) next() (v V, ok bool) {
	if task.Over() || p.over {
		return v, false
	}
	if p.asked {
		panic("iter.Pull: next called again before yield")
	}
	p.asked = true
	if !p.resume() {
		return v, false
	}
	p.passOn()
	return p.value, p.ok
}

func (p *puller[V]) stop() {
	if task.Over() || p.over {
		return
	}
	p.over = true
	if p.begun && p.resume() {
		p.passOn()
	}
}

// passOn ends who asked as the sequence ended.
func (p *puller[V]) passOn() {
	x, exited := p.panics, p.exited
	p.panics, p.exited = nil, false
	switch {
	case x != nil:
		panic(x)
	case exited:
		runtime.Goexit()
	}
}
