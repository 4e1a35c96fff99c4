package measure

import (
	"fmt"
	"io"
	"strings"
)

// table is rows of cells, written as Markdown.
type table struct {
	title  string
	notes  []string // paragraphs below the title
	header []string
	rows   [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) write(w io.Writer) {
	fmt.Fprintf(w, "\n## %s\n\n", t.title)
	for _, n := range t.notes {
		fmt.Fprintf(w, "%s\n\n", n)
	}
	line := func(cells []string) { fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | ")) }
	line(t.header)
	rule := make([]string, len(t.header))
	for i := range rule {
		rule[i] = "---"
	}
	line(rule)
	for _, r := range t.rows {
		line(r)
	}
}
