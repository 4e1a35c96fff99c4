package isolation

import "synchrony/models/history"

// banded is which transactions must come before which, of those that are at most width apart in the order of their
// invocations: a bit each. One that is further behind had been invoked when the first had returned, and comes later.
type banded struct {
	width, words int32
	bits         []uint64
	far          bool // further apart is later; else all are within the width
	circle       bool // something must come before itself

	work int64 // how many bits and words were looked at to add what there is

	trailing bool     // what is set can be taken back
	trail    []former // words as they were
}

// former is a word of bits before it was changed.
type former struct {
	at   int64
	bits uint64
}

// undo takes back what was set since the trail had some length.
func (b *banded) undo(length int) {
	for i := len(b.trail) - 1; i >= length; i-- {
		b.bits[b.trail[i].at] = b.trail[i].bits
	}
	b.trail, b.circle = b.trail[:length], false
}

// row is the bits of a transaction, and the number of the first of them, from that of word 0 of the row on.
func (b *banded) row(i int32) ([]uint64, int32) {
	at := int64(i) * int64(b.words)
	return b.bits[at : at+int64(b.words)], max(i-b.width, 0) / 64
}

func (b *banded) has(i, k int32) bool {
	if k-i > b.width || i-k > b.width {
		return b.far && k > i
	}
	row, base := b.row(i)
	return row[k/64-base]>>(k%64)&1 != 0
}

func (b *banded) set(i, k int32) {
	_, base := b.row(i)
	if at := k/64 - base; at >= 0 && at < b.words {
		b.or(i, at, 1<<(k%64))
	}
}

// or sets bits of a word of a row.
func (b *banded) or(i, word int32, bits uint64) {
	at := int64(i)*int64(b.words) + int64(word)
	old := b.bits[at]
	if old|bits == old {
		return
	}
	if b.trailing {
		b.trail = append(b.trail, former{at, old})
	}
	b.bits[at] = old | bits
}

// maxBand and maxWhole bound the memory: so many transactions apart where further ones are later, or so many in all.
const (
	maxBand  = 2048
	maxWhole = 4096
	maxBits  = 1 << 33
)

// newBanded begins with the order of sessions and of time that a level keeps; nil if that would take too much memory.
func newBanded(h []*history.Transaction, o order) *banded {
	n := int32(len(h))
	width := n
	far := o == realTime
	if far {
		width = 0
		for i, k := int32(0), int32(0); i < n; i++ {
			for k = max(k, i); k < n && h[k].Invoked <= h[i].Returned; k++ { // all up to the furthest so far
			}
			width = max(width, k-i+1)
		}
		if width > maxBand && n > maxWhole {
			return nil
		}
	} else if n > maxWhole {
		return nil
	}
	b := &banded{width: width, words: (2*width)/64 + 2, far: far}
	if int64(b.words)*int64(n)*64 > maxBits {
		return nil
	}
	b.bits = make([]uint64, int64(b.words)*int64(n))
	for i := range n {
		for k := i + 1; k < n && k-i <= width; k++ {
			if o == realTime && h[i].Returned < h[k].Invoked || o >= session && h[i].Process == h[k].Process {
				b.set(i, k)
			}
		}
	}
	return b
}

// add notes that i must come before k, and all that follows.
func (b *banded) add(i, k int32) {
	switch {
	case i == k || b.has(k, i):
		b.circle = true
		return
	case b.has(i, k):
		return
	}
	n := int32(int64(len(b.bits)) / int64(b.words))
	first, end := max(i-b.width, 0), min(i+b.width+1, n)
	b.work += int64(end - first)
	for x := first; x < end; x++ {
		if x == i || b.has(x, i) {
			if k-x <= b.width && b.has(x, k) {
				continue // and so before all that k does
			}
			b.work += int64(b.words)
			b.set(x, k)
			b.join(x, k)
		}
	}
}

// join notes that x comes before all that k does.
func (b *banded) join(x, k int32) {
	_, base := b.row(x)
	from, start := b.row(k)
	for w, bits := range from {
		if at := start + int32(w) - base; at >= 0 && at < b.words {
			b.or(x, at, bits)
		}
	}
}
