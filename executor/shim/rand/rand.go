//go:build go1.26

// Package rand provides what the standard library's math/rand does, in the same names, with numbers that are the same in every run of one
// schedule. See package task.
package rand

import (
	"math/rand"
	randv2 "math/rand/v2"

	"synchrony/executor/shim/task"
)

// Types of the standard library.
type (
	Rand     = rand.Rand
	Source   = rand.Source
	Source64 = rand.Source64
	Zipf     = rand.Zipf
)

// New is [rand.New].
func New(src Source) *Rand { return rand.New(src) }

// NewSource is [rand.NewSource].
func NewSource(seed int64) Source { return rand.NewSource(seed) }

// NewZipf is [rand.NewZipf].
func NewZipf(r *Rand, s, v float64, imax uint64) *Zipf { return rand.NewZipf(r, s, v, imax) }

// Seed has no effect in a controlled run, whose numbers are always the same; elsewhere it is [rand.Seed].
func Seed(seed int64) {
	if random() == nil {
		//lint:ignore SA1019 it is here for code that calls it
		rand.Seed(seed)
	}
}

// random is the running task's stream, or nil outside of a controlled run.
func random() *rand.Rand {
	if c := task.Find(nil); c != nil {
		return rand.New(source{task.Random(c)})
	}
	return nil
}

// source is a task's stream as a source of math/rand.
type source struct{ *randv2.Rand }

func (s source) Int63() int64 { return int64(s.Uint64() >> 1) }
func (source) Seed(int64)     {}
