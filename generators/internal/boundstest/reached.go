// Package boundstest provides what the tests of generators hold the table of bounds to.
package boundstest

import (
	"slices"
	"testing"

	"synchrony/generators/bounds"
)

// Reached holds that each bound of a package that is said to be reached is passed by what is drawn of it: there are sizes just below, at and
// just above it. most is how many there are at most of each thing of which a number is drawn; what is drawn elsewhere is left out.
func Reached(t *testing.T, pkg string, most map[string]int, elsewhere ...string) {
	t.Helper()
	for _, b := range bounds.All() {
		if b.Package != pkg {
			continue
		}
		for _, name := range b.Names() {
			if slices.Contains(elsewhere, name) {
				continue
			}
			size, known := most[name]
			if !known {
				t.Errorf("%s: large workloads have no number of %s", b, name)
				continue
			}
			sizes := bounds.Around(name, size)
			for _, n := range []int{int(b.Value) - 1, int(b.Value), int(b.Value) + 1} {
				if !slices.Contains(sizes, n) {
					t.Errorf("%s: %d %s are never drawn", b, n, name)
				}
			}
		}
	}
}
