package auto

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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

func TestParseEquivalent(t *testing.T) {
	got, err := parseEquivalent("# why\n\np f cond-negate: a => !(a)\np f rel-swap: a < b => a <= b\n\tThey are\n\tnever equal.\n\np g bool-flip: true => false\n  A hint.\n")
	if err != nil {
		t.Fatal(err)
	}
	want := Equivalent{
		"p f cond-negate: a => !(a)":    "They are never equal.",
		"p f rel-swap: a < b => a <= b": "They are never equal.",
		"p g bool-flip: true => false":  "A hint.",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for text, line := range map[string]int{
		"a\n":                    1, // no reason
		"\treason\n":             1, // no mutant
		"a\n\tx\nb\n\tx\na\n":    5, // twice
		"# c\na\n\tx\n\nb\nc\n":  6, // no reason
		"a\n\tx\n\n# only\nb\n ": 6,
	} {
		var bad *ListError
		if _, err := parseEquivalent(text); !errors.As(err, &bad) || bad.Line != line {
			t.Errorf("%q: %v, want a ListError on line %d", text, err, line)
		}
	}
}
