package batch

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"synchrony/models/text"
)

type tokenKind uint8

const (
	endOfFile tokenKind = iota
	nameToken
	numberToken // a digit, then letters, digits and dots: 10, 10ms, 1.5s
	symbolToken
	stringToken  // characters between quotation marks on one line, without escapes
	invalidToken // a character that begins no token
)

type token struct {
	kind   tokenKind
	text   string
	offset int
}

// is reports whether the token is this keyword or symbol. Keywords are names: none
// is reserved, so accounts and intents may be called anything.
func (t token) is(text string) bool {
	return (t.kind == nameToken || t.kind == symbolToken) && t.text == text
}

// describe is how messages show the token.
func (t token) describe() string {
	if t.kind == endOfFile {
		return "end of file"
	}
	if t.kind == stringToken {
		return quote(t.content())
	}
	if name := text.CodePoint(t.text); name != "" {
		return name
	}
	return quote(t.text)
}

// content is what is between a string's quotation marks.
func (t token) content() string { return strings.Trim(t.text, `"`) }

// quote puts a word in quotation marks, shortened if it is long.
func quote(word string) string {
	const limit = 60
	if utf8.RuneCountInString(word) > limit {
		word = string([]rune(word)[:limit]) + "…"
	}
	return `"` + text.Printable(word) + `"`
}

// lexer splits a text into tokens. It is a value: a copy looks ahead.
type lexer struct {
	src    string
	offset int
}

func (l *lexer) next() token {
	l.skipSpace()
	start := l.offset
	if start >= len(l.src) {
		return token{offset: len(l.src)}
	}
	rest := l.src[start:]
	first, size := utf8.DecodeRuneInString(rest)
	kind := symbolToken
	switch {
	case isNameStart(first):
		kind, size = nameToken, spanOf(rest, isNamePart)
	case first == '"' && stringSize(rest) > 0:
		kind, size = stringToken, stringSize(rest)
	case isDigit(first):
		kind, size = numberToken, spanOf(rest, isNumberPart)
	default:
		if n := symbolSize(rest); n > 0 {
			size = n
		} else {
			kind = invalidToken
		}
	}
	l.offset += size
	return token{kind, rest[:size], start}
}

func (l *lexer) skipSpace() {
	for l.offset < len(l.src) {
		switch c := l.src[l.offset]; c {
		case ' ', '\t', '\r', '\n':
			l.offset++
		case '#':
			l.skipLine()
		default:
			return
		}
	}
}

// skipLine goes to the end of the line.
func (l *lexer) skipLine() {
	end := strings.IndexByte(l.src[l.offset:], '\n')
	if end < 0 {
		end = len(l.src) - l.offset
	}
	l.offset += end
}

// stringSize is the length of the string that s begins with, with its quotation
// marks; 0 if it has no end on this line.
func stringSize(s string) int {
	end := strings.IndexAny(s[1:], "\"\n")
	if end < 0 || s[1+end] != '"' {
		return 0
	}
	return end + 2
}

// symbolSize is the length of the symbol that s begins with, 0 if there is none.
func symbolSize(s string) int {
	switch {
	case len(s) > 1 && s[1] == '=' && strings.IndexByte("<>=!", s[0]) >= 0:
		return 2
	case strings.IndexByte("<>{}():;,.+-*/%", s[0]) >= 0:
		return 1
	default:
		return 0
	}
}

// spanOf is the length of the longest prefix whose characters all satisfy part.
func spanOf(s string, part func(rune) bool) int {
	if end := strings.IndexFunc(s, func(r rune) bool { return !part(r) }); end >= 0 {
		return end
	}
	return len(s)
}

func isNameStart(r rune) bool { return r == '_' || unicode.IsLetter(r) }
func isDigit(r rune) bool     { return '0' <= r && r <= '9' }
func isNamePart(r rune) bool  { return isNameStart(r) || isDigit(r) }

// isNumberPart takes letters in too, so that 10x is one wrong number and not two
// tokens with a misleading message. Go writes microseconds with U+00B5 or "us".
func isNumberPart(r rune) bool { return r == '.' || isNamePart(r) }

// isName reports whether s is written as one name.
func isName(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return s != "" && isNameStart(first) && spanOf(s, isNamePart) == len(s)
}
