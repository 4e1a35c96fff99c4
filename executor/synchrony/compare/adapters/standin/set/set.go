//go:build ignore

// Package set stands in for avalanchego/utils/set, of which the executor of HyperSDK uses this.
package set

// Set is a set.
type Set[T comparable] map[T]struct{}

// NewSet makes an empty set with room for n.
func NewSet[T comparable](n int) Set[T] { return make(Set[T], n) }

// Add adds an element.
func (s Set[T]) Add(x T) { s[x] = struct{}{} }

// Len is how many elements there are.
func (s Set[T]) Len() int { return len(s) }
