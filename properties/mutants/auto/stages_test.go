package auto

import (
	"slices"
	"testing"

	"synchrony/properties/catalogue"
)

// parsing are the properties that run nothing of the packages that are mutated.
var parsing = []string{"S16", "S17", "V12"}

// TestStages holds the lists against the catalogue: every property of a system is asked.
func TestStages(t *testing.T) {
	all, err := catalogue.All()
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string][]string{"batch": batchProperties(), "vm": programProperties()}
	for _, p := range all.All() {
		in := p.Info()
		list, ok := asked[in.Group]
		if ok && slices.Contains(list, in.ID) == slices.Contains(parsing, in.ID) {
			t.Errorf("%s is asked of mutants: %v", in.ID, slices.Contains(list, in.ID))
		}
	}
}
