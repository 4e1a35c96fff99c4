package properties

import (
	"hash/fnv"

	"pgregory.net/rapid"
)

// drawn is a case of a run: what a generator draws from a seed.
type drawn[W any] struct {
	workload  W
	seed      uint64
	generator *rapid.Generator[W]
}

// draw returns case number i of a run. It depends on the run's seed and on i alone, so that the
// parts of a run together test the same cases as the whole.
func (p *Property[W, O]) draw(runSeed uint64, i int) drawn[W] {
	seed, g := caseSeed(runSeed, p.ID, i), p.generator(i)
	rapidFlags.RLock()
	defer rapidFlags.RUnlock()
	return drawn[W]{g.Example(int(seed)), seed, g}
}

// rotation is of how many successive cases each condition with a generator has one.
const rotation = 16

// rotation is that of the property: longer if so many conditions have a generator that these would be more than half.
func (p *Property[W, O]) rotation() int { return max(rotation, 2*len(p.rare())) }

// rare are the generators of conditions, in order.
func (p *Property[W, O]) rare() (own []*rapid.Generator[W]) {
	for _, c := range p.Sometimes {
		if c.Generator != nil {
			own = append(own, c.Generator)
		}
	}
	return own
}

// generator returns that of case number i. The last cases of each rotation are drawn by the
// conditions' generators, one by each, from the last back to the first; the others by the
// property's own, which has at least half of them. That what is rare is met does not depend on luck
// then, nor on which cases another part of the run has tested.
func (p *Property[W, O]) generator(i int) *rapid.Generator[W] {
	own, n := p.rare(), p.rotation()
	if fromEnd := n - 1 - i%n; fromEnd < len(own) {
		return own[fromEnd]
	}
	return p.Generator
}

// caseSeed mixes a run's seed, a property and a case number (SplitMix64, Steele,
// Lea and Flood, OOPSLA 2014). It fits a positive int, and is never 0, which
// rapid takes for "a random seed".
func caseSeed(runSeed uint64, id string, i int) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	z := runSeed ^ h.Sum64() + uint64(i+1)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return (z^z>>31)>>1 | 1
}
