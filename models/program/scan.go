package program

import (
	"strings"
	"unicode/utf8"

	"synchrony/models/text"
)

// tokenKind is the kind of a token.
type tokenKind uint8

const (
	endToken       tokenKind = iota // the end of the line
	wordToken                       // a name, mnemonic, label or keyword
	directiveToken                  // a word that starts with a dot
	numberToken                     // an int or float literal
	stringToken                     // a quoted string, quotes included
	punctToken                      // one of ( ) [ ] { } , : = @ # +
	badToken                        // a character that starts no token, or an open string
)

// token is a piece of a line. Texts never span lines.
type token struct {
	kind tokenKind
	text string
	at   int // byte offset in the line
}

// is reports whether the token is that punctuation or word.
func (t token) is(text string) bool {
	return t.text == text && (t.kind == punctToken || t.kind == wordToken)
}

// describe names the token in a message.
func (t token) describe() string {
	if t.kind == endToken {
		return "the end of the line"
	}
	if name := text.CodePoint(t.text); name != "" {
		return name
	}
	return shorten(t.text)
}

// instead says what may be meant by a token that is not expected here.
func (t token) instead() string {
	if t.is("#") || t.text == "/" {
		return `; a comment begins with ";"`
	}
	return ""
}

// scan splits a line into tokens, the last of which is an endToken. A semicolon starts a comment.
func scan(line string) []token {
	var tokens []token
	for i := 0; ; {
		for i < len(line) && (line[i] == ' ' || line[i] == '\t' || line[i] == '\r') {
			i++
		}
		if i == len(line) || line[i] == ';' {
			return append(tokens, token{endToken, "", i})
		}
		t := next(line, i)
		tokens = append(tokens, t)
		i += len(t.text)
	}
}

// next returns the token at offset i, which is no white space.
func next(line string, i int) token {
	rest := line[i:]
	switch c := rest[0]; {
	case nameByte(c, false):
		return token{wordToken, rest[:wordLength(rest, 0)], i}
	case c == '.' && len(rest) > 1 && nameByte(rest[1], false):
		return token{directiveToken, rest[:wordLength(rest, 1)], i}
	case c == '-' || c >= '0' && c <= '9':
		if n := numberLength(rest); n > 0 {
			return token{numberToken, rest[:n], i}
		}
	case c == '"':
		if n := stringLength(rest); n > 0 {
			return token{stringToken, rest[:n], i}
		}
		return token{badToken, rest, i}
	case strings.IndexByte("()[]{},:=@#+", c) >= 0:
		return token{punctToken, rest[:1], i}
	}
	_, n := utf8.DecodeRuneInString(rest)
	return token{badToken, rest[:n], i}
}

// wordLength returns where the word that starts at i ends.
func wordLength(s string, i int) int {
	for i < len(s) && nameByte(s[i], true) {
		i++
	}
	return i
}

// numberLength returns the length of the number that s starts with, or 0.
func numberLength(s string) int {
	i := 0
	if s[0] == '-' {
		i = 1
		if strings.HasPrefix(s[1:], "Inf") {
			return 4
		}
	}
	digits := func() bool {
		from := i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		return i > from
	}
	if !digits() {
		return 0
	}
	if i+1 < len(s) && s[i] == '.' {
		point := i
		i++
		if !digits() {
			return point
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		exponent := i
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if !digits() {
			return exponent
		}
	}
	return i
}

// stringLength returns the length of the quoted string that s starts with, or 0 if it is open.
func stringLength(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return 0
}
