package generators

import (
	"iter"
	"slices"
)

// Labels is what a case is, for a run's classification table: a set of strings
// of the form "aspect: class", kept in ascending order.
type Labels []string

// Add puts labels into the set.
func (l *Labels) Add(labels ...string) {
	for _, label := range labels {
		if i, found := slices.BinarySearch(*l, label); !found {
			*l = slices.Insert(*l, i, label)
		}
	}
}

// Has reports whether the set has the label.
func (l Labels) Has(label string) bool {
	_, found := slices.BinarySearch(l, label)
	return found
}

// Shares counts labels over cases. The zero value is ready to use.
type Shares struct {
	Cases  int
	counts map[string]int
}

// Add counts one case.
func (s *Shares) Add(l Labels) {
	if s.counts == nil {
		s.counts = make(map[string]int)
	}
	s.Cases++
	for _, label := range l {
		s.counts[label]++
	}
}

// Count returns how many cases had the label.
func (s *Shares) Count(label string) int { return s.counts[label] }

// All yields the labels that occurred, in ascending order, with their counts.
func (s *Shares) All() iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		var labels []string
		for label := range s.counts {
			labels = append(labels, label)
		}
		slices.Sort(labels)
		for _, label := range labels {
			if !yield(label, s.counts[label]) {
				return
			}
		}
	}
}
