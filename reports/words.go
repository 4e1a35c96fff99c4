package reports

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"synchrony/properties"
)

// ByKind orders labels by kind, which is what stands before a colon, and within
// a kind from the most frequent to the rarest.
func ByKind(labels []properties.Count) []properties.Count {
	kind := func(c properties.Count) string {
		before, _, _ := strings.Cut(c.Name, ":")
		return before
	}
	labels = slices.Clone(labels)
	slices.SortStableFunc(labels, func(a, b properties.Count) int {
		return cmp.Or(cmp.Compare(kind(a), kind(b)), cmp.Compare(b.Cases, a.Cases), cmp.Compare(a.Name, b.Name))
	})
	return labels
}

// Plural is "1 case", "2 cases", "12,345 cases".
func Plural(n int, singular string) string { return Thousands(n) + " " + Noun(n, singular) }

// Noun is the form of a noun that goes with a number.
func Noun(n int, singular string) string {
	if n == 1 {
		return singular
	}
	return singular + "s"
}

// PluralOf is Plural for a noun whose plural is irregular.
func PluralOf(n int, singular, Plural string) string {
	if n == 1 {
		return "1 " + singular
	}
	return Thousands(n) + " " + Plural
}

// Thousands is n with a comma between groups of three digits.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Percent is n of total as "12.3 %"; a share that is not 0 never shows as 0, nor
// one short of all as all.
func Percent(n, total int) string {
	if total == 0 {
		return "-"
	}
	share := 100 * float64(n) / float64(total)
	switch {
	case n > 0 && share < 0.05:
		return "< 0.1 %"
	case n < total && share >= 99.95:
		return "> 99.9 %"
	}
	return fmt.Sprintf("%.1f %%", share)
}

// Printer writes formatted text until the first error, which it keeps.
type Printer struct {
	W   io.Writer
	err error
}

// Printf writes formatted text.
func (p *Printer) Printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.W, format, args...)
	}
}

// NewPrinter returns a Printer that writes to w.
func NewPrinter(w io.Writer) Printer { return Printer{W: w} }

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

// Quote makes a word fit for a POSIX shell.
func Quote(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./:=@%+,", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// Seconds is a duration as "1.25 s".
func Seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }
