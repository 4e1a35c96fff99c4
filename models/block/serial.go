package block

import (
	"errors"
	"fmt"
	"slices"
)

// Policy is what becomes of a block in which a transaction fails.
type Policy uint8

const (
	// Isolate: a transaction that fails has no effect, and the others go on.
	Isolate Policy = iota + 1
	// RollBack: the first transaction that fails, in the order of the block, ends the block, and nothing of it is committed.
	RollBack
	// KeepPrefix: the first transaction that fails, in the order of the block, ends the block, and what those before it did is committed.
	KeepPrefix
)

// String is "isolate", "roll back" or "keep prefix".
func (p Policy) String() string {
	switch p {
	case Isolate:
		return "isolate"
	case RollBack:
		return "roll back"
	case KeepPrefix:
		return "keep prefix"
	}
	return fmt.Sprintf("policy %d", uint8(p))
}

// Serial is what the transactions of a block come to, one after another: the specification. It keeps every version of every key, so that what would have
// come of another read can be asked for, too: see [Departure].
type Serial struct {
	Block    *Block
	Policy   Policy
	Keys     []Key
	Versions map[Key][]Version // ascending in the order of execution; the first is the initial one

	State  State      // after the block
	Errors []error    // by transaction; nil of those that were not executed
	Ran    []int      // the transactions that were executed, in their order: fewer than there are if a failure ended the block
	Broken bool       // a failure ended the block
	Wrote  [][]Key    // by transaction
	Read   [][]Access // by transaction, but for what it had itself written
}

// Version is what a transaction left of a key.
type Version struct {
	Writer int // [Initially] of what was there before
	Value  Value
	There  bool
}

// ErrPanicked is why a transaction failed that panicked as it is meant to.
var ErrPanicked = errors.New("it panicked, as it is meant to")

// Departure is a way in which an execution departs from the serial one. The zero value is none.
type Departure struct {
	Order  []int                            // of execution; nil is that of the block
	Hidden func(tx, writer int, k Key) bool // whether tx does not see what writer left of k
	Lost   func(writer int, k Key) bool     // whether what writer left of k is in effect nowhere
	Kept   bool                             // what a failed transaction had written stays
	Policy Policy                           // in place of the block's, if it is not 0
}

// Execute executes the block serially, but for a departure.
func Execute(b *Block, p Policy, d Departure) *Serial {
	s := &Serial{
		Block: b, Policy: p, Keys: b.Keys(), Versions: map[Key][]Version{}, Errors: make([]error, b.Len()),
		Wrote: make([][]Key, b.Len()), Read: make([][]Access, b.Len()),
	}
	for k, v := range b.Initial {
		s.Versions[k] = []Version{{Initially, v, true}}
	}
	if d.Policy != 0 {
		s.Policy = d.Policy
	}
	order := d.Order
	if order == nil {
		for i := range b.Transactions {
			order = append(order, i)
		}
	}
	for _, tx := range order {
		s.Ran = append(s.Ran, tx)
		if s.one(tx, &d); s.Errors[tx] != nil && s.Policy != Isolate {
			s.Broken = true
			break
		}
	}
	s.State = s.final()
	return s
}

// one executes a transaction on what those before it have left.
func (s *Serial) one(tx int, d *Departure) {
	own := map[Key]Version{}
	get := func(k Key) (Value, bool) {
		if v, ok := own[k]; ok {
			return v.Value, v.There
		}
		v := s.seen(tx, k, d)
		s.Read[tx] = append(s.Read[tx], Access{Key: k, Value: v.Value, Writer: v.Writer})
		return v.Value, v.There
	}
	v := View{
		Get: get,
		Set: func(k Key, n Value) { own[k] = Version{tx, n, true} },
		Del: func(k Key) { own[k] = Version{tx, 0, false} },
		Scan: func(from, to Key, yield func(Key, Value) bool) {
			for _, k := range within(s.Keys, from, to) {
				if n, ok := get(k); ok && !yield(k, n) {
					return
				}
			}
		},
	}
	s.Errors[tx] = guarded(func() error { return s.Block.Transactions[tx].Apply(tx, s.Keys, &v) })
	if s.Errors[tx] != nil && !d.Kept {
		return
	}
	for _, k := range s.Keys {
		if n, ok := own[k]; ok && (d.Lost == nil || !d.Lost(tx, k)) {
			s.Versions[k] = append(s.Versions[k], n)
			s.Wrote[tx] = append(s.Wrote[tx], k)
		}
	}
}

// seen is the version of a key that a transaction sees.
func (s *Serial) seen(tx int, k Key, d *Departure) Version {
	for _, v := range slices.Backward(s.Versions[k]) {
		if v.Writer == Initially || d.Hidden == nil || !d.Hidden(tx, v.Writer, k) {
			return v
		}
	}
	return Version{Writer: Initially}
}

// guarded is f, with a panic that is meant as an error.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			if _, meant := p.(*Panicked); !meant {
				panic(p)
			}
			err = ErrPanicked
		}
	}()
	return f()
}

// final is the state that the versions come to.
func (s *Serial) final() State {
	if s.Broken && s.Policy == RollBack {
		return s.Block.Initial.Clone()
	}
	state := State{}
	for k, list := range s.Versions {
		if last := list[len(list)-1]; last.There {
			state[k] = last.Value
		}
	}
	return state
}

// FirstFailure is the first transaction that failed, or -1.
func (s *Serial) FirstFailure() int {
	return slices.IndexFunc(s.Errors, func(err error) bool { return err != nil })
}

// LastWriter is who wrote what a key has at the end; [Initially] if nobody did.
func (s *Serial) LastWriter(k Key) int {
	if list := s.Versions[k]; len(list) > 0 {
		return list[len(list)-1].Writer
	}
	return Initially
}
