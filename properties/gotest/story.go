package gotest

import (
	"path"
	"slices"
	"strings"

	protocol "synchrony/executor/shim/testing"
	"synchrony/models/schedule"
	"synchrony/properties"
	"synchrony/properties/story"
)

// story tells an execution as columns, one for each goroutine, with the lines of source that they execute, in the order of the run.
func (t *describer) story(f *protocol.Finding) []string {
	if len(f.Steps) == 0 {
		return nil
	}
	if f.Kind == protocol.Livelock && f.Left > 0 { // its end is more of the same
		begins := *f
		begins.Steps, begins.Left = f.Steps[:protocol.FirstSteps], 0
		return t.begins(&begins)
	}
	return t.begins(f)
}

// begins tells of all steps that a finding has.
func (t *describer) begins(f *protocol.Finding) []string {
	only := onlyFile(f)
	var lines []string
	if only != "" {
		lines = append(lines, "in "+t.names.relative(only)+":")
	}
	rows := t.rows(f, only)
	table := columns(f)
	lines = append(lines, table.Lines(rows)...)
	if row, ok := t.panics(f, only); ok {
		lines = append(lines, table.Line(row))
	}
	names := t.objects(f)
	for _, k := range waiting(f) {
		lines = append(lines, table.Line(story.Row{Worker: k.Number, Text: waitsShort(k, names)}))
	}
	switch {
	case f.Minimised == 0:
		lines = append(lines, "on the default schedule, in which each goroutine runs until it waits")
	case slices.ContainsFunc(rows, func(r story.Row) bool { return r.Deviates }):
		lines = append(lines, "* here the scheduler left its default, in which each goroutine runs until it waits")
	}
	return lines
}

// panics is the row of the panic that ended a run, which is no step: of the goroutine that took the last one.
func (t *describer) panics(f *protocol.Finding, only string) (row story.Row, ok bool) {
	last := f.Steps[len(f.Steps)-1].Task
	if f.Kind != protocol.Panic || last < 0 {
		return row, false
	}
	text := ""
	if f.Position != "" {
		text = t.rowPlace(placeOf(f.Position), only) + " "
	}
	message, _, _ := strings.Cut(f.Message, "\n")
	return story.Row{Worker: last, Text: text + "panics: " + message}, true
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

func waitsShort(k *protocol.Task, names *objectNames) string {
	if circles(k) {
		return "and so on for ever"
	}
	w := properties.Wait{Op: k.Op, Object: strings.Join(names.at(k.Objects, k.Position, k.Op), ", ")}
	return "waits for ever " + w.Waits()
}

// deedsOf is what the steps of a finding do: "locks c.mu". Where steps are left out, it is not known who waits.
func (t *describer) deedsOf(f *protocol.Finding) []string {
	names := t.objects(f)
	steps := make([]schedule.Step, len(f.Steps))
	for i, s := range f.Steps {
		steps[i].Task = s.Task
		steps[i].Op, _ = schedule.ParseOp(s.Op)             // what another version calls so is none
		steps[i].Object, _ = schedule.ParseObject(s.Object) // as above
	}
	if f.Left == 0 {
		return schedule.Deeds(steps, func(step int) bool { return f.Steps[step].Waits }, names.short, f.Name)
	}
	deeds := make([]string, len(steps))
	for i, s := range steps {
		deeds[i] = s.Deed(names.short, f.Name)
	}
	return deeds
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
func (t *describer) step(s protocol.Step, deed, only string) string {
	switch {
	case s.Task < 0:
		if !strings.HasPrefix(s.Object, schedule.ClassTimer.String()) {
			return "time passes"
		}
		return "time passes: " + plainName(s.Object) + " fires"
	case s.Position == "" && s.Op == schedule.OpBegin.String(), s.Op == schedule.OpNone.String(): // after a spawn, for what comes on a later line
		return ""
	case s.Position == "", s.Op == schedule.OpEnd.String():
		return deed
	}
	p := placeOf(s.Position)
	text := t.rowPlace(p, only)
	if isDataChoice(s) {
		text += " (" + otherwise(s.Object) + ")"
	}
	if c, ok := t.source.selected(p, s.Case); ok {
		return text + " select: line " + c.line + ", " + c.text
	}
	if line := t.source.line(p); line != "" {
		return text + " " + line
	}
	return text + " " + deed
}

// rowPlace is a place as the text of a row has it; only is the file of all rows, if they have one.
func (t *describer) rowPlace(p place, only string) string {
	if only != "" {
		return p.line
	}
	return path.Base(p.file) + ":" + p.line
}

// isDataChoice reports whether a step is what the scheduler has chosen that is no order of steps. A select's choice of a case is one.
func isDataChoice(s protocol.Step) bool {
	return s.Op == schedule.OpPick.String() && s.Position != "" && s.Case == 0
}

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

// columns are those of a story: the tasks of all steps, in order of appearance.
func columns(f *protocol.Finding) *story.Table {
	rows := make([]story.Row, len(f.Steps))
	for i, s := range f.Steps {
		rows[i].Worker = s.Task
	}
	return story.NewTable(rows, f.Name)
}
