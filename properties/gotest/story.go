package gotest

import (
	"fmt"
	"os"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	protocol "synchrony/executor/shim/testing"
	"synchrony/models/schedule"
)

const (
	maxRows    = 120 // of a story; the middle of a longer one is left out
	maxColumns = 6   // goroutines beyond so many share a column
)

// story tells an execution as columns, one for each goroutine, with the lines of source that they execute, in the order of the run.
func (t *describer) story(f *protocol.Finding) []string {
	if len(f.Steps) == 0 {
		return nil
	}
	table, lines := newColumns(f), []string(nil)
	only := onlyFile(f)
	if only != "" {
		lines = append(lines, "in "+t.names.relative(only)+":")
	}
	lines = append(lines, table.head())
	rows := fold(t.rows(f, only))
	for i, r := range rows {
		if len(rows) > maxRows && i == maxRows/3 {
			lines = append(lines, fmt.Sprintf("      … %d rows …", len(rows)-maxRows))
		}
		if len(rows) <= maxRows || i < maxRows/3 || i >= len(rows)-2*maxRows/3 {
			lines = append(lines, table.row(r))
		}
	}
	for _, k := range waiting(f) {
		lines = append(lines, table.row(row{task: k.Number, text: t.waitsShort(k)}))
	}
	if f.Minimised == 0 {
		return append(lines, "on the default schedule, in which each goroutine runs until it waits")
	}
	return append(lines, "* here the scheduler left its default, in which each goroutine runs until it waits")
}

// onlyFile is the file of all positions of a run; empty if there are several.
func onlyFile(f *protocol.Finding) (file string) {
	for _, s := range f.Steps {
		switch p := placeOf(s.Position); {
		case file == "":
			file = p.file
		case p.file != "" && p.file != file:
			return ""
		}
	}
	return file
}

func (t *describer) waitsShort(k *protocol.Task) string {
	return fmt.Sprintf("waits for ever: %s %s", k.Op, objects(k.Objects))
}

// row is a line of a story: what a goroutine did on one line of its source, or how many steps are left out.
type row struct {
	step    int // its first; 0 has none
	task    int32
	text    string
	deviate bool
	kind    string // what it has in common with rows that do the same again
	folded  bool   // its text stands for rows that are left out
}

// rows are the steps of a run, those of one goroutine on one line of source together. only is the file of all of them; empty if
// there are several.
func (t *describer) rows(f *protocol.Finding, only string) (rows []row) {
	deviations := map[int]bool{}
	if s, err := schedule.ParseSchedule(f.Schedule); err == nil {
		for _, d := range s.Deviations {
			deviations[d.Step] = true
		}
	}
	var source sources
	last, pending := "", false
	for k, s := range f.Steps {
		i := f.Number(k)
		if k == protocol.FirstSteps && f.Left > 0 {
			rows = append(rows, row{text: fmt.Sprintf("… %d steps …", f.Left), folded: true})
			last = ""
		}
		if isDataChoice(s) && !deviations[i] { // as by default
			continue
		}
		pending = pending || deviations[i]
		text := t.step(&source, s, only)
		if text == "" {
			continue
		}
		if n := len(rows); n > 0 && rows[n-1].task == s.Task && s.Position != "" && s.Position == last && !pending {
			continue
		}
		rows = append(rows, row{step: i, task: s.Task, text: text, deviate: pending, kind: kindOf(s, text)})
		last, pending = s.Position, false
	}
	return rows
}

// kindOf is what steps have in common that do the same: rounds of a loop make objects anew, which have other numbers.
func kindOf(s protocol.Step, text string) string {
	if s.Position != "" {
		return text
	}
	class, _, _ := strings.Cut(s.Object, "/")
	return s.Op + " " + class
}

// step is what a step did, in the words of the source where that is known; empty for a step that only the runtime knows of.
func (t *describer) step(source *sources, s protocol.Step, only string) string {
	switch {
	case s.Task < 0:
		return "time passes: " + strings.TrimSpace(s.Op+" "+object(s.Object))
	case s.Position == "" && (s.Op == "begin" || s.Op == "none"):
		return ""
	case s.Position == "":
		return strings.TrimSpace(s.Op + " " + object(s.Object))
	}
	p := placeOf(s.Position)
	text := path.Base(p.file) + ":" + p.line
	if only != "" {
		text = p.line
	}
	if isDataChoice(s) {
		text += " (" + otherwise(s.Object) + ")"
	}
	if line := source.line(p); line != "" {
		return text + " " + line
	}
	return text + " " + strings.TrimSpace(s.Op+" "+object(s.Object))
}

// isDataChoice reports whether a step is what the scheduler has chosen that is no order of steps. A select's choice has no position of its own.
func isDataChoice(s protocol.Step) bool { return s.Op == schedule.OpPick.String() && s.Position != "" }

// otherwise says what a data choice has changed, by the class of its object.
func otherwise(object string) string {
	switch class, _, _ := strings.Cut(object, "/"); class {
	case schedule.ClassMap.String():
		return "in another order"
	case schedule.ClassRandom.String():
		return "other numbers"
	}
	return "another value"
}

// sources are files that were read.
type sources struct{ files map[string][]string }

// line is a line of a file, without what surrounds it; empty if it cannot be read.
func (s *sources) line(p place) string {
	lines, ok := s.files[p.file]
	if !ok {
		text, err := os.ReadFile(p.file)
		if err == nil {
			lines = strings.Split(string(text), "\n")
		}
		if s.files == nil {
			s.files = map[string][]string{}
		}
		s.files[p.file] = lines
	}
	n, err := strconv.Atoi(p.line)
	if err != nil || n < 1 || n > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[n-1])
}

// columns are the layout of a story.
type columns struct {
	names []string
	width int
	of    map[int32]int // by task
}

func newColumns(f *protocol.Finding) *columns {
	c := &columns{of: map[int32]int{}}
	for _, s := range f.Steps {
		if _, ok := c.of[s.Task]; ok {
			continue
		}
		name := "the clock"
		if s.Task >= 0 && int(s.Task) < len(f.Tasks) {
			name = f.Tasks[s.Task].Name
		}
		if len(c.names) == maxColumns {
			c.names[maxColumns-1], c.of[s.Task] = "others", maxColumns-1
			continue
		}
		c.of[s.Task] = len(c.names)
		c.names = append(c.names, name)
	}
	c.width = max(28, 96/len(c.names))
	return c
}

func (c *columns) head() string {
	var b strings.Builder
	b.WriteString("      ")
	for _, n := range c.names {
		fmt.Fprintf(&b, "%-*s  ", c.width, n)
	}
	return strings.TrimRight(b.String(), " ")
}

func (c *columns) row(r row) string {
	if r.folded {
		return "      " + r.text
	}
	mark, number := " ", "    "
	if r.deviate {
		mark = "*"
	}
	if r.step > 0 {
		number = fmt.Sprintf("%4d", r.step)
	}
	text := r.text
	if n := utf8.RuneCountInString(text); n > c.width {
		text = string([]rune(text)[:c.width-1]) + "…"
	}
	return strings.TrimRight(fmt.Sprintf("%s%s %s%s", number, mark, strings.Repeat(" ", c.of[r.task]*(c.width+2)), text), " ")
}
