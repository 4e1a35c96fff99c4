//go:build go1.26

// Package rand provides what the standard library's math/rand/v2 does, in the same names, with numbers that are the same in every
// run of one schedule. See package task.
package rand

import (
	"math/rand/v2"

	"synchrony/executor/shim/task"
)

// Types of the standard library.
type (
	Rand    = rand.Rand
	Source  = rand.Source
	PCG     = rand.PCG
	ChaCha8 = rand.ChaCha8
	Zipf    = rand.Zipf
)

// New is [rand.New].
func New(src Source) *Rand { return rand.New(src) }

// NewPCG is [rand.NewPCG].
func NewPCG(seed1, seed2 uint64) *PCG { return rand.NewPCG(seed1, seed2) }

// NewChaCha8 is [rand.NewChaCha8].
func NewChaCha8(seed [32]byte) *ChaCha8 { return rand.NewChaCha8(seed) }

// NewZipf is [rand.NewZipf].
func NewZipf(r *Rand, s, v float64, imax uint64) *Zipf { return rand.NewZipf(r, s, v, imax) }

// random is the running task's stream, or nil outside of a controlled run.
func random() *rand.Rand {
	if c := task.Find(nil); c != nil {
		return task.Random(c)
	}
	return nil
}

// N is [rand.N].
func N[Int interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}](n Int,
) Int {
	if r := random(); r != nil && n > 0 {
		return Int(r.Uint64N(uint64(n)))
	}
	return rand.N(n)
}
