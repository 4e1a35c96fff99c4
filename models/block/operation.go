package block

import (
	"fmt"
	"strings"
)

// Kind is what an operation of a transaction does.
type Kind uint8

// The kinds of operations, by what they say in the text form. A key that is not there counts as 0.
const (
	Read     Kind = iota // read a
	Write                // write a 7, without reading it
	Add                  // add a 1
	Mix                  // mix a 3: a becomes (3a + 3) mod 1000, so that the order of two of them shows
	Copy                 // copy a b: b becomes what a is, or goes if a is not there
	Delete               // delete a
	Move                 // move a b 5: from a to b, if a has as much
	Branch               // branch a b c 2: adds to b if a is odd, else to c
	Follow               // follow a 2: adds to the key of the block that a is the number of, in a circle
	Sum                  // sum a c d: d becomes the sum of what is from a on and before c
	Require              // require a 5: fails unless a has at least as much
	Transfer             // transfer a b 5: from a to b, and fails unless a has at least as much
	Fail                 // fail
	Panic                // panic
	Kinds    int  = iota // how many there are
)

// Form is the text form of a kind: its word, how many keys follow it, and whether a number does.
type Form struct {
	Word   string
	Keys   int
	Number bool
}

var forms = [Kinds]Form{
	Read: {"read", 1, false}, Write: {"write", 1, true}, Add: {"add", 1, true}, Mix: {"mix", 1, true}, Copy: {"copy", 2, false},
	Delete: {"delete", 1, false}, Move: {"move", 2, true}, Branch: {"branch", 3, true}, Follow: {"follow", 1, true}, Sum: {"sum", 3, false},
	Require: {"require", 1, true}, Transfer: {"transfer", 2, true}, Fail: {"fail", 0, false}, Panic: {"panic", 0, false},
}

// Form is the kind's; that of one that there is not has no word.
func (k Kind) Form() Form {
	if int(k) < Kinds {
		return forms[k]
	}
	return Form{}
}

// Operation is one operation: its kind, as many keys as that takes, and an amount if it takes a number.
type Operation struct {
	Kind   Kind
	Keys   [3]Key
	Amount Value
}

// Used are the keys that the operation names.
func (o *Operation) Used() []Key { return o.Keys[:o.Kind.Form().Keys] }

func (o *Operation) String() string {
	f := o.Kind.Form()
	words := append([]string{f.Word}, o.Used()...)
	if f.Number {
		words = append(words, fmt.Sprint(o.Amount))
	}
	return strings.Join(words, " ")
}

// View is the state as a transaction sees it.
type View struct {
	Get  func(Key) (Value, bool)
	Set  func(Key, Value)
	Del  func(Key)
	Scan func(from, to Key, yield func(Key, Value) bool)
}

// Failure is the error of a transaction that fails as it is meant to.
type Failure struct{ Reason string }

func (e *Failure) Error() string { return e.Reason }

// Panicked is what a transaction panics with that is meant to.
type Panicked struct{ Tx int }

func (p *Panicked) Error() string {
	return fmt.Sprintf("transaction %d panics, as it is meant to", p.Tx)
}

// mixed is how large values become by Mix, which must not overflow.
const mixed = 1000

// do does the operation. keys are those that Follow chooses among.
func (o *Operation) do(tx int, keys []Key, v *View) error {
	a := o.Keys[0]
	value := func(k Key) Value { n, _ := v.Get(k); return n }
	switch o.Kind {
	case Read:
		value(a)
	case Write:
		v.Set(a, o.Amount)
	case Add:
		v.Set(a, value(a)+o.Amount)
	case Mix:
		v.Set(a, (3*value(a)+o.Amount)%mixed)
	case Copy:
		if n, ok := v.Get(a); ok {
			v.Set(o.Keys[1], n)
		} else {
			v.Del(o.Keys[1])
		}
	case Delete:
		v.Del(a)
	case Move, Transfer:
		return o.move(value(a), v)
	case Branch:
		to := o.Keys[1]
		if value(a)%2 == 0 {
			to = o.Keys[2]
		}
		v.Set(to, value(to)+o.Amount)
	case Follow:
		to := keys[int(uint64(value(a))%uint64(len(keys)))]
		v.Set(to, value(to)+o.Amount)
	case Sum:
		sum := Value(0)
		v.Scan(a, o.Keys[1], func(_ Key, n Value) bool { sum += n; return true })
		v.Set(o.Keys[2], sum)
	case Require:
		return o.require(value(a))
	case Fail:
		return &Failure{"it fails, as it is meant to"}
	case Panic:
		panic(&Panicked{tx})
	}
	return nil
}

// move moves the amount from a key that has n.
func (o *Operation) move(n Value, v *View) error {
	switch err := o.require(n); {
	case err != nil && o.Kind == Transfer:
		return err
	case err != nil:
		return nil
	}
	v.Set(o.Keys[0], n-o.Amount)
	to, _ := v.Get(o.Keys[1])
	v.Set(o.Keys[1], to+o.Amount)
	return nil
}

// require is the error that the key has n only, if that is too little.
func (o *Operation) require(n Value) error {
	if n >= o.Amount {
		return nil
	}
	return &Failure{fmt.Sprintf("%s is %d, and must be at least %d", o.Keys[0], n, o.Amount)}
}

// reads and writes are the keys that the operation may read, and write, whatever they have. all are those of the block.
func (o *Operation) reads(all []Key) []Key {
	switch o.Kind {
	case Write, Delete, Fail, Panic:
		return nil
	case Follow:
		return all
	case Sum:
		return within(all, o.Keys[0], o.Keys[1])
	case Copy:
		return o.Keys[:1]
	}
	return o.Used()
}

func (o *Operation) writes(all []Key) []Key {
	switch o.Kind {
	case Read, Require, Fail, Panic:
		return nil
	case Follow:
		return all
	case Copy:
		return o.Keys[1:2]
	case Branch:
		return o.Keys[1:3]
	case Sum:
		return o.Keys[2:3]
	}
	return o.Used()
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
