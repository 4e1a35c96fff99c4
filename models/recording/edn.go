package recording

import (
	"io"
	"strconv"
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
