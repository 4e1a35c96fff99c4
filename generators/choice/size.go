package choice

import "slices"

// widest is the largest power of two around which sizes are drawn whatever the bounds are.
const widest = 1024

// byteWide is the first size that a byte cannot count.
const byteWide = 256

// Sizes are sizes of workloads, ascending, each once: around bounds.
type Sizes []int

// Around returns the sizes at which something may go wrong whose bound is one of these, or a power of two from 2 to
// 1024, which is how wide fields, pages and rings are: just below, at and just above it, and twice as much; none above most.
func Around(bounds []int64, most int) Sizes {
	var sizes Sizes
	add := func(c int) {
		for _, n := range []int{c - 1, c, c + 1, 2 * c} {
			if n <= most {
				sizes = append(sizes, n)
			}
		}
	}
	for c := 2; c <= widest; c *= 2 {
		add(c)
	}
	for _, c := range bounds {
		if c > 0 && c <= int64(most) {
			add(int(c))
		}
	}
	slices.Sort(sizes)
	return slices.Compact(sizes)
}

// Draw draws a size. Zero bits give the smallest; every second one is too large for a byte, if there are such.
func (s Sizes) Draw(from Source) int {
	large := from.Bits(1) == 1
	at := from.Bits(sizeBits)
	if first := slices.IndexFunc(s, func(n int) bool { return n >= byteWide }); large && first >= 0 {
		return s[first+Scale(at, sizeBits, len(s)-first)]
	}
	return s[Scale(at, sizeBits, len(s))]
}

// sizeBits is how many bits choose among sizes.
const sizeBits = 8

// DrawSome draws a size in some of the ways in which a workload may be large: in one of them at least, and in each of the others with a chance of so
// many percent. It is 0 in the rest.
func DrawSome(from Source, ways []Sizes, percent int) []int {
	sizes := make([]int, len(ways))
	chosen := Below(from, len(ways))
	for i, w := range ways {
		also, size := Chance(from, percent), w.Draw(from)
		if also || i == chosen {
			sizes[i] = size
		}
	}
	return sizes
}
