package reports

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Reports show what systems say: errors, panics, what they printed. That may hold characters that
// drive a terminal, and lines that drive a CI server, which takes some for commands.

// Legible makes a text safe to show. Control characters, but for line ends, tabs and the
// colours of [Palette], and characters that change the direction of writing are shown by their
// numbers (\x1b, \u202e); so are bytes that are no UTF-8. A line that a CI server would take for a
// command (::error, ##[group], ##vso[…]) gets a backslash into it.
func Legible(text string) string {
	var start lineState
	return start.legible(text)
}

// lineState is how a text that is written in parts goes on.
type lineState struct {
	inside bool // of a line: there was something but white space
	colons int  // at the start of the line, of which one more would begin a command
}

func (s *lineState) legible(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		if n := colour(text[i:]); n > 0 {
			b.WriteString(text[i : i+n])
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		s.next(&b, text[i:], r)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case hides(r):
			if r < 0x80 {
				fmt.Fprintf(&b, `\x%02x`, r)
			} else {
				fmt.Fprintf(&b, `\u%04x`, r)
			}
		default:
			b.WriteString(text[i : i+n])
		}
		i += n
	}
	return b.String()
}

// next puts a backslash where the rest of a text would begin a command.
func (s *lineState) next(b *strings.Builder, rest string, r rune) {
	switch {
	case r == '\n':
		*s = lineState{}
		return
	case r == ' ' || r == '\t':
		return
	case !s.inside && r == ':' && s.colons == 1, strings.HasPrefix(rest, "##[") || strings.HasPrefix(rest, "##vso["):
		b.WriteByte('\\')
		s.inside = true
	case !s.inside && r == ':':
		s.colons++
		return
	}
	s.inside = true
}

// hides reports whether a character drives the terminal, or changes how others are shown.
func hides(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < 0x20, 0x7f <= r && r < 0xa0: // C0, DEL and C1
		return true
	case r == 0x2028, r == 0x2029, 0x200e <= r && r <= 0x200f, 0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069:
		return true
	}
	return false
}

// colour returns the length of the colour of ours that text begins with; 0 if with none.
func colour(text string) int {
	for _, c := range []string{reset, Bold, Red, Green, Yellow} {
		if strings.HasPrefix(text, c) {
			return len(c)
		}
	}
	return 0
}
