package bounds

import (
	"fmt"
	"slices"
	"strings"

	"synchrony/generators/choice"
)

// Bound is a constant of an executor, or the first value that a narrower type into which it converts does not have.
type Bound struct {
	Package string // "executor/vm"
	What    string // the constant, and for a literal the function that it is in; or the types of a conversion
	Value   int64
	Drawn   string // of what some workload has as many, as generators name it, or several after commas; empty if none has
	Why     string // why none has; empty if one has
}

// String is the bound without what is drawn.
func (b Bound) String() string { return fmt.Sprintf("%s: %s = %d", b.Package, b.What, b.Value) }

// Names returns of what some workload has as many.
func (b Bound) Names() []string {
	if b.Drawn == "" {
		return nil
	}
	return strings.Split(b.Drawn, ", ")
}

// Of returns the bounds on the number of something.
func Of(drawn string) []int64 {
	var values []int64
	for _, b := range table {
		if slices.Contains(b.Names(), drawn) {
			values = append(values, b.Value)
		}
	}
	return values
}

// Around returns the sizes around these bounds, and those that are drawn of anything; none above most.
func Around(drawn string, most int) choice.Sizes { return choice.Around(Of(drawn), most) }

// All returns the whole list.
func All() []Bound { return slices.Clone(table) }
