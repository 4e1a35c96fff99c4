//go:build ignore

// Package tracekv stands in for stores that trace, which no workload makes.
package tracekv

import (
	"io"

	"peers/standin/types"
)

// NewStore panics.
func NewStore(types.KVStore, io.Writer, types.TraceContext) types.KVStore {
	panic("there are no stores that trace here")
}
