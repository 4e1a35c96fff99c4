package batchtest

import "fmt"

// kind is what an operation of a transaction does.
type kind uint8

// The kinds of operations, by what they say in the text form. A key that is not there counts as 0.
const (
	opRead    kind = iota // read a
	opPut                 // put a 7
	opAdd                 // add a 1
	opMix                 // mix a 3: a becomes (3a + 3) mod 1000, so that the order of two of them shows
	opCopy                // copy a b: b becomes what a is, or goes if a is not there
	opDelete              // delete a
	opMove                // move a b 5: from a to b, if a has as much
	opBranch              // branch a b c 2: adds to b if a is odd, else to c
	opFollow              // follow a 2: adds to the key that a is the number of, in a circle
	opSum                 // sum a c d: d becomes the sum of what is from a on and before c
	opRequire             // require a 5: fails unless a has at least as much
	opFail                // fail
	opPanic               // panic
	kinds
)

// form is the text form of a kind: its word, and what follows it.
type form struct {
	word   string
	keys   int
	number bool
}

var forms = [kinds]form{
	opRead: {"read", 1, false}, opPut: {"put", 1, true}, opAdd: {"add", 1, true}, opMix: {"mix", 1, true}, opCopy: {"copy", 2, false},
	opDelete: {"delete", 1, false}, opMove: {"move", 2, true}, opBranch: {"branch", 3, true}, opFollow: {"follow", 1, true},
	opSum: {"sum", 3, false}, opRequire: {"require", 1, true}, opFail: {"fail", 0, false}, opPanic: {"panic", 0, false},
}

// op is one operation: its kind, as many keys as that takes, and a number if it takes one.
type op struct {
	kind kind
	keys [3]Key
	n    Value
}

// used are the keys that the operation names.
func (o *op) used() []Key { return o.keys[:forms[o.kind].keys] }

func (o *op) String() string {
	f := forms[o.kind]
	text := f.word
	for _, k := range o.used() {
		text += " " + k
	}
	if f.number {
		text += fmt.Sprintf(" %d", o.n)
	}
	return text
}

// view is the state as a transaction sees it.
type view struct {
	get  func(Key) (Value, bool)
	set  func(Key, Value)
	del  func(Key)
	scan func(from, to Key, yield func(Key, Value) bool)
}

// Failure is the error of a transaction that fails as it is meant to.
type Failure struct{ Reason string }

func (e *Failure) Error() string { return e.Reason }

// Panic is what a transaction panics with that is meant to.
type Panic struct{ Tx int }

func (p *Panic) Error() string { return fmt.Sprintf("transaction %d panics, as it is meant to", p.Tx) }

// mixed is how large values become by opMix, which must not overflow.
const mixed = 1000

// do does the operation. keys are those that opFollow chooses among.
func (o *op) do(tx int, keys []Key, v *view) error {
	a := o.keys[0]
	value := func(k Key) Value { n, _ := v.get(k); return n }
	switch o.kind {
	case opRead:
		value(a)
	case opPut:
		v.set(a, o.n)
	case opAdd:
		v.set(a, value(a)+o.n)
	case opMix:
		v.set(a, (3*value(a)+o.n)%mixed)
	case opCopy:
		if n, ok := v.get(a); ok {
			v.set(o.keys[1], n)
		} else {
			v.del(o.keys[1])
		}
	case opDelete:
		v.del(a)
	case opMove:
		if n := value(a); n >= o.n {
			v.set(a, n-o.n)
			v.set(o.keys[1], value(o.keys[1])+o.n)
		}
	case opBranch:
		to := o.keys[1]
		if value(a)%2 == 0 {
			to = o.keys[2]
		}
		v.set(to, value(to)+o.n)
	case opFollow:
		to := keys[int(uint64(value(a))%uint64(len(keys)))]
		v.set(to, value(to)+o.n)
	case opSum:
		sum := Value(0)
		v.scan(a, o.keys[1], func(_ Key, n Value) bool { sum += n; return true })
		v.set(o.keys[2], sum)
	case opRequire:
		if n := value(a); n < o.n {
			return &Failure{fmt.Sprintf("%s is %d, and must be at least %d", a, n, o.n)}
		}
	case opFail:
		return &Failure{"it fails, as it is meant to"}
	case opPanic:
		panic(&Panic{tx})
	}
	return nil
}

// reads and writes are the keys that the operation may read, and write, whatever they have. all are those of the block.
func (o *op) reads(all []Key) []Key {
	switch o.kind {
	case opPut, opDelete, opFail, opPanic:
		return nil
	case opFollow:
		return all
	case opSum:
		return within(all, o.keys[0], o.keys[1])
	case opCopy:
		return o.keys[:1]
	}
	return o.used()
}

func (o *op) writes(all []Key) []Key {
	switch o.kind {
	case opRead, opRequire, opFail, opPanic:
		return nil
	case opFollow:
		return all
	case opCopy:
		return o.keys[1:2]
	case opBranch:
		return o.keys[1:3]
	case opSum:
		return o.keys[2:3]
	}
	return o.used()
}

// within are those of ascending keys from one on and before another.
func within(keys []Key, from, to Key) (in []Key) {
	for _, k := range keys {
		if from <= k && k < to {
			in = append(in, k)
		}
	}
	return in
}
