package auto

import "testing"

// TestReviewed holds the list against the source: every mutant on it exists.
func TestReviewed(t *testing.T) {
	list, err := Reviewed()
	if err != nil {
		t.Fatal(err)
	}
	s := loadTargets(t)
	exists := map[string]bool{}
	for _, m := range s.Mutants() {
		exists[m.key()] = true
	}
	for key := range list {
		if !exists[key] {
			t.Errorf("%s lists %q, and there is no such mutant", EquivalentFile, key)
		}
	}
}
