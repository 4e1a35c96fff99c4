package batchtest

import (
	"strings"
	"testing"

	"synchrony/generators/choice"
)

// everything is everything that options can ask for.
func everything(t *testing.T, more ...Option) *config {
	t.Helper()
	c, err := newConfig(append([]Option{MaxTxs(40), Failures(Isolate), Panics(), Ranges(), Stores(3), Estimates()}, more...))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestTextRoundTrips: what is drawn, formatted and parsed is formatted as the same again.
func TestTextRoundTrips(t *testing.T) {
	for seed := range uint64(500) {
		b := draw(choice.Seeded(seed), everything(t))
		back, err := parseBlock(b.String())
		if err != nil {
			t.Fatalf("%v in\n%s", err, b.String())
		}
		if got, want := back.String(), b.String(); got != want {
			t.Fatalf("parsed:\n%s\ndrawn:\n%s", got, want)
		}
	}
}

func TestTextRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "it is empty",
		"workers 0\n":                         `block:1: "workers 0" is no number of workers`,
		"workers 2\na = x\n":                  `block:2: "x" is no value`,
		"workers 2\na = 1\na = 2\n":           "block:3: what a has is there twice",
		"workers 2\n1a = 2\n":                 `"1a" is no key`,
		"workers 2\nt1: fly a\n":              `"fly a" is no operation`,
		"workers 2\nt1: add a\n":              "add takes 2 words, and this has 1",
		"workers 2\nt1: add a 1;\n":           `"" is no operation`,
		"workers 2\nt1:\nt1:\n":               "there are two transactions t1",
		"workers 2\nt1\n":                     "is neither what a key has",
		"workers 2\nt 1:\n":                   `"t 1" is no name`,
		"workers 2\nt1 guesses: a | b\n":      "there is no transaction t1 before",
		"workers 2\nt1:\nt1 guesses: a b\n":   "want the keys that it reads, a |",
		"workers 2\nt1:\na = 1\n":             "is neither what a key has",
		"workers 2\nt1: add a 1e9\n":          "must be a whole number",
		"workers 2\nt1: sum a b 3\n":          `"3" is no key`,
		"workers 2\nt1:\nt1 guesses: - | a\n": `"-" is no key`,
	} {
		if _, err := parseBlock(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// FuzzBlock: whatever is read is executed serially without harm, and read again as the same.
func FuzzBlock(f *testing.F) {
	for seed := range uint64(20) {
		b := draw(choice.Seeded(seed), &config{maxTxs: 6, lo: 1, hi: 2, failures: true, panics: true, ranges: true, stores: 2, estimates: true})
		f.Add(b.String())
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := parseBlock(text)
		if err != nil {
			return
		}
		execute(&b, Isolate, skew{})
		if back, err := parseBlock(b.String()); err != nil || back.String() != b.String() {
			t.Errorf("%v: %q is read as %q", err, b.String(), back.String())
		}
	})
}
