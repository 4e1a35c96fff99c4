package recording

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ednReader reads the values of a text in EDN, the notation of Clojure's data
// (github.com/edn-format/edn), one after another. A tag is skipped: what it tags is
// the value. A text that is one vector or list yields its items. What next returns is good until
// the record after the next call, unless keep is set.
type ednReader struct {
	*scanner
	whole byte // the bracket that closes the text, if it is one list
	begun bool
	keep  bool
}

func newEDNReader(s *scanner) *ednReader { return &ednReader{scanner: s} }

// next is the next value of the text, or io.EOF.
func (r *ednReader) next() (datum, error) {
	if !r.keep {
		r.arena = r.arena[:0]
	}
	for {
		c, err := r.start()
		switch {
		case err == io.EOF && r.whole != 0:
			return datum{}, r.ended("%q is expected", r.whole)
		case err != nil:
			return datum{}, err
		case !r.begun && (c == '[' || c == '('):
			r.begun, r.whole = true, closing(c)
			continue
		case r.whole != 0 && c == r.whole:
			r.whole = 0
			if c, err = r.start(); err == nil {
				return datum{}, r.wrong("%q after the end of the list", c)
			}
			return datum{}, err
		}
		r.begun = true
		return r.value(c)
	}
}

func closing(c byte) byte {
	switch c {
	case '[':
		return ']'
	case '(':
		return ')'
	default:
		return '}'
	}
}

// start skips space, comments and discarded values, and takes the first byte of what
// follows. The error is io.EOF at the end of the text.
func (r *ednReader) start() (byte, error) {
	for {
		c, ok := r.scanner.next()
		switch {
		case !ok && r.err != io.EOF:
			return 0, r.ended("")
		case !ok:
			return 0, io.EOF
		case c == ' ' || c == ',' || c == '\t' || c == '\n' || c == '\r' || c == '\f':
		case c == ';':
			for c != '\n' {
				if c, ok = r.scanner.next(); !ok {
					break
				}
			}
		case c == '#':
			if peek, ok := r.peek(); !ok || peek != '_' {
				return c, nil
			}
			r.scanner.next() // was peeked
			if err := r.discard(); err != nil {
				return 0, err
			}
		default:
			return c, nil
		}
	}
}

// discard skips the value after a #_.
func (r *ednReader) discard() error {
	if _, err := r.open(); err != nil {
		return err
	}
	_, err := r.inner("a value")
	r.depth--
	return err
}

// inner is a value that must be there.
func (r *ednReader) inner(what string) (datum, error) {
	c, err := r.start()
	if err == io.EOF {
		return datum{}, r.ended("%s is expected", what)
	}
	if err != nil {
		return datum{}, err
	}
	return r.value(c)
}

// value reads the value that begins with c.
func (r *ednReader) value(c byte) (datum, error) {
	line := r.line
	d, err := r.valueOf(c)
	d.line = line
	return d, err
}

func (r *ednReader) valueOf(c byte) (datum, error) {
	switch c {
	case '{':
		d, err := r.items(mapDatum, '}')
		if err == nil && len(d.items)%2 != 0 {
			err = r.wrong("a map has a key without a value")
		}
		return d, err
	case '[', '(':
		return r.items(listDatum, closing(c))
	case '"':
		w, err := r.quoted()
		return datum{kind: stringDatum, text: w}, err
	case '#':
		return r.dispatch()
	case ']', ')', '}':
		return datum{}, r.wrong("%q closes nothing", c)
	case '\\':
		w, err := r.character()
		return datum{kind: stringDatum, text: w}, err
	case ':':
		w, err := r.token(1)
		if err == nil && len(w) == 1 {
			err = r.wrong("a colon without a keyword")
		}
		if err != nil {
			return datum{}, err
		}
		return datum{kind: keywordDatum, text: r.text(w[1:])}, nil
	default:
		w, err := r.token(1)
		if err != nil {
			return datum{}, err
		}
		return r.atom(w), nil
	}
}

// items reads values up to a closing bracket.
func (r *ednReader) items(kind datumKind, end byte) (datum, error) {
	opened := r.line
	from, err := r.open()
	if err != nil {
		return datum{}, err
	}
	for {
		c, err := r.start()
		if err == io.EOF {
			return datum{}, r.ended("%q is expected, for the bracket that line %d opens", end, opened)
		}
		if err != nil {
			return datum{}, err
		}
		if c == end {
			return r.close(from, kind), nil
		}
		x, err := r.value(c)
		if err != nil {
			return datum{}, err
		}
		r.stack = append(r.stack, x)
	}
}

