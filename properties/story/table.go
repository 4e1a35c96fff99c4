package story

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxRows    = 120 // of a story; the middle of a longer one is left out
	maxColumns = 6   // of more workers, those that did something last have one of their own, and the others share one
	width      = 96  // of all columns together, unless those that need it have less than leastWidth each then
	widest     = 140 // of a row, which may need more than its column, as nothing stands beside it
	leastWidth = 30
	gap        = 2 // between two columns

	numberless = "    "            // stands for the number of a step
	margin     = numberless + "  " // is to the left of all columns: the number, the star, and a space
)

// Others heads the column of workers that share one: their rows name them.
const Others = "others"

// Row is a line of a story: what one worker did.
type Row struct {
	Step     int    // its number; 0 is shown as none
	Worker   int32  // the key of its column
	Text     string // what was done
	Deviates bool   // here the scheduler left its default
	Kind     string // what it has in common with rows that do the same again; empty is its text
	Folded   bool   // the text stands for rows that are left out
}

// Table is the columns of a story.
type Table struct {
	names []string
	named map[int32]string // of the workers that share the last column
	width []int            // by column
	of    map[int32]int    // by worker
}

// NewTable returns a table with a column for each worker of the rows, in order of appearance. Where they are too many, some share the last column, in which each row
// names its worker.
func NewTable(rows []Row, name func(worker int32) string) *Table {
	t := &Table{of: map[int32]int{}, named: map[int32]string{}}
	workers := workersOf(rows)
	own := workers
	if len(workers) > maxColumns {
		own = lastOf(rows, maxColumns-1)
	}
	for _, w := range workers {
		if slices.Contains(own, w) {
			t.of[w] = len(t.names)
			t.names = append(t.names, name(w))
		}
	}
	if len(own) < len(workers) {
		t.names = append(t.names, Others)
	}
	for _, w := range workers {
		if !slices.Contains(own, w) {
			t.of[w], t.named[w] = len(own), name(w)
		}
	}
	t.width = t.widths(rows)
	return t
}

// workersOf are the workers of rows, in order of appearance.
func workersOf(rows []Row) (list []int32) {
	for _, r := range rows {
		if !r.Folded && !slices.Contains(list, r.Worker) {
			list = append(list, r.Worker)
		}
	}
	return list
}

// lastOf are the n workers that did something last, of whom most is to be seen where it ends.
func lastOf(rows []Row, n int) (list []int32) {
	for _, r := range slices.Backward(rows) {
		if !r.Folded && !slices.Contains(list, r.Worker) && len(list) < n {
			list = append(list, r.Worker)
		}
	}
	return list
}

// text is what a row says in its column: of a worker that has none of its own, who it is, too.
func (t *Table) text(r Row) string {
	if name, shared := t.named[r.Worker]; shared {
		return name + ": " + r.Text
	}
	return r.Text
}

// widths gives each column the same, if that is enough for all to be read; else what it needs, and an equal part of what is left to those that need more.
func (t *Table) widths(rows []Row) []int {
	widths := make([]int, len(t.names))
	if share := width / max(len(t.names), 1); share >= leastWidth {
		for i := range widths {
			widths[i] = share
		}
		return widths
	}
	for i, name := range t.names {
		widths[i] = utf8.RuneCountInString(name)
	}
	for _, r := range rows {
		if at, known := t.of[r.Worker]; known && !r.Folded {
			widths[at] = max(widths[at], utf8.RuneCountInString(t.text(r)))
		}
	}
	most := leastWidth
	for sum(widths, most+1) <= width && most < width {
		most++
	}
	for i := range widths {
		widths[i] = min(widths[i], most)
	}
	return widths
}

// sum is the columns together, of which none has more than most.
func sum(widths []int, most int) (total int) {
	for _, w := range widths {
		total += min(w, most) + gap
	}
	return total - gap
}

// before is what stands to the left of a column.
func (t *Table) before(column int) (n int) {
	for _, w := range t.width[:column] {
		n += w + gap
	}
	return n
}

// Lines are the table's head and the rows, folded and cut.
func (t *Table) Lines(rows []Row) []string {
	lines := []string{t.head()}
	rows = fold(rows)
	for i, r := range rows {
		if len(rows) > maxRows && i == maxRows/3 {
			lines = append(lines, fmt.Sprintf("%s… %d rows …", margin, len(rows)-maxRows))
		}
		if len(rows) <= maxRows || i < maxRows/3 || i >= len(rows)-2*maxRows/3 {
			lines = append(lines, t.Line(r))
		}
	}
	return lines
}

func (t *Table) head() string {
	var b strings.Builder
	b.WriteString(margin)
	for i, n := range t.names {
		if i < len(t.names)-1 {
			n = cut(n, t.width[i])
		}
		fmt.Fprintf(&b, "%-*s", t.width[i]+gap, n)
	}
	return strings.TrimRight(b.String(), " ")
}

// Line is one row.
func (t *Table) Line(r Row) string {
	if r.Folded {
		return margin + r.Text
	}
	mark, number := " ", numberless
	if r.Deviates {
		mark = "*"
	}
	if r.Step > 0 {
		number = fmt.Sprintf("%4d", r.Step)
	}
	column := t.of[r.Worker]
	before := t.before(column)
	room := max(t.width[column], widest-before)
	if name := t.named[r.Worker]; name != "" {
		room += utf8.RuneCountInString(name)
	}
	return strings.TrimRight(fmt.Sprintf("%s%s %s%s", number, mark, strings.Repeat(" ", before), cut(t.text(r), room)), " ")
}

// cut cuts a text that needs more room than there is, and shows that it did.
func cut(text string, room int) string {
	if utf8.RuneCountInString(text) <= room {
		return text
	}
	return string([]rune(text)[:room-1]) + "…"
}
