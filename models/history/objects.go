package history

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
	"strconv"
)

// Objects is what actions mean, one at a time and as plain as can be: the sequential specification of every [ActionKind] but
// [AwaitAll], which has an effect only together with others: see [Linearizable].
type Objects struct {
	Sets   bool // what ReadKey reads are the members of sets
	values map[string]Value
	locks  map[string]lockState
}

// lockState is a lock; the zero value is free.
type lockState struct {
	holder int32 // a process
	times  int   // how often it has the lock
	token  int64 // the last one
}

// NewObjects are objects of which these are there at first.
func NewObjects(initial []Entry) *Objects {
	o := &Objects{values: map[string]Value{}, locks: map[string]lockState{}}
	for _, e := range initial {
		o.values[e.Key] = e.Value
	}
	return o
}

// Clone returns a copy that shares nothing.
func (o *Objects) Clone() *Objects {
	return &Objects{o.Sets, maps.Clone(o.values), maps.Clone(o.locks)}
}

// Ways is in how many ways an action can be done now, if its result is not told: which element is taken, which token is given.
func (o *Objects) Ways(a Action) int {
	switch {
	case a.Kind == TakeAny:
		return max(1, len(o.values[a.Key].Elements()))
	case a.Kind == LockFenced && a.Value.Kind == Absent:
		return 2
	}
	return 1
}

// Do does an action of a process in one of its ways, from 0, and returns it with the results that it has; false if it cannot be done now, which
// leaves everything as it is.
func (o *Objects) Do(process int32, a Action, way int) (Action, bool) {
	now := o.values[a.Key]
	switch a.Kind {
	case ReadKey:
		a.Value = now
		if o.Sets {
			a.Value = ListOf(slices.Sorted(slices.Values(now.Elements())))
		}
	case WriteKey:
		o.set(a.Key, a.Value)
	case DeleteKey:
		delete(o.values, a.Key)
	case HasKey:
		a.OK = now.Kind != Absent
	case CompareSet:
		if a.OK = now == a.Old; a.OK {
			o.set(a.Key, a.Value)
		}
	case AddTo, GivePermits:
		return o.grow(a, now.Number)
	case AppendTo, PutIn, AddMember:
		return a, o.put(a, now)
	case Transfer:
		a.OK = o.transfer(a, now.Number)
	case TakeAll:
		a.State = nil
		for _, k := range slices.Sorted(maps.Keys(o.values)) {
			a.State = append(a.State, Entry{Key: k, Value: o.values[k]})
		}
	case ClearAll:
		clear(o.values)
	case JoinAll:
		a.OK = now.Number == 0
	case TakeFirst, TakeLast, TakeAny, TakeLeast:
		a.Value = o.take(a, now.Elements(), way)
	case TakePermits:
		if now.Number < a.Delta {
			return a, false
		}
		o.set(a.Key, NumberOf(now.Number-a.Delta))
	default:
		return o.lock(process, a, way)
	}
	return a, true
}

// grow adds to a number; false if there is no such number.
func (o *Objects) grow(a Action, now int64) (Action, bool) {
	sum, fits := add(now, a.Delta)
	if !fits {
		return a, false
	}
	o.set(a.Key, NumberOf(sum))
	if a.Kind == AddTo {
		a.Value = NumberOf(sum)
	}
	return a, true
}

// transfer moves money, if it is there, and what there is then can be told.
func (o *Objects) transfer(a Action, now int64) bool {
	if a.Delta < 0 || now < a.Delta {
		return false
	}
	left, there := now-a.Delta, o.values[a.To].Number
	if a.To == a.Key {
		there = left
	}
	sum, fits := add(there, a.Delta)
	if fits {
		o.set(a.Key, NumberOf(left))
		o.set(a.To, NumberOf(sum))
	}
	return fits
}

// add adds two numbers; false if there is no such number of 64 bits.
func add(x, y int64) (int64, bool) {
	sum := new(big.Int).Add(big.NewInt(x), big.NewInt(y))
	return sum.Int64(), sum.IsInt64()
}

func (o *Objects) set(key string, v Value) {
	if v.Kind == Absent {
		delete(o.values, key)
	} else {
		o.values[key] = v
	}
}

// put puts an element into a collection, or a text behind another.
func (o *Objects) put(a Action, now Value) bool {
	if now.Kind != Absent && now.Kind != a.Value.Kind {
		return false
	}
	if a.Kind == AddMember && slices.Contains(now.Elements(), a.Value.Elements()[0]) {
		return true
	}
	o.set(a.Key, Value{Kind: a.Value.Kind, Text: now.Text + a.Value.Text})
	return true
}

// take takes an element out of a collection.
func (o *Objects) take(a Action, elements []string, way int) Value {
	if len(elements) == 0 {
		return Value{}
	}
	at := 0
	switch a.Kind {
	case TakeLast:
		at = len(elements) - 1
	case TakeAny:
		at = way
	case TakeLeast:
		at = slices.Index(elements, slices.MinFunc(elements, func(x, y string) int {
			m, _ := strconv.ParseFloat(x, 64)
			n, _ := strconv.ParseFloat(y, 64)
			return cmp.Compare(m, n)
		}))
	}
	taken := elements[at]
	if left := slices.Delete(elements, at, at+1); len(left) > 0 {
		o.set(a.Key, ListOf(left))
	} else {
		delete(o.values, a.Key)
	}
	return ListOf([]string{taken})
}

// lock takes a lock or gives it back.
func (o *Objects) lock(process int32, a Action, way int) (Action, bool) {
	l := o.locks[a.Key]
	mine := l.times > 0 && l.holder == process
	var ok bool
	switch a.Kind {
	case Lock, LockOwned:
		ok = l.times == 0
	case LockAgain:
		ok = l.times == 0 || mine && l.times < 2
	case LockFenced:
		if a.Value.Kind == Absent {
			a.Value = NumberOf(l.token + 1 + int64(way))
		}
		ok = l.times == 0 && a.Value.Number > l.token
		l.token = a.Value.Number
	case Unlock:
		ok = l.times > 0
	case UnlockOwned, UnlockAgain:
		ok = mine
	}
	switch {
	case !ok:
		return a, false
	case a.Kind == Unlock || a.Kind == UnlockOwned || a.Kind == UnlockAgain:
		l.times--
	default:
		l.holder, l.times = process, l.times+1
	}
	o.locks[a.Key] = l
	return a, true
}
