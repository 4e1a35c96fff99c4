//go:build go1.26

package context

import "synchrony/executor/shim/task"

// children are what is to be cancelled with a context, in the order in which it was derived. They are cancelled in any order, as in the
// standard library: which is next is picked by the run's strategy.
type children struct {
	first, last *child
	n           int
}

type child struct {
	cancel     func(err, cause error, remove bool)
	prev, next *child
	in         bool
}

func (l *children) add(cancel func(err, cause error, remove bool)) *child {
	k := &child{cancel: cancel, prev: l.last, in: true}
	if l.last != nil {
		l.last.next = k
	} else {
		l.first = k
	}
	l.last = k
	l.n++
	return k
}

// take removes the next to be cancelled; nil if none is left. The task's last step must be one that took it here.
func (l *children) take() *child {
	k := l.first
	if k == nil {
		return nil
	}
	if c := task.Find(nil); c != nil {
		for range c.Pick(l.n) {
			k = k.next
		}
	}
	l.remove(k)
	return k
}

func (l *children) remove(k *child) {
	if !k.in { // the parent has cancelled it
		return
	}
	k.in = false
	l.n--
	if k.prev != nil {
		k.prev.next = k.next
	} else {
		l.first = k.next
	}
	if k.next != nil {
		k.next.prev = k.prev
	} else {
		l.last = k.prev
	}
}
