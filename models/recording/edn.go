package recording

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ednReader reads the values of a text in EDN, the notation of Clojure's data
// (github.com/edn-format/edn), one after another. A tag is skipped: what it tags is
// the value. A text that is one vector or list yields its items.
type ednReader struct {
	r     *bufio.Reader
	file  string
	line  int
	depth int  // of open brackets
	whole byte // the bracket that closes the text, if it is one list
	begun bool
}

// maxDepth bounds how deep values nest, and maxToken how long a word is, so that a
// hostile text cannot exhaust the stack or the memory.
const (
	maxDepth = 64
	maxToken = 16 << 20
)

func newEDNReader(file string, r *bufio.Reader) *ednReader {
	return &ednReader{r: r, file: file, line: 1}
}

func (r *ednReader) wrong(format string, args ...any) error {
	return badRecord(r.file, r.line, fmt.Sprintf(format, args...))
}

// next is the next value of the text, or io.EOF.
func (r *ednReader) next() (datum, error) {
	c, err := r.start()
	if err != nil {
		if errors.Is(err, io.EOF) && r.whole != 0 {
			return datum{}, r.wrong("the text ends where %q is expected", r.whole)
		}
		return datum{}, err
	}
	switch {
	case !r.begun && (c == '[' || c == '('):
		r.begun, r.whole = true, closing(c)
		return r.next()
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
// follows.
func (r *ednReader) start() (byte, error) {
	for {
		c, err := r.byte()
		switch {
		case err != nil:
			return 0, err
		case c == ' ' || c == ',' || c == '\t' || c == '\n' || c == '\r' || c == '\f':
		case c == ';':
			for c != '\n' {
				if c, err = r.byte(); err != nil {
					return 0, err
				}
			}
		case c == '#':
			if peek, _ := r.r.Peek(1); len(peek) == 0 || peek[0] != '_' {
				return c, nil
			}
			_, _ = r.byte() // was peeked
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
	if r.depth++; r.depth > maxDepth {
		return r.wrong("values nest deeper than %d", maxDepth)
	}
	_, err := r.inner("a value")
	r.depth--
	return err
}

func (r *ednReader) byte() (byte, error) {
	c, err := r.r.ReadByte()
	if err != nil {
		return 0, err
	}
	if c == '\n' {
		r.line++
	}
	return c, nil
}

// inner is a value that must be there.
func (r *ednReader) inner(what string) (datum, error) {
	c, err := r.start()
	if errors.Is(err, io.EOF) {
		return datum{}, r.wrong("the text ends where %s is expected", what)
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
		return r.string()
	case '#':
		return r.dispatch()
	case ']', ')', '}':
		return datum{}, r.wrong("%q closes nothing", c)
	case '\\':
		w, err := r.token("")
		return datum{kind: stringDatum, text: w}, err
	case ':':
		w, err := r.token("")
		if err == nil && w == "" {
			err = r.wrong("a colon without a keyword")
		}
		return datum{kind: keywordDatum, text: w}, err
	default:
		w, err := r.token(string([]byte{c}))
		return atom(w), err
	}
}

// items reads values up to a closing bracket.
func (r *ednReader) items(kind datumKind, end byte) (datum, error) {
	opened := r.line
	if r.depth++; r.depth > maxDepth {
		return datum{}, r.wrong("values nest deeper than %d", maxDepth)
	}
	defer func() { r.depth-- }()
	d := datum{kind: kind}
	for {
		c, err := r.start()
		if errors.Is(err, io.EOF) {
			return d, r.wrong("the text ends where %q is expected, for the bracket that line %d opens", end, opened)
		}
		if err != nil {
			return d, err
		}
		if c == end {
			return d, nil
		}
		x, err := r.value(c)
		if err != nil {
			return d, err
		}
		d.items = append(d.items, x)
	}
}

// dispatch reads what follows a #: a set, or a tag, which is skipped, with its value.
func (r *ednReader) dispatch() (datum, error) {
	peek, _ := r.r.Peek(1)
	if len(peek) > 0 && peek[0] == '{' {
		_, _ = r.byte() // was peeked
		return r.items(listDatum, '}')
	}
	tag, err := r.token("")
	if err != nil {
		return datum{}, err
	}
	if tag == "" {
		return datum{}, r.wrong("a # without a tag")
	}
	if r.depth++; r.depth > maxDepth {
		return datum{}, r.wrong("values nest deeper than %d", maxDepth)
	}
	defer func() { r.depth-- }()
	return r.inner("the value of the tag #" + tag)
}

// string reads a string after its quote.
func (r *ednReader) string() (datum, error) {
	opened := r.line
	var sb strings.Builder
	for sb.Len() < maxToken {
		c, err := r.byte()
		if err == nil && c == '"' {
			return datum{kind: stringDatum, text: sb.String()}, nil
		}
		if err == nil && c == '\\' {
			err = r.escape(&sb)
		} else {
			sb.WriteByte(c)
		}
		if errors.Is(err, io.EOF) {
			return datum{}, badRecord(r.file, opened, "the string does not end")
		}
		if err != nil {
			return datum{}, err
		}
	}
	return datum{}, r.wrong("a string is longer than %d bytes", maxToken)
}

func (r *ednReader) escape(sb *strings.Builder) error {
	c, err := r.byte()
	if err != nil {
		return err
	}
	switch c {
	case 'n':
		sb.WriteByte('\n')
	case 't':
		sb.WriteByte('\t')
	case 'r':
		sb.WriteByte('\r')
	case 'b':
		sb.WriteByte('\b')
	case 'f':
		sb.WriteByte('\f')
	case '"', '\\', '/':
		sb.WriteByte(c)
	case 'u':
		var digits [4]byte
		for i := range digits {
			if digits[i], err = r.byte(); err != nil {
				return err
			}
		}
		n, err := strconv.ParseUint(string(digits[:]), 16, 32)
		if err != nil {
			return r.wrong(`\u%s is no character`, digits[:])
		}
		sb.WriteRune(rune(n))
	default:
		return r.wrong(`\%c is no escape of a string`, c)
	}
	return nil
}

// token reads the rest of a word.
func (r *ednReader) token(start string) (string, error) {
	var sb strings.Builder
	sb.WriteString(start)
	for sb.Len() < maxToken {
		peek, err := r.r.Peek(1)
		if len(peek) == 0 && !errors.Is(err, io.EOF) {
			return "", err
		}
		if len(peek) == 0 || strings.IndexByte(" ,\t\n\r\f;[](){}\"", peek[0]) >= 0 {
			if w := sb.String(); utf8.ValidString(w) {
				return w, nil
			}
			return "", r.wrong("the text is not UTF-8")
		}
		c, _ := r.byte() // was peeked
		sb.WriteByte(c)
	}
	return "", r.wrong("a word is longer than %d bytes", maxToken)
}

// atom is a word's meaning.
func atom(w string) datum {
	switch w {
	case "nil", "null":
		return datum{}
	case "true":
		return datum{kind: boolDatum, number: 1}
	case "false":
		return datum{kind: boolDatum}
	}
	if n, err := strconv.ParseInt(strings.TrimSuffix(w, "N"), 10, 64); err == nil {
		return datum{kind: integerDatum, number: n}
	}
	return datum{kind: symbolDatum, text: w}
}
