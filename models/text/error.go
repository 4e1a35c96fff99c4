package text

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Error is one mistake in a text, and where it is.
type Error struct {
	File    string
	Line    int    // from 1
	Column  int    // from 1, in characters; 0: the line as a whole
	Source  string // the line without its end; "" where it is not shown
	Message string // what is wrong, and what to do
	// Found and Expected are set when the text breaks a grammar: quoted tokens or
	// descriptions, as in the Message.
	Found, Expected string
}

// ErrorAt returns the error at a byte offset of a text.
func ErrorAt(file, src string, offset int, message string) *Error {
	offset = min(offset, len(src))
	start := strings.LastIndexByte(src[:offset], '\n') + 1
	end := len(src)
	if i := strings.IndexByte(src[offset:], '\n'); i >= 0 {
		end = offset + i
	}
	return &Error{
		File:    file,
		Line:    strings.Count(src[:offset], "\n") + 1,
		Column:  utf8.RuneCountInString(src[start:offset]) + 1,
		Source:  strings.TrimSuffix(src[start:end], "\r"),
		Message: message,
	}
}

// Position is file:line:column, or file:line if the error is about the whole line.
func (e *Error) Position() string {
	position := fmt.Sprintf("%s:%d", Printable(e.File), e.Line)
	if e.Column > 0 {
		position += fmt.Sprintf(":%d", e.Column)
	}
	return position
}

// gutter begins the lines of an excerpt, so that none begins as the text does: in the
// log of a continuous integration, a line that begins with "::" is a command.
const gutter = "  | "

// Error prints as compilers do: position and message, then the source line, then a
// caret below the place. Where only the line is known, it is quoted behind the message.
// What would disturb a terminal is replaced throughout.
func (e *Error) Error() string {
	head := e.Position() + ": " + Printable(e.Message)
	switch {
	case e.Column > 0:
		source, caret := e.excerpt()
		return head + "\n" + strings.TrimRight(gutter+source, " ") + "\n" + gutter + caret
	case e.Source != "":
		return head + fmt.Sprintf(", in %q", clip([]rune(e.Source), 0))
	}
	return head
}

// maxExcerpt is how many characters of a line are shown on either side of the
// mistake. Machine-written files have lines of any length.
const maxExcerpt = 100

// excerpt returns the part of the line around the mistake, and the line with the
// caret. That one repeats the tabs, so that it lines up at any tab width.
func (e *Error) excerpt() (source, caret string) {
	line := []rune(Printable(e.Source))
	column := min(e.Column-1, len(line))
	margin := func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}
	before := line[max(0, column-maxExcerpt):column]
	caret = strings.Map(margin, string(before)) + "^"
	if column > maxExcerpt {
		caret = " " + caret // below the ellipsis
	}
	return clip(line, column), caret
}

// clip is the line within maxExcerpt characters of a column, with an ellipsis on each
// side that is cut.
func clip(line []rune, column int) string {
	from, to := max(0, column-maxExcerpt), min(len(line), column+maxExcerpt)
	clipped := string(line[from:to])
	if from > 0 {
		clipped = "…" + clipped
	}
	if to < len(line) {
		clipped += "…"
	}
	return clipped
}

// Printable replaces each character that would disturb a terminal or begin a new line,
// and each byte that is not UTF-8, by U+FFFD. Tabs stay.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// CodePoint names a character that a person cannot see, and that [Printable] replaces: "U+0001"; "byte 0xff" for a byte
// that is not UTF-8. It is "" for any other text.
func CodePoint(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case s == "" || size < len(s) || Printable(s) == s:
		return ""
	case r == utf8.RuneError && size == 1:
		return fmt.Sprintf("byte 0x%02x", s[0])
	}
	return fmt.Sprintf("%U", r)
}

// MaxErrors is how many mistakes of one text are reported at once: enough to mend
// several in one go, few enough to read.
const MaxErrors = 10

// ErrorList is the mistakes found in one text, in the order of their places: at least
// one, at most [MaxErrors], at most one a line.
type ErrorList []*Error

// NewErrorList makes a list of at least one error, in any order. Of the errors of a line
// it keeps the first: what follows on a line is often its consequence.
func NewErrorList(errs []*Error) ErrorList {
	list := slices.SortedStableFunc(slices.Values(errs), func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	list = slices.CompactFunc(list, func(a, b *Error) bool { return a.Line == b.Line })
	return list[:min(len(list), MaxErrors)]
}

// Error prints the errors one below the other.
func (l ErrorList) Error() string {
	texts := make([]string, len(l))
	for i, e := range l {
		texts[i] = e.Error()
	}
	return strings.Join(texts, "\n")
}

// Unwrap lets errors.As find an [*Error].
func (l ErrorList) Unwrap() []error {
	errs := make([]error, len(l))
	for i, e := range l {
		errs[i] = e
	}
	return errs
}
