package results

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"synchrony/properties/story"
)

// leastRoom is how much of a row's text must fit beside what is to the left of it, for a table to stay one.
const leastRoom = 24

// fitted are the lines of a story for a terminal of a width, of which so much is left of them. Lines that are too long go on below where they begin. Where that leaves
// a row of the table hardly any room, each row says who did what, in place of the columns. A width of 0 leaves all as it is.
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
	if table, fits := wrapped(lines[len(told.Before):len(lines)-len(told.After)], told.Rows, width); fits {
		out, told.Rows = append(out, table...), nil
	}
	for _, r := range told.Rows {
		mark := " "
		if r.Deviates {
			mark = "*"
		}
		head, text := fmt.Sprintf("%4s%s ", r.Step, mark), r.Text
		if !r.Folded && len(told.Columns) > 1 && told.Columns[r.Column] != story.Others {
			text = told.Columns[r.Column] + ": " + text
		}
		out = append(out, hanging(head, text, width)...)
	}
	for _, line := range told.After {
		out = append(out, hanging("", line, width)...)
	}
	return out
}

// wrapped are the lines of a table, its head first, whose rows go on below in their columns; fits is false if that leaves one of them hardly any room.
func wrapped(table []string, rows []story.ToldRow, width int) (lines []string, fits bool) {
	if len(rows) == 0 || utf8.RuneCountInString(table[0]) > width {
		return nil, false
	}
	lines = append(lines, table[0])
	for i, r := range rows {
		line := table[i+1]
		if utf8.RuneCountInString(line) <= width {
			lines = append(lines, line)
			continue
		}
		head := strings.TrimSuffix(line, r.Text)
		if len(head)+leastRoom > width {
			return nil, false
		}
		lines = append(lines, hanging(head, r.Text, width)...)
	}
	return lines, true
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
