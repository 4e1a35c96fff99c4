package recording

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
)

// jsonReader reads the values of a text in JSON (RFC 8259), one after another. A text that is one array yields
// its items.
type jsonReader struct {
	edn   *ednReader // its strings are JSON's, and its words have JSON's as some
	array bool       // the text is one array, which is open
	begun bool
}

func newJSONReader(s *scanner) *jsonReader { return &jsonReader{edn: newEDNReader(s)} }

// next is the next value of the text, or io.EOF.
func (r *jsonReader) next() (datum, error) {
	s := r.edn.scanner
	s.forget()
	c, err := r.start()
	if !r.begun && err == nil && c == '[' {
		r.begun, r.array = true, true
		if c, err = r.start(); err == nil && c == ']' {
			return r.afterArray()
		}
	} else if r.array && err == nil {
		switch c {
		case ']':
			return r.afterArray()
		case ',':
			c, err = r.start()
		default:
			return datum{}, s.wrong("%q where a comma or the end of the array is expected", c)
		}
	}
	r.begun = true
	switch {
	case errors.Is(err, io.EOF) && r.array:
		return datum{}, s.ended("']' is expected")
	case err != nil:
		return datum{}, err
	}
	s.begin()
	at, line := len(s.nodes), s.line
	if err := r.value(c); err != nil {
		return datum{}, err
	}
	return s.datum(at, line), nil
}

func (r *jsonReader) afterArray() (datum, error) {
	r.array = false
	c, err := r.start()
	if err == nil {
		return datum{}, r.edn.wrong("%q after the end of the array", c)
	}
	return datum{}, err
}

// start skips space and takes the first byte of what follows. The error is io.EOF at the end of the text.
func (r *jsonReader) start() (byte, error) {
	for {
		if s := r.edn.scanner; s.pos < s.end && s.buf[s.pos] > ' ' {
			s.pos++
			return s.buf[s.pos-1], nil
		}
		c, ok := r.edn.scanner.next()
		switch {
		case !ok && r.edn.err != io.EOF:
			return 0, r.edn.ended("")
		case !ok:
			return 0, io.EOF
		case c != ' ' && c != '\t' && c != '\n' && c != '\r':
			return c, nil
		}
	}
}

// wanted is what must come next: a byte, or the end of a list, or if that was opened on a line, a value or its end.
type wanted struct {
	what string
	end  byte
	line int
}

func (w wanted) String() string {
	switch {
	case w.line != 0:
		return fmt.Sprintf("a value or %q for the bracket that line %d opens", w.end, w.line)
	case w.end != 0:
		return fmt.Sprintf("a comma or %q", w.end)
	default:
		return w.what
	}
}

// must is start where the text may not end.
func (r *jsonReader) must(w wanted) (byte, error) {
	c, err := r.start()
	if err == io.EOF {
		return 0, r.edn.ended("%s is expected", w)
	}
	return c, err
}

func (r *jsonReader) value(c byte) error {
	switch {
	case c == '{':
		return r.items(objectDatum, '}')
	case c == '[':
		return r.items(listDatum, ']')
	case c == '"':
		return r.edn.quoted()
	case c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z':
		if n, ok := r.edn.shortNumber(c); ok {
			r.edn.push(node{kind: integerDatum, number: n})
			return nil
		}
		w, err := r.edn.token(1)
		if err != nil {
			return err
		}
		if n, ok := wholeNumber(w); ok {
			r.edn.push(node{kind: integerDatum, number: n})
			return nil
		}
		d, ok := jsonAtom(string(w))
		if !ok {
			return r.edn.wrong("%q is no value of JSON", w)
		}
		r.edn.pushWord(d)
		return nil
	default:
		return r.edn.wrong("%q where a value of JSON is expected", c)
	}
}

// jsonAtom is the meaning of a word; JSON has one kind of number, so that 1.0 is 1.
func jsonAtom(w string) (word, bool) {
	d := atom(w)
	if d.kind != symbolDatum {
		return d, w != "nil"
	}
	f, err := strconv.ParseFloat(w, 64)
	if err == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return word{kind: integerDatum, number: int64(f)}, true
	}
	return d, err == nil || errors.Is(err, strconv.ErrRange)
}

// items reads the values of an array, or the names and values of an object.
func (r *jsonReader) items(kind datumKind, end byte) error {
	s := r.edn.scanner
	first := wanted{end: end, line: s.line}
	at, err := s.open(kind)
	if err != nil {
		return err
	}
	c, err := r.must(first)
	for err == nil && c != end {
		if kind == objectDatum {
			if c, err = r.name(c); err != nil {
				return err
			}
		}
		if err = r.value(c); err != nil {
			return err
		}
		if c, err = r.must(wanted{end: end}); err != nil || c == end {
			break
		}
		if c != ',' {
			return s.wrong("%q where a comma or %q is expected", c, end)
		}
		if c, err = r.must(first); err == nil && c == end {
			return s.wrong("%q after a comma", end)
		}
	}
	if err == nil {
		s.close(at)
	}
	return err
}

// name reads the name of an object's member and the colon after it, and takes the first byte of its value.
func (r *jsonReader) name(c byte) (byte, error) {
	if c != '"' {
		return 0, r.edn.wrong("%q where the name of a member is expected, in double quotes", c)
	}
	if err := r.edn.quoted(); err != nil {
		return 0, err
	}
	c, err := r.must(wanted{what: "a colon"})
	if err == nil && c != ':' {
		err = r.edn.wrong("%q where a colon is expected", c)
	}
	if err != nil {
		return 0, err
	}
	return r.must(wanted{what: "a value"})
}
