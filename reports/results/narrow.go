package results

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"synchrony/properties/story"
)

// fitted are the lines of a story for a terminal of a width, of which so much is left of them. Where its table is wider, each row says who did what, in place of the
// columns; lines that are still too long go on below. A width of 0 leaves all as it is.
func fitted(lines []string, width int) []string {
	long := func(line string) bool { return utf8.RuneCountInString(line) > width }
	if width <= 0 || !slices.ContainsFunc(lines, long) {
		return lines
	}
	told := story.Read(lines)
	var out []string
	for _, line := range told.Before {
		out = append(out, hanging("", line, width)...)
	}
	for _, r := range told.Rows {
		mark := " "
		if r.Deviates {
			mark = "*"
		}
		head, text := fmt.Sprintf("%4s%s ", r.Step, mark), r.Text
		if !r.Folded && len(told.Columns) > 1 {
			text = told.Columns[r.Column] + ": " + text
		}
		out = append(out, hanging(head, text, width)...)
	}
	for _, line := range told.After {
		out = append(out, hanging("", line, width)...)
	}
	return out
}

// hanging is a line after a head, which goes on below where the text of the first line begins.
func hanging(head, text string, width int) []string {
	rest := strings.TrimLeft(text, " ")
	head += text[:len(text)-len(rest)]
	lines := wrap(rest, max(width-len(head), 1))
	for i := range lines {
		lines[i] = head + lines[i]
		head = strings.Repeat(" ", len(head))
	}
	return lines
}
