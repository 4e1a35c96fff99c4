package main

import (
	"testing"

	"synchrony/properties/mutants"
)

// TestMutantsNameProperties: whoever must kill a mutant is there.
func TestMutantsNameProperties(t *testing.T) {
	registry, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	all, err := mutants.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if _, known := registry.Lookup(m.KilledBy); !known {
			t.Errorf("%s is to be killed by %s, and there is no such property", m.Name, m.KilledBy)
		}
	}
}
