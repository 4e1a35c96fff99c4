package text

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Words splits a line at spaces and tabs. A quoted string, which may follow
// other characters of its word, is kept whole and quoted; # begins a comment.
func Words(line string) ([]string, error) {
	var out []string
	for i := 0; i < len(line); {
		switch c := line[i]; {
		case c == ' ' || c == '\t' || c == '\r':
			i++
		case c == '#':
			return out, nil
		default:
			end, err := wordEnd(line, i)
			if err != nil {
				return nil, err
			}
			out = append(out, line[i:end])
			i = end
		}
	}
	return out, nil
}

func wordEnd(line string, i int) (int, error) {
	for i < len(line) && line[i] != ' ' && line[i] != '\t' && line[i] != '\r' {
		if line[i] != '"' {
			i++
			continue
		}
		q, err := strconv.QuotedPrefix(line[i:])
		if err != nil {
			return 0, fmt.Errorf("the quoted string %s does not end", line[i:])
		}
		i += len(q)
	}
	return i, nil
}

// Line hands out the words of a line. Its first error stays, and makes every later call
// a no-op, so that a line is parsed without a check at each word.
type Line struct {
	rest []string
	err  error

	file, source string
	number       int // from 1
}

// ReadLines calls read with each line of a text that has words. It stops at the first
// error, of a line's words or of read, and returns it as an [*Error] that names the line.
func ReadLines(file, src string, read func(*Line) error) error {
	number := 0
	for source := range strings.SplitSeq(src, "\n") {
		number++
		words, err := Words(source)
		a := &Line{rest: words, file: file, source: strings.TrimSpace(source), number: number}
		if err == nil && len(words) > 0 {
			err = read(a)
		}
		if err != nil {
			return a.Wrong(err)
		}
	}
	return nil
}

// NewLine hands out these words.
func NewLine(words []string) *Line { return &Line{rest: words} }

// Wrong is err as an error of this line, also once the line is read.
func (a *Line) Wrong(err error) *Error {
	return &Error{File: a.file, Line: a.number, Source: a.source, Message: err.Error()}
}

// SeparateCommas makes words of the commas at the ends of the words that are left.
func (a *Line) SeparateCommas() {
	separate := make([]string, 0, len(a.rest))
	for _, w := range a.rest {
		if bare, ok := strings.CutSuffix(w, ","); ok && bare != "" {
			separate = append(separate, bare, ",")
		} else {
			separate = append(separate, w)
		}
	}
	a.rest = separate
}

// Fail notes an error, unless there is one.
func (a *Line) Fail(format string, args ...any) {
	if a.err == nil {
		a.err = fmt.Errorf(format, args...)
	}
}

// Check notes err, unless it is nil or there is one.
func (a *Line) Check(err error) {
	if a.err == nil {
		a.err = err
	}
}

// More reports whether there are words left to take.
func (a *Line) More() bool { return a.err == nil && len(a.rest) > 0 }

// Failed reports whether something was wrong already.
func (a *Line) Failed() bool { return a.err != nil }

// Peek is the next word, which stays; "" at the end, or after an error.
func (a *Line) Peek() string {
	if !a.More() {
		return ""
	}
	return a.rest[0]
}

// At reports whether the next word is w.
func (a *Line) At(w string) bool { return a.More() && a.rest[0] == w }

// Next takes a word; what says what it means.
func (a *Line) Next(what string) string {
	if a.err != nil {
		return ""
	}
	if len(a.rest) == 0 {
		a.Fail("the line ends where %s is expected", what)
		return ""
	}
	w := a.rest[0]
	a.rest = a.rest[1:]
	return w
}

// Unread gives a word back, to be the next.
func (a *Line) Unread(w string) { a.rest = append([]string{w}, a.rest...) }

// End errs if words are left.
func (a *Line) End() error {
	if a.More() {
		a.Fail("unexpected %q", a.rest[0])
	}
	return a.err
}

func (a *Line) Literal(want string) {
	if w := a.Next(want); a.err == nil && w != want {
		a.Fail("%q where %q is expected", w, want)
	}
}

// Either takes one of two words, and reports whether it is yes.
func (a *Line) Either(yes, no string) bool {
	w := a.Next(yes + " or " + no)
	if a.err == nil && w != yes && w != no {
		a.Fail("%q where %s or %s is expected", w, yes, no)
	}
	return w == yes
}

func (a *Line) Int64(what string) int64 {
	w := a.Next(what)
	if a.err != nil {
		return 0
	}
	n, err := strconv.ParseInt(w, 10, 64)
	if err != nil {
		a.Fail("%q is not %s: want a whole number of 64 bits", w, what)
	}
	return n
}

// Numbered parses a number of 32 bits after a prefix: w3.
func (a *Line) Numbered(prefix, what string) int32 {
	w := a.Next(what)
	if a.err != nil {
		return 0
	}
	digits, ok := strings.CutPrefix(w, prefix)
	n, err := strconv.ParseInt(digits, 10, 32)
	if !ok || err != nil {
		a.Fail("%q is not %s: want %s0, %s1, …", w, what, prefix, prefix)
	}
	return int32(n)
}

func (a *Line) Duration(what string) time.Duration {
	w := a.Next(what)
	if a.err != nil {
		return 0
	}
	d, err := time.ParseDuration(w)
	if err != nil {
		a.Fail("%q is not %s: want a duration such as 12ns or 1.5ms", w, what)
	}
	return d
}

func (a *Line) Quoted(what string) string {
	w := a.Next(what)
	if a.err != nil {
		return ""
	}
	s, err := strconv.Unquote(w)
	if err != nil {
		a.Fail("%s is expected in double quotes, not as %s", what, w)
	}
	return s
}

// Name takes a name, which is quoted if it is not one plain word.
func (a *Line) Name(what string) string {
	w := a.Next(what)
	if a.err != nil || !strings.HasPrefix(w, `"`) {
		return w
	}
	s, err := strconv.Unquote(w)
	if err != nil {
		a.Fail("%s is not a well-formed quoted string", w)
	}
	return s
}
