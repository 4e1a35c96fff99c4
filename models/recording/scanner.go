package recording

import (
	"fmt"
	"io"
)

// scanner is the bytes of a text, with the line that they are on, and the records at hand that were read of it. The bytes of
// these stay in the buffer, so that their texts are parts of it and need no copies.
type scanner struct {
	in   io.Reader
	file string
	buf  []byte
	pos  int // the next byte is buf[pos]
	end  int // of what was read into buf
	base int // where the records at hand begin, or nothing
	line int // from 1
	err  error

	keep  bool // records stay good when more are read; else until the next is
	nodes []node
	texts []string // of nodes that differ from the text, as those with escapes do
	depth int

	words map[string]string // texts that came before, so that each is there once
}

// Bounds that keep a hostile text from exhausting the stack or the memory: how deep values nest, how
// long a word is, and how many texts are kept to be used again.
const (
	maxDepth = 64
	maxToken = 16 << 20
	maxWords = 1 << 16
	nothing  = -1
)

func newScanner(file string, in io.Reader) *scanner {
	return &scanner{in: in, file: file, buf: make([]byte, 64<<10), base: nothing, line: 1, words: map[string]string{}}
}

func (s *scanner) wrong(format string, args ...any) error {
	return badRecord(s.file, s.line, fmt.Sprintf(format, args...))
}

// fill reads more, and reports whether there was any. What it may not keep it overwrites.
func (s *scanner) fill() bool {
	if s.err != nil {
		return false
	}
	keep := max(s.pos-1, 0) // a record's first byte is taken before the record begins
	if s.base != nothing {
		keep = s.base
		s.base = 0
	}
	if keep > 0 {
		copy(s.buf, s.buf[keep:s.end])
		s.pos, s.end = s.pos-keep, s.end-keep
	}
	if s.end == len(s.buf) {
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for range 100 { // a reader may return nothing for a while
		n, err := s.in.Read(s.buf[s.end:])
		s.end += n
		s.err = err
		if n > 0 {
			return true
		}
		if err != nil {
			return false
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// peek is the next byte, which stays; false at the end of the text.
func (s *scanner) peek() (byte, bool) {
	if s.pos == s.end && !s.fill() {
		return 0, false
	}
	return s.buf[s.pos], true
}

// next takes a byte.
func (s *scanner) next() (byte, bool) {
	if s.pos == s.end && !s.fill() {
		return 0, false
	}
	c := s.buf[s.pos]
	s.pos++
	if c == '\n' {
		s.line++
	}
	return c, true
}

// ended is the error of a text that ends within a value, or that could not be read.
func (s *scanner) ended(format string, args ...any) error {
	if s.err != nil && s.err != io.EOF {
		return s.wrong("reading stopped here: %v", s.err)
	}
	return s.wrong("the text ends where "+format, args...)
}

// forget drops the records at hand, unless they are to be kept.
func (s *scanner) forget() {
	if !s.keep {
		s.base, s.nodes, s.texts = nothing, s.nodes[:0], s.texts[:0]
	}
}

// begin notes that the byte that was taken last stays, with all that follow it.
func (s *scanner) begin() {
	if s.base == nothing {
		s.base = s.pos - 1
	}
}

// push adds a node.
func (s *scanner) push(n node) { s.nodes = append(s.nodes, n) }

// pushText adds a node of a text that ends so many bytes before the next one.
func (s *scanner) pushText(kind datumKind, length, before int) {
	s.push(node{kind: kind, length: int32(length), number: int64(s.pos - before - length - s.base)})
}

// pushWord adds a node that means a word.
func (s *scanner) pushWord(w word) {
	n := node{kind: w.kind, number: w.number}
	if w.kind.isText() {
		n.stored, n.number = true, int64(len(s.texts))
		s.texts = append(s.texts, w.text)
	}
	s.push(n)
}

// open begins a list, whose items are the nodes pushed until it is closed.
func (s *scanner) open(kind datumKind) (at int, err error) {
	if err := s.deeper(); err != nil {
		return 0, err
	}
	s.push(node{kind: kind})
	return len(s.nodes) - 1, nil
}

func (s *scanner) close(at int) {
	s.depth--
	s.nodes[at].length = int32(len(s.nodes) - at - 1)
}

func (s *scanner) deeper() error {
	if s.depth++; s.depth > maxDepth {
		return s.wrong("values nest deeper than %d", maxDepth)
	}
	return nil
}

// datum is the value of node at, in a record of a line.
func (s *scanner) datum(at int, line int) datum {
	return datum{node: s.nodes[at], in: s, at: int32(at), line: int32(line)}
}

// is reports whether a node has a text.
func (s *scanner) is(n *node, text string) bool {
	if n.stored {
		return s.texts[n.number] == text
	}
	return int(n.length) == len(text) && string(s.bytes(n)) == text
}

// bytes are the text of a node that is in the buffer.
func (s *scanner) bytes(n *node) []byte {
	from := s.base + int(n.number)
	return s.buf[from : from+int(n.length)]
}

// text is the text of a node, the same string each time for a short one.
func (s *scanner) text(n *node) string {
	if n.stored {
		return s.texts[n.number]
	}
	b := s.bytes(n)
	if t, ok := s.words[string(b)]; ok {
		return t
	}
	t := string(b)
	if len(s.words) < maxWords && len(t) <= 32 {
		s.words[t] = t
	}
	return t
}