// dispatch reads what follows a #: a set, a number that is none or infinite, a pattern, or a tag, which is skipped,
// with its value.
func (r *ednReader) dispatch() (datum, error) {
	switch c, _ := r.peek(); c {
	case '{':
		r.scanner.next() // was peeked
		return r.items(setDatum, '}')
	case '"':
		r.scanner.next()
		w, err := r.quoted()
		return datum{kind: symbolDatum, text: "#" + strconv.Quote(w)}, err
	case '#':
		w, err := r.token(1) // ##Inf, ##-Inf, ##NaN
		if err == nil && string(w) != "##Inf" && string(w) != "##-Inf" && string(w) != "##NaN" {
			err = r.wrong("%q is no number: there are ##Inf, ##-Inf and ##NaN", w)
		}
		return datum{kind: symbolDatum, text: r.text(w)}, err
	}
	tag, err := r.token(0)
	if err != nil {
		return datum{}, err
	}
	if len(tag) == 0 {
		return datum{}, r.wrong("a # without a tag")
	}
	name := r.text(tag)
	if _, err := r.open(); err != nil {
		return datum{}, err
	}
	defer func() { r.depth-- }()
	return r.inner("the value of the tag #" + name)
}

// quoted reads a string after its quote.
func (r *ednReader) quoted() (string, error) {
	opened := r.line
	r.mark = r.pos
	defer func() { r.mark = noMark }()
	escaped := false
	for {
		c, ok := r.scanner.next()
		switch {
		case !ok:
			if r.err != io.EOF {
				return "", r.ended("")
			}
			return "", badRecord(r.file, opened, "the string does not end")
		case r.pos-r.mark > maxToken:
			return "", r.wrong("a string is longer than %d bytes", maxToken)
		case c == '\\':
			escaped = true
			r.scanner.next() // whatever is escaped, it ends no string
		case c == '"':
			body := r.buf[r.mark : r.pos-1]
			if !utf8.Valid(body) {
				return "", r.wrong("the text is not UTF-8")
			}
			if !escaped {
				return r.text(body), nil
			}
			s, err := unescape(body)
			if err != nil {
				return "", r.wrong("%v", err)
			}
			return s, nil
		}
	}
}

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
func (r *ednReader) character() (string, error) {
	first, ok := r.scanner.next()
	if !ok {
		return "", r.ended("a character is expected")
	}
	w, err := r.token(1)
	if err != nil {
		return "", err
	}
	switch name := string(w); {
	case len(w) == 1 || utf8.RuneCount(w) == 1:
		return name, nil
	case first == 'u' && len(w) == 5:
		n, err := fourDigits(w[1:])
		return string(n), err
	default:
		for i, known := range []string{"newline", "space", "tab", "return", "backspace", "formfeed"} {
			if name == known {
				return "\n \t\r\b\f"[i : i+1], nil
			}
		}
		return "", r.wrong(`\%s is no character`, name)
	}
}

// endsToken has the bytes that end a word.
var endsToken = func() (set [256]bool) {
	for _, c := range []byte(" ,\t\n\r\f;[](){}\"") {
		set[c] = true
	}
	return set
}()

// token reads the rest of a word, of which some bytes were taken. It is good until more is read.
func (r *ednReader) token(taken int) ([]byte, error) {
	r.mark = r.pos - taken
	defer func() { r.mark = noMark }()
	ascii := byte(0)
	for {
		c, ok := r.peek()
		if !ok && r.err != io.EOF {
			return nil, r.ended("")
		}
		if !ok || endsToken[c] {
			break
		}
		if r.pos-r.mark > maxToken {
			return nil, r.wrong("a word is longer than %d bytes", maxToken)
		}
		ascii |= c
		r.pos++
	}
	w := r.buf[r.mark:r.pos]
	if (ascii >= utf8.RuneSelf || taken > 0 && w[0] >= utf8.RuneSelf) && !utf8.Valid(w) {
		return nil, r.wrong("the text is not UTF-8")
	}
	return w, nil
}

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
