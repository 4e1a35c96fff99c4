//go:build go1.26

package maps

import (
	"reflect"
	"unsafe"

	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// Iterator ranges over a map.
type Iterator[K comparable, V any] struct {
	m    map[K]V
	lost []entry[K, V] // those still to come whose keys, as NaN, no lookup finds: they come first
	keys []K           // all others still to come
	less bool          // nobody sees which comes next, unless one is deleted before it does
}

// entry is a key and its value in a map.
type entry[K comparable, V any] struct {
	key   K
	value V
}

// Range is for k, v := range m. It returns zero values for k and v to be declared with.
func Range[M ~map[K]V, K comparable, V any](m M) (it *Iterator[K, V], k K, v V) {
	return Each(m), k, v
}

// Each is a range that declares nothing.
func Each[M ~map[K]V, K comparable, V any](m M) *Iterator[K, V] {
	it := collect(m)
	if c := task.Find(nil); c != nil {
		Arrange(c, it.keys)
	}
	return it
}

// Times is for range m, which shows nobody what comes next: its order is no choice. It returns zero values as Range does.
func Times[M ~map[K]V, K comparable, V any](m M) (it *Iterator[K, V], k K, v V) {
	it = collect(m)
	it.less = true
	return it, k, v
}

// collect finds what there is to range over, in an order that is the same in every run.
func collect[M ~map[K]V, K comparable, V any](m M) *Iterator[K, V] {
	it := &Iterator[K, V]{m: m, keys: make([]K, 0, len(m))}
	for k := range m {
		if k == k {
			it.keys = append(it.keys, k)
		}
	}
	if len(it.keys) < len(m) {
		for k, v := range m {
			if k != k {
				it.lost = append(it.lost, entry[K, V]{k, v})
			}
		}
	}
	if task.Find(nil) != nil {
		Sort(it.lost)
		Sort(it.keys)
	}
	return it
}

// Next sets k and v, where they are not nil, to the next that is in the map.
func (it *Iterator[K, V]) Next(k *K, v *V) bool {
	e, ok := it.next()
	if !ok {
		return false
	}
	if k != nil {
		*k = e.key
	}
	if v != nil {
		*v = e.value
	}
	return true
}

func (it *Iterator[K, V]) next() (e entry[K, V], ok bool) {
	for len(it.lost) > 0 {
		e, ok = it.lost[0], it.left()
		it.lost = it.lost[1:]
		if ok {
			return e, true
		}
	}
	for len(it.keys) > 0 {
		e.key = it.keys[0]
		it.keys = it.keys[1:]
		if e.value, ok = it.m[e.key]; ok {
			return e, true
		}
		if c := task.Find(nil); c != nil && it.less && len(it.m) > 0 { // in another order, it could have come before it was deleted
			c.LeaveOpen(schedule.ClassMap)
		}
	}
	return e, false
}

// left reports whether the first of those that no lookup finds is in the map. Only to clear the map deletes it; so it is there if no fewer are
// that look the same than are still to come.
func (it *Iterator[K, V]) left() bool {
	n := 0
	for i := range it.lost {
		if same(&it.lost[i], &it.lost[0]) {
			n++
		}
	}
	for k, v := range it.m {
		if e := (entry[K, V]{k, v}); k != k && same(&e, &it.lost[0]) {
			n--
		}
	}
	return n <= 0
}

// same reports whether two values look the same.
func same[T any](a, b *T) bool {
	return compare(reflect.TypeFor[T](), unsafe.Pointer(a), unsafe.Pointer(b), look{task.Find(nil), deepest}) == 0
}
