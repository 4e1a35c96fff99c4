package recording

import (
	"bytes"
	"strconv"
	"strings"
)

// word is the meaning of a word: the text is that of a string, a keyword or a symbol.
type word struct {
	kind   datumKind
	number int64
	text   string
}

// atom adds the node of a word, which was taken last.
func (s *scanner) atom(w []byte) {
	if n, ok := wholeNumber(bytes.TrimSuffix(w, []byte("N"))); ok {
		s.push(node{kind: integerDatum, number: n})
		return
	}
	if string(w) == "nil" {
		s.push(node{})
		return
	}
	s.pushWord(atom(string(w)))
}

// shortNumber takes the rest of a whole number that begins with c, if it is one of up to 18 digits, and all of it, with
// what ends it, is in the buffer; else it takes nothing, and the word is read as any other.
func (s *scanner) shortNumber(c byte) (int64, bool) {
	if c < '0' || c > '9' {
		return 0, false
	}
	n := int64(c - '0')
	for i, c := range s.buf[s.pos:min(s.pos+18, s.end)] {
		if c < '0' || c > '9' {
			if !endsToken[c] {
				return 0, false
			}
			s.pos += i
			return n, true
		}
		n = 10*n + int64(c-'0')
	}
	return 0, false
}

// atom is the meaning of a word that is no whole number of 64 bits.
func atom(w string) word {
	switch w {
	case "nil", "null":
		return word{}
	case "true":
		return word{kind: boolDatum, number: 1}
	case "false":
		return word{kind: boolDatum}
	}
	if w != "" && (w[0] == '-' || w[0] == '+' || w[0] >= '0' && w[0] <= '9') {
		if n, err := strconv.ParseInt(strings.TrimSuffix(w, "N"), 10, 64); err == nil {
			return word{kind: integerDatum, number: n}
		}
		if f, err := strconv.ParseFloat(w, 64); err == nil && strings.ContainsAny(w, ".eE") { // 1.50 is 1.5
			w = strconv.FormatFloat(f, 'g', -1, 64)
			if !strings.ContainsAny(w, ".e") {
				w += ".0" // and 1.0 is not 1
			}
		}
	}
	return word{kind: symbolDatum, text: w}
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
