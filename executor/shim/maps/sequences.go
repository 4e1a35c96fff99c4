//go:build go1.26

package maps

import "iter"

// Keys is [maps.Keys], in the order of [Range].
func Keys[Map ~map[K]V, K comparable, V any](m Map) iter.Seq[K] {
	return func(yield func(K) bool) {
		for it, k, _ := Range(m); it.Next(&k, nil); {
			if !yield(k) {
				return
			}
		}
	}
}

// Values is [maps.Values], in the order of [Range].
func Values[Map ~map[K]V, K comparable, V any](m Map) iter.Seq[V] {
	return func(yield func(V) bool) {
		for it, _, v := Range(m); it.Next(nil, &v); {
			if !yield(v) {
				return
			}
		}
	}
}

// All is [maps.All], in the order of [Range].
func All[Map ~map[K]V, K comparable, V any](m Map) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for it, k, v := Range(m); it.Next(&k, &v); {
			if !yield(k, v) {
				return
			}
		}
	}
}
