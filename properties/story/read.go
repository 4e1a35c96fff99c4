package story

import (
	"strings"
	"unicode/utf8"
)

// Told is a story, taken apart: what is said before its table, the table, and what is said after it. A story without a table is all before.
type Told struct {
	Before  []string  `json:"before,omitempty"`
	Columns []string  `json:"columns,omitempty"` // names of the workers
	Rows    []ToldRow `json:"rows,omitempty"`
	After   []string  `json:"after,omitempty"`
}

// ToldRow is a row of a table as its lines have it.
type ToldRow struct {
	Step     string `json:"step,omitempty"`
	Column   int    `json:"column,omitempty"`
	Text     string `json:"text"`
	Deviates bool   `json:"deviates,omitempty"`
	Folded   bool   `json:"folded,omitempty"` // the text stands for rows that are left out
}

// Read takes a story apart that Lines has laid out, with whatever stands before and after it. A table of one column has a row with a number.
func Read(lines []string) Told {
	for i := range lines {
		columns, at := readHead(lines[i])
		if len(columns) == 0 || i+1 == len(lines) {
			continue
		}
		t := Told{Before: lines[:i], Columns: columns}
		aside, numbered := false, false // something stands in another column than the first; a row has a number
		for k := i + 1; k < len(lines); k++ {
			r, isRow := readRow(lines[k], at)
			if !isRow {
				break
			}
			t.Rows, aside, numbered = append(t.Rows, r), aside || r.Column > 0, numbered || r.Step != ""
		}
		if aside || numbered && len(columns) == 1 { // else it is a listing, with numbers in front, or a text that is indented
			t.After = lines[i+1+len(t.Rows):]
			return t
		}
	}
	return Told{Before: lines}
}

// readHead is the names of the columns, and where each column begins; none if a line is no head.
func readHead(line string) (names []string, at []int) {
	rest, isHead := strings.CutPrefix(line, margin)
	if !isHead || rest == "" || rest[0] == ' ' {
		return nil, nil
	}
	for from := 0; from < len(rest); {
		name, _, _ := strings.Cut(rest[from:], strings.Repeat(" ", gap))
		names, at = append(names, name), append(at, utf8.RuneCountInString(rest[:from]))
		next := from + len(name)
		from = next + len(rest[next:]) - len(strings.TrimLeft(rest[next:], " "))
	}
	return names, at
}

// readRow reads a row: a number or none, a star or none, and the text, which begins where its column does.
func readRow(line string, at []int) (r ToldRow, isRow bool) {
	spaces := len(line) - len(strings.TrimLeft(line, " "))
	digits := len(line) - spaces - len(strings.TrimLeft(line[spaces:], "0123456789"))
	if spaces >= len(numberless) { // what follows is text, also if it begins with a number
		spaces, digits = len(numberless), 0
	}
	rest := line[spaces+digits:]
	if spaces+digits < len(numberless) || len(rest) < 3 || rest[0] != ' ' && rest[0] != '*' || rest[1] != ' ' {
		return r, false
	}
	r.Step = line[spaces : spaces+digits]
	r.Deviates = rest[0] == '*'
	rest = rest[2:]
	r.Text = strings.TrimLeft(rest, " ")
	for k, before := range at {
		if before <= len(rest)-len(r.Text) {
			r.Column = k
		}
	}
	r.Folded = r.Step == "" && strings.HasPrefix(r.Text, "… ") && strings.HasSuffix(r.Text, " …")
	return r, r.Text != ""
}
