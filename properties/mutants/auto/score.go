package auto

import (
	"cmp"
	"slices"
)

// Score counts what became of mutants.
type Score struct {
	Operator   string `json:"operator,omitempty"` // whose mutants they are; empty for all
	Drawn      int    `json:"drawn"`
	Equivalent int    `json:"equivalent"`
	Killed     int    `json:"killed"`
	Survived   int    `json:"survived"`
}

// Value is the mutation score: the part of those tested that was killed, from 0 to 1; 1 if none was.
func (s Score) Value() float64 {
	if s.Killed+s.Survived == 0 {
		return 1
	}
	return float64(s.Killed) / float64(s.Killed+s.Survived)
}

func (s *Score) count(v Verdict) {
	s.Drawn++
	switch v {
	case Listed:
		s.Equivalent++
	case Killed:
		s.Killed++
	case Survived:
		s.Survived++
	}
}

// Scores are the scores of all results and of each operator's, in the operators' order.
func Scores(results []Result) (total Score, byOperator []Score) {
	for _, op := range operators() {
		s := Score{Operator: op.Name}
		for i := range results {
			if results[i].Operator == op.Name {
				s.count(results[i].Verdict)
			}
		}
		if s.Drawn > 0 {
			byOperator = append(byOperator, s)
		}
	}
	for i := range results {
		total.count(results[i].Verdict)
	}
	return total, byOperator
}

// Killer is a property and how many mutants it was the first to kill.
type Killer struct {
	Property string `json:"property"`
	Mutants  int    `json:"mutants"`
}

// Killers lists who killed, most first.
func Killers(results []Result) []Killer {
	var all []Killer
	for i := range results {
		by := results[i].By
		if by == "" {
			continue
		}
		k := slices.IndexFunc(all, func(k Killer) bool { return k.Property == by })
		if k < 0 {
			k, all = len(all), append(all, Killer{Property: by})
		}
		all[k].Mutants++
	}
	slices.SortFunc(all, func(a, b Killer) int {
		return cmp.Or(b.Mutants-a.Mutants, cmp.Compare(a.Property, b.Property))
	})
	return all
}
