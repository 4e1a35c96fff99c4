package isolation

import (
	"math/bits"

	"synchrony/models/history"
)

// banded is which transactions must come before which, of those that are at most width apart in the order of their
// invocations: a bit each, and another one the other way round. One that is further behind had been invoked when the first had returned, and comes later. What follows from that and from what is
// known of those nearer to each other is not looked for.
type banded struct {
	width, words int32
	after        []uint64 // by transaction, words for those that come after it
	before       []uint64 // and for those that come before it
	far          bool     // further apart is later; else all are within the width
	circle       bool     // something must come before itself

	now     uint32   // counts what was added, from 1 on
	changed []uint32 // by transaction: what now was when what comes after it last changed; that is not so when a change is taken back

	work int64 // how many bits and words were looked at to add what there is

	trailing bool     // what is set can be taken back
	trail    []former // words as they were
}

// former is a word of after, or of before, as it was.
type former struct {
	word *uint64
	bits uint64
}

// undo takes back what was set since the trail had some length.
func (b *banded) undo(length int) {
	for i := len(b.trail) - 1; i >= length; i-- {
		*b.trail[i].word = b.trail[i].bits
	}
	b.trail, b.circle = b.trail[:length], false
}

// row is the bits of a transaction, and the number of the first of them, from that of word 0 of the row on.
func (b *banded) row(of []uint64, i int32) ([]uint64, int32) {
	at := int64(i) * int64(b.words)
	return of[at : at+int64(b.words)], max(i-b.width, 0) / 64
}

func (b *banded) has(i, k int32) bool {
	if k-i > b.width || i-k > b.width {
		return b.far && k > i
	}
	row, base := b.row(b.after, i)
	return row[k/64-base]>>(k%64)&1 != 0
}

// same reports whether what comes after a transaction is as it was when now was that number, or fewer.
func (b *banded) same(i int32, now uint32) bool { return b.changed[i] <= now }

// or sets bits of a word.
func (b *banded) or(word *uint64, bits uint64) {
	if b.trailing {
		b.trail = append(b.trail, former{word, *word})
	}
	*word |= bits
}

// follow notes that those of a word come after i.
func (b *banded) follow(i int32, word *uint64, first int32, fresh uint64) {
	b.or(word, fresh)
	b.changed[i] = b.now
	for ; fresh != 0; fresh &= fresh - 1 {
		b.work++
		row, base := b.row(b.before, first+int32(bits.TrailingZeros64(fresh)))
		if at := i/64 - base; at >= 0 && at < b.words {
			b.or(&row[at], 1<<(i%64))
		}
	}
}

// set notes that k comes after i.
func (b *banded) set(i, k int32) {
	row, base := b.row(b.after, i)
	if at := k/64 - base; at >= 0 && at < b.words {
		if fresh := 1 << (k % 64) &^ row[at]; fresh != 0 {
			b.follow(i, &row[at], k/64*64, fresh)
		}
	}
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
	b := &banded{width: width, words: (2*width)/64 + 2, far: far, now: 1, changed: make([]uint32, n)}
	if int64(b.words)*int64(n)*64*2 > maxBits {
		return nil
	}
	b.after = make([]uint64, int64(b.words)*int64(n))
	b.before = make([]uint64, len(b.after))
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
	b.now++
	b.join(i, k)
	row, base := b.row(b.before, i)
	b.work += int64(b.words)
	for w, earlier := range row {
		for first := (base + int32(w)) * 64; earlier != 0; earlier &= earlier - 1 {
			if x := first + int32(bits.TrailingZeros64(earlier)); k-x > b.width || !b.has(x, k) { // else it is before all that k is before
				b.join(x, k)
			}
		}
	}
}

// join notes that x comes before k, and all that k does.
func (b *banded) join(x, k int32) {
	b.set(x, k)
	b.work += int64(b.words)
	row, base := b.row(b.after, x)
	from, start := b.row(b.after, k)
	for w, later := range from {
		if at := start + int32(w) - base; at >= 0 && at < b.words {
			if fresh := later &^ row[at]; fresh != 0 {
				b.follow(x, &row[at], (start+int32(w))*64, fresh)
			}
		}
	}
}
