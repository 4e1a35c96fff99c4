// Package maps ranges over maps as the rewritten loops did.
package maps

import "iter"

type Iterator[K comparable, V any] struct {
	m    map[K]V
	keys []K
}

func Range[M ~map[K]V, K comparable, V any](m M) (*Iterator[K, V], K, V) {
	it := &Iterator[K, V]{m: m}
	for k := range m {
		it.keys = append(it.keys, k)
	}
	var k K
	var v V
	return it, k, v
}

func Times[M ~map[K]V, K comparable, V any](m M) (*Iterator[K, V], K, V) { return Range(m) }

func (it *Iterator[K, V]) Next(k *K, v *V) bool {
	for len(it.keys) > 0 {
		key := it.keys[0]
		it.keys = it.keys[1:]
		value, ok := it.m[key]
		if !ok {
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

func Note[K any](k K) K { return k }

func Keys[M ~map[K]V, K comparable, V any](m M) iter.Seq[K] {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}
