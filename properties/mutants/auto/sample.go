package auto

import (
	"math/rand/v2"
	"slices"
)

// Sample draws n mutants that compile, or all if there are no more: the operators take
// turns, and for each its files do, so that rare kinds are not drowned by frequent ones.
// The same seed draws the same mutants, in the order of the source; a larger sample
// contains the smaller ones.
func (s *Source) Sample(n int, seed uint64) []*Mutant {
	rng := rand.New(rand.NewPCG(seed, 0xa070))
	var queues [][]*Mutant
	for _, op := range Operators() {
		if q := s.shuffled(op.Name, rng); len(q) > 0 {
			queues = append(queues, q)
		}
	}
	var drawn []*Mutant
	for len(drawn) < n && len(queues) > 0 {
		for i := 0; i < len(queues) && len(drawn) < n; i++ {
			for len(queues[i]) > 0 {
				m := queues[i][0]
				queues[i] = queues[i][1:]
				if s.Compiles(m) {
					drawn = append(drawn, m)
					break
				}
			}
		}
		queues = slices.DeleteFunc(queues, func(q []*Mutant) bool { return len(q) == 0 })
	}
	position := make(map[*Mutant]int, len(s.mutants))
	for i, m := range s.mutants {
		position[m] = i
	}
	slices.SortFunc(drawn, func(a, b *Mutant) int { return position[a] - position[b] })
	return drawn
}

// shuffled is the mutants of one operator: file after file takes its turn, in random order.
func (s *Source) shuffled(operator string, rng *rand.Rand) []*Mutant {
	byFile := make([][]*Mutant, len(s.files))
	total := 0
	for i, f := range s.files {
		for _, m := range s.mutants {
			if m.Path == f.path && m.Operator == operator {
				byFile[i] = append(byFile[i], m)
				total++
			}
		}
		list := byFile[i]
		rng.Shuffle(len(list), func(a, b int) { list[a], list[b] = list[b], list[a] })
	}
	rng.Shuffle(len(byFile), func(a, b int) { byFile[a], byFile[b] = byFile[b], byFile[a] })
	var out []*Mutant
	for turn := 0; len(out) < total; turn++ {
		for _, list := range byFile {
			if turn < len(list) {
				out = append(out, list[turn])
			}
		}
	}
	return out
}
