package batchtest

import (
	"errors"
	"slices"
)

// serial is the specification: what the transactions of a block come to, one after another. It keeps every version of every key, so that
// what would have come of another read can be asked for, too: see skew.
type serial struct {
	block    *Block
	policy   Policy
	keys     []Key
	versions map[Key][]version // ascending by writer; the first is the initial one

	state  State   // after the block
	errors []error // by transaction; of those that were not executed nil
	ran    []int   // the transactions that were executed, in their order: fewer than there are if a failure ended the block
	broken bool    // a failure ended the block
	wrote  [][]Key // by transaction
	read   [][]access
}

// version is what a transaction left of a key.
type version struct {
	writer int // initially -1
	value  Value
	there  bool
}

// access is a read and the version that it saw.
type access struct {
	key    Key
	writer int
	value  Value
	there  bool
}

// errPanicked is why a transaction failed that panicked as it is meant to.
var errPanicked = errors.New("it panicked, as it is meant to")

// skew is a way in which an execution departs from the serial one. The zero value is none.
type skew struct {
	order  []int                            // of execution; nil is that of the block
	hidden func(tx, writer int, k Key) bool // whether tx does not see what writer left of k
	lost   func(writer int, k Key) bool     // whether what writer left of k is in effect nowhere
	kept   bool                             // what a failed transaction had written stays
	policy Policy                           // in place of the block's, if it is not 0
}

// execute executes the block serially, but for a skew.
func execute(b *Block, p Policy, s skew) *serial {
	r := &serial{
		block: b, policy: p, keys: b.keys(), versions: map[Key][]version{}, errors: make([]error, b.Len()),
		wrote: make([][]Key, b.Len()), read: make([][]access, b.Len()),
	}
	for k, v := range b.initial.Sorted() {
		r.versions[k] = []version{{-1, v, true}}
	}
	if s.policy != 0 {
		r.policy = s.policy
	}
	order := s.order
	if order == nil {
		for i := range b.bodies {
			order = append(order, i)
		}
	}
	for _, tx := range order {
		r.ran = append(r.ran, tx)
		if r.one(tx, &s); r.errors[tx] != nil && r.policy != Isolate {
			r.broken = true
			break
		}
	}
	r.state = r.final()
	return r
}

// one executes a transaction on what those before it have left.
func (r *serial) one(tx int, s *skew) {
	own := map[Key]version{}
	get := func(k Key) (Value, bool) {
		if v, ok := own[k]; ok {
			return v.value, v.there
		}
		v := r.seen(tx, k, s)
		r.read[tx] = append(r.read[tx], access{k, v.writer, v.value, v.there})
		return v.value, v.there
	}
	v := view{
		get: get,
		set: func(k Key, n Value) { own[k] = version{tx, n, true} },
		del: func(k Key) { own[k] = version{tx, 0, false} },
		scan: func(from, to Key, yield func(Key, Value) bool) {
			for _, k := range within(r.keys, from, to) {
				if n, ok := get(k); ok && !yield(k, n) {
					return
				}
			}
		},
	}
	r.errors[tx] = guarded(func() error { return r.block.bodies[tx].apply(tx, r.keys, &v) })
	if r.errors[tx] != nil && !s.kept {
		return
	}
	for _, k := range r.keys {
		if n, ok := own[k]; ok && (s.lost == nil || !s.lost(tx, k)) {
			r.versions[k] = append(r.versions[k], n)
			r.wrote[tx] = append(r.wrote[tx], k)
		}
	}
}

// seen is the version of a key that a transaction sees.
func (r *serial) seen(tx int, k Key, s *skew) version {
	for _, v := range slices.Backward(r.versions[k]) {
		if v.writer < 0 || s.hidden == nil || !s.hidden(tx, v.writer, k) {
			return v
		}
	}
	return version{writer: -1}
}

// guarded is f, with a panic that is meant as an error.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			if _, meant := p.(*Panic); !meant {
				panic(p)
			}
			err = errPanicked
		}
	}()
	return f()
}

// final is the state that the versions come to.
func (r *serial) final() State {
	if r.broken && r.policy == RollBack {
		return r.block.initial.Clone()
	}
	state := State{}
	for k, list := range r.versions {
		if last := list[len(list)-1]; last.there {
			state[k] = last.value
		}
	}
	return state
}

// lastWriter is who wrote what a key has at the end; -1 if nobody did.
func (r *serial) lastWriter(k Key) int {
	if list := r.versions[k]; len(list) > 0 {
		return list[len(list)-1].writer
	}
	return -1
}
