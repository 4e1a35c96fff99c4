package batch

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SyntaxError is one mistake in a text: a batch's or a setup's.
type SyntaxError struct {
	File    string
	Line    int    // from 1
	Column  int    // from 1, in characters
	Source  string // the line, without its end
	Message string // what is wrong
	// Found and Expected are set when the text breaks the grammar: quoted tokens
	// or descriptions, as in the Message.
	Found, Expected string
}

// Error prints as compilers do: position and message, then the source line, then
// a caret below the place.
func (e *SyntaxError) Error() string {
	source, caret := e.excerpt()
	return fmt.Sprintf("%s: %s\n%s\n%s", e.position(), e.Message, source, caret)
}

// maxExcerpt is how many characters of a line are shown on either side of the
// mistake. Machine-written files have lines of any length.
const maxExcerpt = 100

// excerpt returns the part of the line around the mistake, and the line with the
// caret. That one repeats the tabs, so that it lines up at any tab width.
func (e *SyntaxError) excerpt() (source, caret string) {
	line := []rune(e.Source)
	column := min(e.Column-1, len(line))
	from, to := max(0, column-maxExcerpt), min(len(line), column+maxExcerpt)
	before, after := "", ""
	if from > 0 {
		before = "…"
	}
	if to < len(line) {
		after = "…"
	}
	shown := printable(line[from:to])
	indent := make([]rune, column-from)
	for i := range indent {
		indent[i] = ' '
		if shown[i] == '\t' {
			indent[i] = '\t'
		}
	}
	return before + string(shown) + after, strings.Repeat(" ", utf8.RuneCountInString(before)) + string(indent) + "^"
}

// printable replaces what would disturb a terminal.
func printable(line []rune) []rune {
	shown := make([]rune, len(line))
	for i, r := range line {
		if r != '\t' && !unicode.IsPrint(r) {
			r = unicode.ReplacementChar
		}
		shown[i] = r
	}
	return shown
}

// ErrorList is all mistakes found in one text, in order of position: at least
// one, and no more than ten, at most one a line.
type ErrorList []*SyntaxError

// Error prints the errors one below the other.
func (l ErrorList) Error() string {
	texts := make([]string, len(l))
	for i, e := range l {
		texts[i] = e.Error()
	}
	return strings.Join(texts, "\n")
}

// Unwrap gives errors.As the single errors.
func (l ErrorList) Unwrap() []error {
	errs := make([]error, len(l))
	for i, e := range l {
		errs[i] = e
	}
	return errs
}

// errorAt makes an error at a byte offset of a text.
func errorAt(file, src string, offset int, message string) *SyntaxError {
	offset = min(offset, len(src))
	start := strings.LastIndexByte(src[:offset], '\n') + 1
	end := len(src)
	if i := strings.IndexByte(src[offset:], '\n'); i >= 0 {
		end = offset + i
	}
	return &SyntaxError{
		File:    file,
		Line:    strings.Count(src[:offset], "\n") + 1,
		Column:  utf8.RuneCountInString(src[start:offset]) + 1,
		Source:  strings.TrimSuffix(src[start:end], "\r"),
		Message: message,
	}
}

// position is file:line:column.
func (e *SyntaxError) position() string { return fmt.Sprintf("%s:%d:%d", e.File, e.Line, e.Column) }

// oneOf joins alternatives: `")" or ","`.
func oneOf(alternatives []string) string {
	last := len(alternatives) - 1
	if last <= 0 {
		return strings.Join(alternatives, "")
	}
	return strings.Join(alternatives[:last], ", ") + " or " + alternatives[last]
}
