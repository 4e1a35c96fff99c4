package text

import (
	"errors"
	"maps"
	"testing"
)

func TestParseReasons(t *testing.T) {
	got, err := ParseReasons("list", "# why\n\np f cond-negate: a => !(a)\np f rel-swap: a < b => a <= b\n\tThey are\n\tnever equal.\n\np g bool-flip: true => false\n  A hint.\n")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"p f cond-negate: a => !(a)":    "They are never equal.",
		"p f rel-swap: a < b => a <= b": "They are never equal.",
		"p g bool-flip: true => false":  "A hint.",
	}
	if !maps.Equal(got, want) {
		t.Errorf("%q", got)
	}
	for content, line := range map[string]int{
		"a\n":                    1, // no reason
		"\treason\n":             1, // nothing that it is for
		"a\n\tx\nb\n\tx\na\n":    5, // twice
		"# c\na\n\tx\n\nb\nc\n":  6, // no reason
		"a\n\tx\n\n# only\nb\n ": 6,
	} {
		var bad *Error
		if _, err := ParseReasons("list", content); !errors.As(err, &bad) || bad.Line != line || bad.File != "list" {
			t.Errorf("%q: %v, want an Error on line %d of list", content, err, line)
		}
	}
}
