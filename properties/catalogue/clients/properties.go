package clients

import (
	"pgregory.net/rapid"

	"synchrony/checkers/isolation"
	"synchrony/checkers/linearizability"
	"synchrony/checkers/workload"
	"synchrony/properties"
	"synchrony/properties/catalogue/checker"
)

// Properties returns X9 to X11 of the checkers of this module.
func Properties() []properties.Testable {
	return []properties.Testable{ordered(linearizability.Check), leveled(isolation.Judge), promised(workload.Model.Check)}
}

// sheets draws up to so many histories, which are judged one after another, each for itself.
func sheets[H any](one *rapid.Generator[H], most int) *rapid.Generator[[]H] {
	return rapid.Custom(func(t *rapid.T) []H {
		n := rapid.IntRange(1, most).Draw(t, "histories")
		return rapid.SliceOfN(one, n, n).Draw(t, "sheet")
	})
}

const group = checker.Group
