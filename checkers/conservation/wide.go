package conservation

import (
	"math/big"
	"math/bits"
)

// wide is a sum of up to 2⁶³ int64s, exact: a two's complement of 128 bits.
type wide struct{ hi, lo uint64 }

func (w *wide) add(v int64) {
	var carry uint64
	w.lo, carry = bits.Add64(w.lo, uint64(v), 0)
	w.hi += uint64(v>>63) + carry
}

func (w *wide) sub(v int64) {
	var borrow uint64
	w.lo, borrow = bits.Sub64(w.lo, uint64(v), 0)
	w.hi -= uint64(v>>63) + borrow
}

// minus is w - x.
func (w wide) minus(x wide) wide {
	lo, borrow := bits.Sub64(w.lo, x.lo, 0)
	return wide{w.hi - x.hi - borrow, lo}
}

func (w wide) negative() bool { return int64(w.hi) < 0 }

func (w wide) String() string {
	n := new(big.Int).Lsh(big.NewInt(int64(w.hi)), 64)
	return n.Add(n, new(big.Int).SetUint64(w.lo)).String()
}

func sum(values []int64) (w wide) {
	for _, v := range values {
		w.add(v)
	}
	return w
}
