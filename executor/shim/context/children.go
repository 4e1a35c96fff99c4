//go:build go1.26

package context

// children are what is to be cancelled with a context, in the order in which it was derived: the standard library
// has no order, but a run must be repeatable.
type children struct{ first, last *child }

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
	return k
}

func (l *children) remove(k *child) {
	if !k.in || l.first == nil { // the parent has cancelled all
		return
	}
	k.in = false
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
