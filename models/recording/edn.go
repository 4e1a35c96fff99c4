package recording

import (
	"io"
	"strconv"
	"unicode/utf8"
)

// ednReader reads the values of a text in EDN, the notation of Clojure's data
// (github.com/edn-format/edn), one after another. A tag is skipped: what it tags is
// the value. A text that is one vector or list yields its items.
type ednReader struct {
	*scanner
	whole byte // the bracket that closes the text, if it is one list
	begun bool
}

func newEDNReader(s *scanner) *ednReader { return &ednReader{scanner: s} }

// next is the next value of the text, or io.EOF.
func (r *ednReader) next() (datum, error) {
	r.forget()
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
		r.begin()
		at, line := len(r.nodes), r.line
		if err := r.value(c); err != nil {
			return datum{}, err
		}
		return r.datum(at, line), nil
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
		for r.pos < r.end && blank[r.buf[r.pos]] {
			r.pos++
		}
		if r.pos < r.end {
			if c := r.buf[r.pos]; !special[c] {
				r.pos++
				return c, nil
			}
		}
		c, ok := r.scanner.next()
		switch {
		case !ok && r.err != io.EOF:
			return 0, r.ended("")
		case !ok:
			return 0, io.EOF
		case c == '\n' || blank[c]:
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
	if err := r.deeper(); err != nil {
		return err
	}
	between := r.base == nothing // two records
	r.begin()
	nodes, texts := len(r.nodes), len(r.texts)
	err := r.inner("a value")
	r.nodes, r.texts = r.nodes[:nodes], r.texts[:texts]
	if between {
		r.base = nothing
	}
	r.depth--
	return err
}

// inner reads a value that must be there.
func (r *ednReader) inner(what string) error {
	c, err := r.start()
	if err == io.EOF {
		return r.ended("%s is expected", what)
	}
	if err != nil {
		return err
	}
	return r.value(c)
}

// value reads the value that begins with c.
func (r *ednReader) value(c byte) error {
	switch c {
	case '{':
		return r.items(mapDatum, '}')
	case '[', '(':
		return r.items(listDatum, closing(c))
	case '"':
		return r.quoted()
	case '#':
		return r.dispatch()
	case ']', ')', '}':
		return r.wrong("%q closes nothing", c)
	case '\\':
		return r.character()
	case ':':
		w, err := r.token(1)
		if err == nil && len(w) == 1 {
			err = r.wrong("a colon without a keyword")
		}
		if err == nil {
			r.pushText(keywordDatum, len(w)-1, 0)
		}
		return err
	default:
		if n, ok := r.shortNumber(c); ok {
			r.push(node{kind: integerDatum, number: n})
			return nil
		}
		w, err := r.token(1)
		if err == nil {
			r.atom(w)
		}
		return err
	}
}

// items reads values up to a closing bracket.
func (r *ednReader) items(kind datumKind, end byte) error {
	opened := r.line
	at, err := r.open(kind)
	if err != nil {
		return err
	}
	for count := 0; ; count++ {
		c, err := r.start()
		if err == io.EOF {
			return r.ended("%q is expected, for the bracket that line %d opens", end, opened)
		}
		if err != nil {
			return err
		}
		if c == end {
			r.close(at)
			if kind == mapDatum && count%2 != 0 {
				return r.wrong("a map has a key without a value")
			}
			return nil
		}
		if err := r.value(c); err != nil {
			return err
		}
	}
}

// dispatch reads what follows a #: a set, a number that is none or infinite, a pattern, or a tag, which is skipped,
// with its value.
func (r *ednReader) dispatch() error {
	switch c, _ := r.peek(); c {
	case '{':
		r.scanner.next() // was peeked
		return r.items(setDatum, '}')
	case '"':
		r.scanner.next()
		err := r.quoted()
		if err == nil {
			pattern := &r.nodes[len(r.nodes)-1]
			w := word{kind: symbolDatum, text: "#" + strconv.Quote(r.text(pattern))}
			r.nodes = r.nodes[:len(r.nodes)-1]
			r.pushWord(w)
		}
		return err
	case '#':
		w, err := r.token(1) // ##Inf, ##-Inf, ##NaN
		if err == nil && string(w) != "##Inf" && string(w) != "##-Inf" && string(w) != "##NaN" {
			err = r.wrong("%q is no number: there are ##Inf, ##-Inf and ##NaN", w)
		}
		if err == nil {
			r.pushText(symbolDatum, len(w), 0)
		}
		return err
	}
	tag, err := r.token(0)
	if err != nil {
		return err
	}
	if len(tag) == 0 {
		return r.wrong("a # without a tag")
	}
	name := string(tag)
	if err := r.deeper(); err != nil {
		return err
	}
	defer func() { r.depth-- }()
	return r.inner("the value of the tag #" + name)
}

// blank has the bytes between values, but for the end of a line, which is counted.
var blank = [256]bool{' ': true, ',': true, '\t': true, '\r': true, '\f': true}

// special has those between values that are more than blanks.
var special = [256]bool{'\n': true, ';': true, '#': true}

// endsToken has the bytes that end a word.
var endsToken = func() (set [256]bool) {
	for _, c := range []byte(" ,\t\n\r\f;[](){}\"") {
		set[c] = true
	}
	return set
}()

// token reads the rest of a word, of which some bytes were taken, and all before the next byte. It is good until more is read.
func (r *ednReader) token(taken int) ([]byte, error) {
	from := r.pos - taken - r.base
	ascii := byte(0)
	for {
		for _, c := range r.buf[r.pos:r.end] {
			if endsToken[c] {
				break
			}
			ascii |= c
			r.pos++
		}
		if r.pos-r.base-from > maxToken {
			return nil, r.wrong("a word is longer than %d bytes", maxToken)
		}
		_, ok := r.peek() // reads more, if need be
		if !ok && r.err != io.EOF {
			return nil, r.ended("")
		}
		if !ok || endsToken[r.buf[r.pos]] {
			break
		}
	}
	w := r.buf[r.base+from : r.pos]
	if (ascii >= utf8.RuneSelf || taken > 0 && w[0] >= utf8.RuneSelf) && !utf8.Valid(w) {
		return nil, r.wrong("the text is not UTF-8")
	}
	return w, nil
}
