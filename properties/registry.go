package properties

import (
	"fmt"
	"slices"
	"strings"
)

// The groups that a run has to name.
const (
	BrokenGroup = "broken" // systems that are broken on purpose
	ProofGroup  = "proof"  // what is better proved for all inputs than run on some
	WholeGroup  = "whole"  // all properties of one execution at once, for exploring its schedules
)

// byName are the groups that only a word selects.
var byName = []string{BrokenGroup, ProofGroup, WholeGroup}

// Registry is an ordered set of properties.
type Registry struct {
	// Costs are how many seconds a case takes, about, by the property's ID: what a run goes by that has none before it. What is missing is not known.
	Costs  map[string]float64
	checks []Testable
}

// NewRegistry returns a registry of the given properties, whose IDs must differ.
func NewRegistry(checks ...Testable) (*Registry, error) {
	r := &Registry{}
	for _, c := range checks {
		if _, dup := r.Lookup(c.Info().ID); dup {
			return nil, fmt.Errorf("two properties have the ID %q", c.Info().ID)
		}
		r.checks = append(r.checks, c)
	}
	return r, nil
}

// All returns the properties in order.
func (r *Registry) All() []Testable { return slices.Clone(r.checks) }

// Lookup returns the property with the given ID, in any case of letters.
func (r *Registry) Lookup(id string) (Testable, bool) {
	for _, c := range r.checks {
		if strings.EqualFold(c.Info().ID, id) {
			return c, true
		}
	}
	return nil, false
}

// Select returns the properties that the words name, in the registry's order:
// by ID or by group. No words select all but the groups "broken", "proof" and "whole".
// A word that names nothing is an *UnknownPropertyError.
func (r *Registry) Select(words ...string) ([]Testable, error) {
	used := make([]bool, len(words))
	var out []Testable
	for _, c := range r.checks {
		in := c.Info()
		selected := len(words) == 0 && !slices.Contains(byName, in.Group)
		for i, w := range words {
			if strings.EqualFold(w, in.ID) || strings.EqualFold(w, in.Group) {
				selected, used[i] = true, true
			}
		}
		if selected {
			out = append(out, c)
		}
	}
	if i := slices.Index(used, false); i >= 0 {
		return nil, &UnknownPropertyError{words[i]}
	}
	return out, nil
}

// ByNumber returns properties in the order of the numbers in their IDs: S2 before S10. Those
// of one number stay in theirs.
func ByNumber(list []Testable) []Testable {
	return slices.SortedStableFunc(slices.Values(list), func(a, b Testable) int { return number(a) - number(b) })
}

func number(c Testable) int {
	n := 0
	for _, r := range c.Info().ID {
		if r >= '0' && r <= '9' {
			n = 10*n + int(r-'0')
		}
	}
	return n
}

// UnknownPropertyError says that a word names no property and no group.
type UnknownPropertyError struct{ Word string }

func (e *UnknownPropertyError) Error() string {
	return fmt.Sprintf("there is no property or group %q; verify list names those there are", e.Word)
}
