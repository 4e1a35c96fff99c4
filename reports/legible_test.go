package reports

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLegible(t *testing.T) {
	for text, want := range map[string]string{
		"transfer2 wrote → 5\n\tagain": "transfer2 wrote → 5\n\tagain",
		"\x1b]0;owned\x07":             `\x1b]0;owned\x07`,
		"\x1b[2J\x1b[31mred\x1b[0m":    `\x1b[2J` + "\x1b[31mred\x1b[0m",
		"one\rtwo\x00\x7f\u009b":       `one\x0dtwo\x00\x7f\u009b`,
		"a\u202eb\xff":                 `a\u202eb\xff`,
		"::error::x":                   `:\:error::x`,
		"  ::warning\nstd::map ::x":    `  :\:warning` + "\nstd::map ::x",
		"see ##[group]x and ##vso[y]":  `see \##[group]x and \##vso[y]`,
		"# ##\n#[":                     "# ##\n#[",
	} {
		if got := Legible(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestLegibleInParts: it does not matter in what parts a text is written, but for commands that a part
// ends in the middle of, and what was made safe stays as it is.
func TestLegibleInParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(rapid.SampledFrom([]string{":", ":", " ", "\n", "x", "##[", "\x1b", "\x1b[31m", "é", "\u202e"})).Draw(t, "words")
		var b bytes.Buffer
		p := NewPrinter(&b)
		for _, w := range words {
			p.Printf("%s", w)
		}
		whole := Legible(strings.Join(words, ""))
		if b.String() != whole {
			t.Errorf("in parts %q, as a whole %q", &b, whole)
		}
		for line := range strings.Lines(whole) {
			if strings.HasPrefix(strings.TrimSpace(line), "::") {
				t.Errorf("a command is left: %q", line)
			}
		}
	})
}
