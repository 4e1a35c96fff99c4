package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Printer writes formatted text for people, until the first error, which it keeps. What it writes
// is safe to show: see [Legible].
type Printer struct {
	w    io.Writer
	line lineState
	err  error
}

// NewPrinter returns a Printer that writes to w.
func NewPrinter(w io.Writer) Printer { return Printer{w: w} }

// Printf writes formatted text.
func (p *Printer) Printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, p.line.legible(fmt.Sprintf(format, args...)))
	}
}

// Err returns the first error of writing.
func (p *Printer) Err() error { return p.err }

// Indented writes lines, each after indent, at most limit of them.
func (p *Printer) Indented(indent string, lines []string, limit int) {
	for _, line := range lines[:min(len(lines), limit)] {
		p.Printf("%s%s\n", indent, strings.ReplaceAll(line, "\t", "    "))
	}
	if n := len(lines) - limit; n > 0 {
		p.Printf("%s(and %s, in the file)\n", indent, Plural(n, "more line"))
	}
}

// Folded writes lines, each after indent, at most limit of them and what says how many are left out. They are left out of the longest block
// of lines that are indented by themselves, as a table is: its head stays, the first third of the rest, and the last two thirds, for what
// happened last is what a reader looks for; but a row with a star, where the schedule left its default, stays with those beside it, if others can go. Where
// that is not enough, the lines are such a block, without a head.
func (p *Printer) Folded(indent string, lines []string, limit int) {
	if len(lines) <= limit+1 { // to say that one is left out takes a line, too
		p.Indented(indent, lines, len(lines))
		return
	}
	out := len(lines) - limit
	from, to := longestBlock(lines)
	if from++; to-from <= out {
		from, to = 0, len(lines)
	}
	from = leaveOut(lines, from, to, out)
	p.Indented(indent, lines[:from], from)
	p.Printf("%s(… %s, in the file)\n", indent, Plural(out, "more line"))
	p.Indented(indent, lines[from+out:], limit)
}

// leaveOut is where so many lines can be left out of those of a block: nearest to its first third, and far from stars.
func leaveOut(lines []string, from, to, out int) int {
	third := from + (to-from-out)/3
	nearest := -1
	for at := from; at+out <= to; at++ {
		if !slices.ContainsFunc(lines[max(at-besideStar, from):min(at+out+besideStar, to)], hasStar) && (nearest < 0 || abs(at-third) < abs(nearest-third)) {
			nearest = at
		}
	}
	if nearest < 0 {
		return third
	}
	return nearest
}

// besideStar is how many lines before and after one with a star tell what it is about.
const besideStar = 2

// hasStar reports whether a line begins with a number and a star.
func hasStar(line string) bool {
	number := strings.TrimLeft(line, " ")
	rest := strings.TrimLeft(number, "0123456789")
	return rest != number && strings.HasPrefix(rest, "* ")
}

func abs(n int) int { return max(n, -n) }

// longestBlock is where the longest block of lines begins and ends that are indented by more than a list is, or begin with a number.
func longestBlock(lines []string) (from, to int) {
	const most = "    "
	for i := 0; i < len(lines); {
		j := i
		for j < len(lines) && len(lines[j]) > len(most) && strings.Trim(lines[j][:len(most)], " 0123456789") == "" {
			j++
		}
		if j-i > to-from {
			from, to = i, j
		}
		i = max(j, i+1)
	}
	return from, to
}

// Table writes rows of as many cells each, indented, the first column aligned to
// the left and the others to the right.
func (p *Printer) Table(rows [][]string) {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			space := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				line.WriteString(cell + space)
			} else {
				line.WriteString("  " + space + cell)
			}
		}
		p.Printf("  %s\n", strings.TrimRight(line.String(), " "))
	}
}
