//go:build go1.26

package rand

import "math/rand/v2"

// Int64 is [math/rand/v2.Int64].
func Int64() int64 {
	if r := random(); r != nil {
		return r.Int64()
	}
	return rand.Int64()
}

// Uint32 is [math/rand/v2.Uint32].
func Uint32() uint32 {
	if r := random(); r != nil {
		return r.Uint32()
	}
	return rand.Uint32()
}

// Uint64 is [math/rand/v2.Uint64].
func Uint64() uint64 {
	if r := random(); r != nil {
		return r.Uint64()
	}
	return rand.Uint64()
}

// Int32 is [math/rand/v2.Int32].
func Int32() int32 {
	if r := random(); r != nil {
		return r.Int32()
	}
	return rand.Int32()
}

// Int is [math/rand/v2.Int].
func Int() int {
	if r := random(); r != nil {
		return r.Int()
	}
	return rand.Int()
}

// Uint is [math/rand/v2.Uint].
func Uint() uint {
	if r := random(); r != nil {
		return r.Uint()
	}
	return rand.Uint()
}

// Int64N is [math/rand/v2.Int64N].
func Int64N(n int64) int64 {
	if r := random(); r != nil {
		return r.Int64N(n)
	}
	return rand.Int64N(n)
}

// Uint64N is [math/rand/v2.Uint64N].
func Uint64N(n uint64) uint64 {
	if r := random(); r != nil {
		return r.Uint64N(n)
	}
	return rand.Uint64N(n)
}

// Int32N is [math/rand/v2.Int32N].
func Int32N(n int32) int32 {
	if r := random(); r != nil {
		return r.Int32N(n)
	}
	return rand.Int32N(n)
}

// Uint32N is [math/rand/v2.Uint32N].
func Uint32N(n uint32) uint32 {
	if r := random(); r != nil {
		return r.Uint32N(n)
	}
	return rand.Uint32N(n)
}

// IntN is [math/rand/v2.IntN].
func IntN(n int) int {
	if r := random(); r != nil {
		return r.IntN(n)
	}
	return rand.IntN(n)
}

// UintN is [math/rand/v2.UintN].
func UintN(n uint) uint {
	if r := random(); r != nil {
		return r.UintN(n)
	}
	return rand.UintN(n)
}

// Float64 is [math/rand/v2.Float64].
func Float64() float64 {
	if r := random(); r != nil {
		return r.Float64()
	}
	return rand.Float64()
}

// Float32 is [math/rand/v2.Float32].
func Float32() float32 {
	if r := random(); r != nil {
		return r.Float32()
	}
	return rand.Float32()
}

// Perm is [math/rand/v2.Perm].
func Perm(n int) []int {
	if r := random(); r != nil {
		return r.Perm(n)
	}
	return rand.Perm(n)
}

// Shuffle is [math/rand/v2.Shuffle].
func Shuffle(n int, swap func(i, j int)) {
	if r := random(); r != nil {
		r.Shuffle(n, swap)
		return
	}
	rand.Shuffle(n, swap)
}

// NormFloat64 is [math/rand/v2.NormFloat64].
func NormFloat64() float64 {
	if r := random(); r != nil {
		return r.NormFloat64()
	}
	return rand.NormFloat64()
}

// ExpFloat64 is [math/rand/v2.ExpFloat64].
func ExpFloat64() float64 {
	if r := random(); r != nil {
		return r.ExpFloat64()
	}
	return rand.ExpFloat64()
}
