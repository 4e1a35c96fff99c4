package recording

import (
	"errors"
	"io"
	"math"
	"strconv"
)

// jsonReader reads the values of a text in JSON (RFC 8259), one after another. A text that is one array yields
// its items. What next returns is good until the next call, unless keep is set.
type jsonReader struct {
	edn   *ednReader // its strings are JSON's, and its words have JSON's as some
	array bool       // the text is one array, which is open
	begun bool
	keep  bool
}

func newJSONReader(s *scanner) *jsonReader { return &jsonReader{edn: newEDNReader(s)} }

// next is the next value of the text, or io.EOF.
func (r *jsonReader) next() (datum, error) {
	s := r.edn.scanner
	if !r.keep {
		s.arena = s.arena[:0]
	}
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
	return r.value(c)
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

// must is start where the text may not end.
func (r *jsonReader) must(what string) (byte, error) {
	c, err := r.start()
	if errors.Is(err, io.EOF) {
		return 0, r.edn.ended("%s is expected", what)
	}
	return c, err
}

func (r *jsonReader) value(c byte) (datum, error) {
	line := r.edn.line
	d, err := r.valueOf(c)
	d.line = line
	return d, err
}

func (r *jsonReader) valueOf(c byte) (datum, error) {
	switch {
	case c == '{':
		return r.items(objectDatum, '}')
	case c == '[':
		return r.items(listDatum, ']')
	case c == '"':
		w, err := r.edn.quoted()
		return datum{kind: stringDatum, text: w}, err
	case c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z':
		w, err := r.edn.token(1)
		if err != nil {
			return datum{}, err
		}
		if n, ok := wholeNumber(w); ok {
			return datum{kind: integerDatum, number: n}, nil
		}
		if d, ok := jsonAtom(r.edn.text(w)); ok {
			return d, nil
		}
		return datum{}, r.edn.wrong("%q is no value of JSON", w)
	default:
		return datum{}, r.edn.wrong("%q where a value of JSON is expected", c)
	}
}

// jsonAtom is the meaning of a word; JSON has one kind of number, so that 1.0 is 1.
func jsonAtom(w string) (datum, bool) {
	d := atom(w)
	if d.kind != symbolDatum {
		return d, w != "nil"
	}
	f, err := strconv.ParseFloat(w, 64)
	if err == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return datum{kind: integerDatum, number: int64(f)}, true
	}
	return d, err == nil || errors.Is(err, strconv.ErrRange)
}

// items reads the values of an array, or the names and values of an object.
func (r *jsonReader) items(kind datumKind, end byte) (datum, error) {
	s := r.edn.scanner
	opened := s.line
	from, err := s.open()
	if err != nil {
		return datum{}, err
	}
	expected := "a value or " + strconv.QuoteRune(rune(end)) + " for the bracket that line " + strconv.Itoa(opened) + " opens"
	c, err := r.must(expected)
	for err == nil && c != end {
		if kind == objectDatum {
			if c, err = r.name(c); err != nil {
				break
			}
		}
		var x datum
		if x, err = r.value(c); err != nil {
			break
		}
		s.stack = append(s.stack, x)
		if c, err = r.must("a comma or " + strconv.QuoteRune(rune(end))); err != nil || c == end {
			break
		}
		if c != ',' {
			return datum{}, s.wrong("%q where a comma or %q is expected", c, end)
		}
		if c, err = r.must(expected); err == nil && c == end {
			return datum{}, s.wrong("%q after a comma", end)
		}
	}
	if err != nil {
		return datum{}, err
	}
	return s.close(from, kind), nil
}

// name reads the name of an object's member and the colon after it, and takes the first byte of its value.
func (r *jsonReader) name(c byte) (byte, error) {
	if c != '"' {
		return 0, r.edn.wrong("%q where the name of a member is expected, in double quotes", c)
	}
	w, err := r.edn.quoted()
	if err != nil {
		return 0, err
	}
	r.edn.stack = append(r.edn.stack, datum{kind: stringDatum, text: w, line: r.edn.line})
	if c, err = r.must("a colon"); err == nil && c != ':' {
		err = r.edn.wrong("%q where a colon is expected", c)
	}
	if err != nil {
		return 0, err
	}
	return r.must("a value")
}
