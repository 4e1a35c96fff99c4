package recording

import (
	"bytes"
	"strconv"
	"strings"
)

// atom is a word's meaning.
func (s *scanner) atom(w []byte) datum {
	if n, ok := wholeNumber(bytes.TrimSuffix(w, []byte("N"))); ok {
		return datum{kind: integerDatum, number: n}
	}
	return atom(s.text(w))
}

// atom is the meaning of a word that is no whole number of 64 bits.
func atom(w string) datum {
	switch w {
	case "nil", "null":
		return datum{}
	case "true":
		return datum{kind: boolDatum, number: 1}
	case "false":
		return datum{kind: boolDatum}
	}
	if w != "" && (w[0] == '-' || w[0] == '+' || w[0] >= '0' && w[0] <= '9') {
		if n, err := strconv.ParseInt(strings.TrimSuffix(w, "N"), 10, 64); err == nil {
			return datum{kind: integerDatum, number: n}
		}
		if f, err := strconv.ParseFloat(w, 64); err == nil && strings.ContainsAny(w, ".eE") { // 1.50 is 1.5
			w = strconv.FormatFloat(f, 'g', -1, 64)
			if !strings.ContainsAny(w, ".e") {
				w += ".0" // and 1.0 is not 1
			}
		}
	}
	return datum{kind: symbolDatum, text: w}
}

// wholeNumber parses a plain number of up to 18 digits.
func wholeNumber(w []byte) (int64, bool) {
	digits := w
	if len(w) > 0 && w[0] == '-' {
		digits = w[1:]
	}
	if len(digits) == 0 || len(digits) > 18 {
		return 0, false
	}
	n := int64(0)
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int64(c-'0')
	}
	if len(digits) < len(w) {
		n = -n
	}
	return n, true
}
