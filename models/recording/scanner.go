package recording

import (
	"fmt"
	"io"
)

// scanner is the bytes of a text, with the line that they are on. The bytes from mark on stay in the buffer,
// so that a word is a part of it and needs no copy.
type scanner struct {
	in   io.Reader
	file string
	buf  []byte
	pos  int // the next byte is buf[pos]
	end  int // of what was read into buf
	mark int // the start of the word at hand, or none
	line int // from 1
	err  error

	words map[string]string // texts that came before, so that each is there once
	stack []datum           // items of the lists that are open
	arena []datum           // items of the lists of this record that are closed
	depth int
}

// Bounds that keep a hostile text from exhausting the stack or the memory: how deep values nest, how
// long a word is, and how many texts are kept to be used again.
const (
	maxDepth = 64
	maxToken = 16 << 20
	maxWords = 1 << 16
	noMark   = -1
)

func newScanner(file string, in io.Reader) *scanner {
	return &scanner{in: in, file: file, buf: make([]byte, 256<<10), mark: noMark, line: 1, words: map[string]string{}}
}

func (s *scanner) wrong(format string, args ...any) error {
	return badRecord(s.file, s.line, fmt.Sprintf(format, args...))
}

// fill reads more, and reports whether there was any. What it may not keep it overwrites.
func (s *scanner) fill() bool {
	if s.err != nil {
		return false
	}
	keep := max(s.pos-1, 0) // a word's first byte may be taken before the word is marked
	if s.mark != noMark {
		keep = s.mark
	}
	if keep > 0 {
		copy(s.buf, s.buf[keep:s.end])
		s.pos, s.end = s.pos-keep, s.end-keep
		if s.mark != noMark {
			s.mark = 0
		}
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

// text is b as a string, the same one each time for a short text.
func (s *scanner) text(b []byte) string {
	if t, ok := s.words[string(b)]; ok {
		return t
	}
	t := string(b)
	if len(s.words) < maxWords && len(t) <= 32 {
		s.words[t] = t
	}
	return t
}

// open begins a list, and close makes a datum of the items pushed since.
func (s *scanner) open() (int, error) {
	if s.depth++; s.depth > maxDepth {
		return 0, s.wrong("values nest deeper than %d", maxDepth)
	}
	return len(s.stack), nil
}

func (s *scanner) close(from int, kind datumKind) datum {
	s.depth--
	n := len(s.stack) - from
	if len(s.arena)+n > cap(s.arena) {
		s.arena = make([]datum, 0, max(4096, 2*n))
	}
	at := len(s.arena)
	s.arena = append(s.arena, s.stack[from:]...)
	s.stack = s.stack[:from]
	return datum{kind: kind, items: s.arena[at:len(s.arena):len(s.arena)]}
}
