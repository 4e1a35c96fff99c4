package reports

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestFolded: a table keeps its head and loses rows; what is no table stays whole.
func TestFolded(t *testing.T) {
	rows := func(n int) (lines []string) {
		for i := range n {
			lines = append(lines, fmt.Sprintf("%4d  did %d", i+1, i+1))
		}
		return lines
	}
	table := append([]string{"Before:", "      main"}, rows(10)...)
	table = append(table, "But for this:", "  at step 3")
	starred := slices.Clone(table)
	starred[4] = strings.Replace(starred[4], "  did", "* did", 1)
	for _, c := range []struct {
		lines []string
		limit int
		want  string
	}{
		{rows(5), 3, "1 |(… 2 more lines, in the file)| 4 | 5"},
		{rows(4), 4, "1 | 2 | 3 | 4"},
		{rows(5), 4, "1 | 2 | 3 | 4 | 5"},
		{table, 9, "Before: | main | 1 |(… 5 more lines, in the file)| 7 | 8 | 9 | 10 | But for this: | at step 3"},
		{starred, 11, "Before: | main | 1 | 2 | 3* did 3 | 4 | 5 |(… 3 more lines, in the file)| 9 | 10 | But for this: | at step 3"},
		{starred, 7, "Before: | main | 1 |(… 7 more lines, in the file)| 9 | 10 | But for this: | at step 3"},
		{table, 3, "Before: |(… 11 more lines, in the file)| But for this: | at step 3"},
		{table, 20, "Before: | main | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | But for this: | at step 3"},
	} {
		var b strings.Builder
		p := NewPrinter(&b)
		p.Folded("", c.lines, c.limit)
		var got []string
		for line := range strings.Lines(b.String()) {
			line = strings.TrimSpace(line)
			if number, _, ok := strings.Cut(line, "  did "); ok {
				line = number
			}
			got = append(got, line)
		}
		text := strings.ReplaceAll(strings.ReplaceAll(strings.Join(got, " | "), " | (", " |("), ") | ", ")| ")
		if text != c.want {
			t.Errorf("%d of %d lines: %s\nwant %s", c.limit, len(c.lines), text, c.want)
		}
	}
}
