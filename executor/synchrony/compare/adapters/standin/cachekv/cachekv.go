//go:build ignore

// Package cachekv stands in for stores on top of others, which no workload makes.
package cachekv

import "peers/standin/types"

// NewGStore panics.
func NewGStore[V any](types.GKVStore[V], func(V) bool, func(V) int) types.CacheWrap {
	panic("there are no stores on top of others here")
}
