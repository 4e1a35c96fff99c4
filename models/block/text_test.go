package block

import (
	"encoding/json"
	"strings"
	"testing"
)

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
		"workers 2\nt1: " + strings.Repeat("fail;", maxOperations) + "fail\n": "transactions[0]: it has more than 1000 operations",
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// FuzzBlock: whatever is read is executed serially without harm, and read again as the same.
func FuzzBlock(f *testing.F) {
	f.Add("workers 2\na = 5\n1/b = -3\nt1: read a; move a 1/b 5\nt2: sum a z c; panic\nt1 guesses: a | a 1/b\n")
	f.Add("workers 1\nt1: branch a b c 2; follow a 1\nt2: transfer a b 1; require b 2; fail\nt3:\n")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := Parse(text)
		if err != nil {
			return
		}
		Execute(&b, Isolate, Departure{})
		if err := b.Validate(); err != nil {
			t.Errorf("%v in %q", err, text)
		}
		if back, err := Parse(b.String()); err != nil || back.String() != b.String() {
			t.Errorf("%v: %q is read as %q", err, b.String(), back.String())
		}
	})
}

// TestJSONRefused: an operation says all that its kind takes, and nothing else.
func TestJSONRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"op": "fly", "key": "a"}`:              `there is no operation "fly": want one of read, write`,
		`{"op": "add"}`:                          `"add" takes 1 keys, and its "key" is ""`,
		`{"op": "add", "key": "a", "to": "b"}`:   `"add" takes 1 keys, and its "to" is "b"`,
		`{"op": "read", "key": "a", "amount":1}`: `"read" takes no amount`,
		`{"op": "read", "key": "a", "n": 1}`:     `unknown field "n"`,
	} {
		var o Operation
		if err := json.Unmarshal([]byte(text), &o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// TestInvalid: what no block can be is refused with its place, whatever form it had.
func TestInvalid(t *testing.T) {
	for text, want := range map[string]string{
		`{"workers": 0}`:                                                                                                       "workers: 0, which is not",
		`{"workers": 1, "initial": {"1a": 1}}`:                                                                                 `initial: "1a" is no key`,
		`{"workers": 1, "initial": {"a": 1099511627777}}`:                                                                      "initial.a: 1099511627777 is out of range",
		`{"workers": 1, "transactions": [{"name": "t 1"}]}`:                                                                    `transactions[0]: "t 1" is no name`,
		`{"workers": 1, "transactions": [{"name": "t"}, {"name": "t"}]}`:                                                       `transactions[1]: there are two of the name "t"`,
		`{"workers": 1, "transactions": [{"name": "t", "operations": [{"op": "read", "key": "?"}]}]}`:                          `"?" is no key`,
		`{"workers": 1, "transactions": [{"name": "t", "guess": {"reads": ["/"], "writes": []}}]}`:                             `"/" is no key`,
		`{"workers": 1, "transactions": [{"name": "t", "operations": [{"op": "add", "key": "a", "amount": -1099511627777}]}]}`: "is out of range",
	} {
		var b Block
		if err := json.Unmarshal([]byte(text), &b); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if err := b.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// TestEmptyInJSON: what is empty is no null to who reads it in another language.
func TestEmptyInJSON(t *testing.T) {
	for want, b := range map[string]Block{
		`{"workers":2,"initial":{},"transactions":[]}`:                              {Workers: 2},
		`{"workers":2,"initial":{},"transactions":[{"name":"t1","operations":[]}]}`: {Workers: 2, Transactions: []Transaction{{Name: "t1"}}},
	} {
		if got, err := json.Marshal(b); err != nil || string(got) != want {
			t.Errorf("%s, %v, want %s", got, err, want)
		}
	}
}
