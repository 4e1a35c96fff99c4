package declared

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"synchrony/models/text"
)

// token is a word, a number, a text in quotes, or a sign.
type token struct {
	text   string // as it stands in the file; "" at the end of the line
	offset int
}

// signs are those of more than one byte before their beginnings.
var signs = []string{"==", "!=", "<=", ">=", "=", "<", ">", "+", "-", "*", "(", ")", "[", "]", ","}

// tokens takes a line apart, up to a comment. The error is a [*text.Error].
func tokens(file, src string, from, end int) ([]token, error) {
	var list []token
	for at := from; at < end; {
		rest := src[at:end]
		letter, size := utf8.DecodeRuneInString(rest)
		switch {
		case letter == '#':
			return list, nil
		case unicode.IsSpace(letter):
			at += size
			continue
		case letter == '"':
			size = quotedEnd(rest)
			if _, err := strconv.Unquote(rest[:size]); err != nil {
				return nil, text.ErrorAt(file, src, at, "a text that does not end, or has an escape that there is not")
			}
		case isWord(letter) || letter == ':':
			for size < len(rest) {
				next, n := utf8.DecodeRuneInString(rest[size:])
				if !isWord(next) && !(next == '-' && size+n < len(rest) && isLetterAt(rest[size+n:])) {
					break
				}
				size += n
			}
		default:
			size = 0
			for _, s := range signs {
				if strings.HasPrefix(rest, s) {
					size = len(s)
					break
				}
			}
			if size == 0 {
				return nil, text.ErrorAt(file, src, at, strconv.QuoteRune(letter)+" means nothing here")
			}
		}
		list = append(list, token{rest[:size], at})
		at += size
	}
	return list, nil
}

// isWord reports whether a letter is one of a word; a hyphen is, between letters.
func isWord(r rune) bool {
	return r == '_' || r == '/' || r == '.' || r == '?' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

func isLetterAt(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// quotedEnd is where a text in quotes ends.
func quotedEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}
