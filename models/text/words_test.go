package text

import "testing"

func TestQuoteWord(t *testing.T) {
	for word, want := range map[string]string{
		"S1": "S1", "a/b-c.d": "a/b-c.d", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, "$(x)": "'$(x)'",
	} {
		if got := QuoteWord(word); got != want {
			t.Errorf("QuoteWord(%q) = %s, want %s", word, got, want)
		}
	}
}
