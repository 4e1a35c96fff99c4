package text

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// SyntaxError is a line of a text form that does not parse.
type SyntaxError struct {
	File string
	Line int    // from 1
	Text string // the line
	Msg  string // what is wrong, and what was expected
}

// Error says where, what, and shows the line.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d: %s, in %q", e.File, e.Line, e.Msg, e.Text)
}

// words splits a line at spaces and tabs. A quoted string, which may follow
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

// args hands out the words of a line. Its first error stays, and makes every
// later call a no-op, so that a line is parsed without a check at each word.
type Line struct {
	rest []string
	err  error
}

// newArgs hands out these words.
func NewLine(words []string) *Line { return &Line{rest: words} }

func (a *Line) Fail(format string, args ...any) {
	if a.err == nil {
		a.err = fmt.Errorf(format, args...)
	}
}

func (a *Line) Check(err error) {
	if a.err == nil {
		a.err = err
	}
}

// more reports whether there are words left to take.
func (a *Line) More() bool { return a.err == nil && len(a.rest) > 0 }

// failed reports whether something was wrong already.
func (a *Line) Failed() bool { return a.err != nil }

// peek is the next word, which stays; "" at the end, or after an error.
func (a *Line) Peek() string {
	if !a.More() {
		return ""
	}
	return a.rest[0]
}

// at reports whether the next word is w.
func (a *Line) At(w string) bool { return a.More() && a.rest[0] == w }

// next takes a word; what says what it means.
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

// unread gives a word back, to be the next.
func (a *Line) Unread(w string) { a.rest = append([]string{w}, a.rest...) }

// end errs if words are left.
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

// either takes one of two words, and reports whether it is yes.
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

// numbered parses a number of 32 bits after a prefix: w3.
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

// name takes a name, which is quoted if it is not one plain word.
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
