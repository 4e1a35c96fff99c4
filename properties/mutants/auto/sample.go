package auto

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
)

// Sample draws n mutants that compile, or all if there are no more: the operators take
// turns, and for each its files do, so that rare kinds are not drowned by frequent ones.
// The same seed draws the same mutants, in the order of the source; a larger sample
// contains the smaller ones. What is drawn of a file depends on its mutants' keys, and so
// hardly changes when something else does.
func (s *Source) Sample(n int, seed uint64) []*Mutant {
	var queues [][]*Mutant
	for _, op := range operators() {
		if q := s.queue(op.Name, seed); len(q) > 0 {
			queues = append(queues, q)
		}
	}
	var drawn []*Mutant
	for len(drawn) < n && len(queues) > 0 {
		for i := 0; i < len(queues) && len(drawn) < n; i++ {
			for len(queues[i]) > 0 {
				m := queues[i][0]
				queues[i] = queues[i][1:]
				if s.compiles(m) {
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

// queue is the mutants of one operator in random order, but that file after file takes its turn.
func (s *Source) queue(operator string, seed uint64) []*Mutant {
	byFile := map[string][]*Mutant{}
	var files []string
	for _, m := range s.mutants {
		if m.Operator != operator {
			continue
		}
		if byFile[m.Path] == nil {
			files = append(files, m.Path)
		}
		byFile[m.Path] = append(byFile[m.Path], m)
	}
	slices.SortFunc(files, func(a, b string) int {
		return cmp.Compare(lot(seed, operator, a), lot(seed, operator, b))
	})
	total := 0
	for _, list := range byFile {
		total += len(list)
		slices.SortFunc(list, func(a, b *Mutant) int {
			return cmp.Compare(lot(seed, "", a.key()), lot(seed, "", b.key()))
		})
	}
	var out []*Mutant
	for turn := 0; len(out) < total; turn++ {
		for _, f := range files {
			if list := byFile[f]; turn < len(list) {
				out = append(out, list[turn])
			}
		}
	}
	return out
}

// lot is a random number that depends on a seed and a name alone.
func lot(seed uint64, kind, name string) uint64 {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %s", seed, kind, name))
	return binary.BigEndian.Uint64(sum[:])
}
