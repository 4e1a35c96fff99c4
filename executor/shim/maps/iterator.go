//go:build go1.26

package maps

import "synchrony/executor/shim/task"

// Iterator ranges over a map.
type Iterator[K comparable, V any] struct {
	m    map[K]V
	keys []K
}

// Range is for k, v := range m. It returns zero values for k and v to be declared with.
func Range[M ~map[K]V, K comparable, V any](m M) (it *Iterator[K, V], k K, v V) {
	return Each(m), k, v
}

// RangeKeys is for k := range m.
func RangeKeys[M ~map[K]V, K comparable, V any](m M) (it *Iterator[K, V], k K) {
	return Each(m), k
}

// Each is a range that declares nothing.
func Each[M ~map[K]V, K comparable, V any](m M) *Iterator[K, V] {
	it := &Iterator[K, V]{m: m, keys: make([]K, 0, len(m))}
	for k := range m {
		it.keys = append(it.keys, k)
	}
	if task.Find(nil) != nil {
		Sort(it.keys)
	}
	return it
}

// Next sets k and v, where they are not nil, to the next that is in the map.
func (it *Iterator[K, V]) Next(k *K, v *V) bool {
	for len(it.keys) > 0 {
		key := it.keys[0]
		it.keys = it.keys[1:]
		value, ok := it.m[key]
		if !ok && key == key {
			continue
		}
		if k != nil {
			*k = key
		}
		if v != nil {
			*v = value
		}
		return true
	}
	return false
}
