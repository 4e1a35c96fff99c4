package recording

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// quoted reads a string after its quote.
func (r *ednReader) quoted() error {
	opened, from, escaped := r.line, r.pos-r.base, false
	for {
		for r.pos < r.end && !inString[r.buf[r.pos]] {
			r.pos++
		}
		c, ok := r.scanner.next()
		switch {
		case !ok:
			if r.err != io.EOF {
				return r.ended("")
			}
			return badRecord(r.file, opened, "the string does not end")
		case r.pos-r.base-from > maxToken:
			return r.wrong("a string is longer than %d bytes", maxToken)
		case c == '\\':
			escaped = true
			r.scanner.next() // whatever is escaped, it ends no string
		case c == '"':
			body := r.buf[r.base+from : r.pos-1]
			if !utf8.Valid(body) {
				return r.wrong("the text is not UTF-8")
			}
			if !escaped {
				r.pushText(stringDatum, len(body), 1)
				return nil
			}
			s, err := unescape(body)
			if err != nil {
				return r.wrong("%v", err)
			}
			r.pushWord(word{kind: stringDatum, text: s})
			return nil
		}
	}
}

// inString has the bytes that mean something in a string.
var inString = [256]bool{'"': true, '\\': true, '\n': true}

// unescape replaces the escapes of a string in EDN or JSON by what they stand for.
func unescape(body []byte) (string, error) {
	var sb strings.Builder
	for i := 0; i < len(body); i++ {
		c := body[i]
		if c != '\\' {
			sb.WriteByte(c)
			continue
		}
		i++
		at := strings.IndexByte(`ntrbf"\/`, body[i])
		switch {
		case at >= 0:
			sb.WriteByte("\n\t\r\b\f\"\\/"[at])
		case body[i] == 'u':
			n, used, err := codePoint(body[i+1:])
			if err != nil {
				return "", err
			}
			sb.WriteRune(n)
			i += used
		default:
			return "", fmt.Errorf(`\%c is no escape of a string`, body[i])
		}
	}
	return sb.String(), nil
}

// codePoint reads what follows a \u: four digits, or a pair of surrogates.
func codePoint(b []byte) (rune, int, error) {
	first, err := fourDigits(b)
	if err != nil {
		return 0, 0, err
	}
	if first >= 0xd800 && first < 0xdc00 && len(b) >= 10 && b[4] == '\\' && b[5] == 'u' {
		if second, err := fourDigits(b[6:]); err == nil && second >= 0xdc00 && second < 0xe000 {
			return 0x10000 + (first-0xd800)<<10 + (second - 0xdc00), 10, nil
		}
	}
	return first, 4, nil
}

func fourDigits(b []byte) (rune, error) {
	digits := string(b[:min(4, len(b))])
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || len(digits) < 4 {
		return 0, fmt.Errorf(`\u%s is no character`, digits)
	}
	return rune(n), nil
}

// character reads what follows a backslash: one character, or the name of one.
func (r *ednReader) character() error {
	first, ok := r.scanner.next()
	if !ok {
		return r.ended("a character is expected")
	}
	w, err := r.token(1)
	if err != nil {
		return err
	}
	text := string(w)
	switch {
	case len(w) == 1 || utf8.RuneCount(w) == 1:
	case first == 'u' && len(w) == 5:
		n, err := fourDigits(w[1:])
		if err != nil {
			return err
		}
		text = string(n)
	default:
		at := slices.Index([]string{"newline", "space", "tab", "return", "backspace", "formfeed"}, text)
		if at < 0 {
			return r.wrong(`\%s is no character`, text)
		}
		text = "\n \t\r\b\f"[at : at+1]
	}
	r.pushWord(word{kind: stringDatum, text: text})
	return nil
}
