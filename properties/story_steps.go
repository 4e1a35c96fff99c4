package properties

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
	"synchrony/properties/story"
)

// tellSteps lays out the steps of a run, with a column for each task: those on what several tasks touch, as the order of the others
// changes nothing. object names what they touch.
func tellSteps(r *sched.Record, object func(schedule.Object) string) []string {
	told := begins(r)
	rows := stepRows(told, object, sharedObjects(r))
	MarkDeviations(rows, r, func(task int32) int32 { return task })
	for _, class := range []func(schedule.Class) bool{isLifecycle, isLock} {
		if len(rows) > mostSteps {
			rows = foldSteps(rows, r, class)
		}
	}
	var lines []string
	if file := onlyFile(r, rows); file != "" {
		lines = append(lines, "Lines are those of "+file+".")
		for i := range rows {
			rows[i].Text = strings.Replace(rows[i].Text, "("+file+":", "(line ", 1)
		}
	}
	lines = append(lines, story.NewTable(rows, r.Name).Lines(rows)...)
	waits := waitsOf(r, object) // none if the run says nothing of its end
	for i, w := range waits {
		if i == 0 {
			if n := len(r.Steps) - len(told.Steps); n > 0 {
				lines = append(lines, fmt.Sprintf("… %s …", steps(n)))
			}
			lines = append(lines, "At the end:")
		}
		lines = append(lines, "  "+w.String())
	}
	if circle := Circle(waits); circle != "" {
		lines = append(lines, "  "+circle)
	}
	return append(lines, TellSchedule(r, object)...)
}

// mostOfLivelock is of how many steps the story of a livelock tells: what comes later is more of the same.
const mostOfLivelock = 100

// begins is a run without the rounds at the end of a livelock.
func begins(r *sched.Record) *sched.Record {
	if !endless(r) || len(r.Steps) <= mostOfLivelock {
		return r
	}
	first := *r
	first.Steps = r.Steps[:mostOfLivelock]
	return &first
}

// stepRows are the steps on shared objects, those that begin, join and end tasks, and those at which the run left its default; of the others, how many
// there were.
func stepRows(r *sched.Record, object func(schedule.Object) string, shared map[schedule.Object]bool) []story.Row {
	rows, deeds := make([]story.Row, 0, len(r.Steps)), schedule.Deeds(r.Steps, r.Parked, object, r.Name)
	alone := 0 // steps that the last row stands for
	for i, s := range r.Steps {
		if last := len(rows) - 1; !shared[s.Object] && s.Object.Class != schedule.ClassTask && !deviatesAt(r, i) {
			if alone == 0 || rows[last].Worker != s.Task {
				rows, alone = append(rows, story.Row{Step: i, Worker: s.Task, Folded: true}), 0
			}
			alone++
			rows[len(rows)-1].Text = fmt.Sprintf("… %s, of %s alone …", steps(alone), r.Name(s.Task))
			rows[len(rows)-1].Kind = rows[len(rows)-1].Text
			continue
		}
		alone = 0
		row := story.Row{Step: i, Worker: s.Task, Text: deeds[i], Kind: deeds[i]}
		if at := short(sched.Position(r.Stack(i))); at != "" {
			row.Text += "  (" + at + ")"
			row.Kind = row.Text
		}
		rows = append(rows, row)
	}
	return rows
}

// mostSteps is how many rows tell all steps. Of more, steps in a row of one task that only begin, join and end tasks are told together, and if they are
// still too many, so are those that lock and unlock.
const mostSteps = 20

func isLifecycle(c schedule.Class) bool {
	return c == schedule.ClassTask || c == schedule.ClassGroup || c == schedule.ClassWaitGroup
}

func isLock(c schedule.Class) bool {
	return isLifecycle(c) || c == schedule.ClassMutex || c == schedule.ClassRWMutex
}

// foldSteps tells together what one task did without another in between, if all of it was on objects of such classes: several rows as one.
func foldSteps(rows []story.Row, r *sched.Record, class func(schedule.Class) bool) (folded []story.Row) {
	aside := func(row *story.Row) bool { return row.Folded || !row.Deviates && class(r.Steps[row.Step].Object.Class) }
	for i := 0; i < len(rows); {
		n := i
		for n < len(rows) && rows[n].Worker == rows[i].Worker && aside(&rows[n]) {
			n++
		}
		if n < i+2 {
			folded = append(folded, rows[i])
			i++
			continue
		}
		first, end := rows[i].Step, len(r.Steps)
		if n < len(rows) {
			end = rows[n].Step
		}
		text := fmt.Sprintf("… %s: %s …", r.Name(rows[i].Worker), opsOf(r.Steps[first:end]))
		folded = append(folded, story.Row{Step: first, Worker: rows[i].Worker, Text: text, Kind: text, Folded: true})
		i = n
	}
	return folded
}

// opsOf is what steps do, in short.
func opsOf(list []schedule.Step) string {
	const most = 4
	if len(list) > most {
		return fmt.Sprintf("%s, from %s to %s", steps(len(list)), list[0].Op, list[len(list)-1].Op)
	}
	ops := make([]string, len(list))
	for i, s := range list {
		ops[i] = s.Op.String()
	}
	return strings.Join(ops, ", ")
}

// onlyFile is the file that the rows are of; empty if they are of several, or of none.
func onlyFile(r *sched.Record, rows []story.Row) (only string) {
	for _, row := range rows {
		file, _, known := strings.Cut(short(sched.Position(r.Stack(row.Step))), ":")
		switch {
		case row.Folded || !known:
		case only == "":
			only = file
		case file != only:
			return ""
		}
	}
	return only
}

func steps(n int) string {
	if n == 1 {
		return "1 step"
	}
	return fmt.Sprintf("%d steps", n)
}

// deviatesAt reports whether a run left its default schedule at a step.
func deviatesAt(r *sched.Record, step int) bool {
	return slices.ContainsFunc(r.Schedule.Deviations, func(d schedule.Deviation) bool { return d.Step == step })
}

// sharedObjects are what more than one task of a run touched, or waited for at its end.
func sharedObjects(r *sched.Record) map[schedule.Object]bool {
	first, shared := map[schedule.Object]int32{}, map[schedule.Object]bool{}
	touch := func(task int32, o schedule.Object) {
		if by, known := first[o]; !known {
			first[o] = task
		} else if by != task {
			shared[o] = true
		}
	}
	for _, s := range r.Steps {
		touch(s.Task, s.Object)
	}
	for _, s := range r.States {
		for _, o := range s.Objects {
			touch(s.Task, o)
			shared[o] = true
		}
	}
	return shared
}

// short is a position without its folder and its function: "file.go:12".
func short(position string) string {
	if position == "" {
		return ""
	}
	file, _ := sched.SplitPosition(position)
	return path.Base(file)
}

// mostSource is of how many lines the source is shown.
const mostSource = 10

// places are the lines of the source that an attempt is about whose story is that of its steps, and what its tasks wait for, if they do for ever. They
// are no part of the story, which is the same where there is no source.
func (p *engine[W, O]) places(ctx context.Context, w W, a *attempt[O]) (lines []string, waits []Wait) {
	if p.Explain != nil && !a.stuck() {
		return nil, nil
	}
	r := p.placed(ctx, w, a)
	if r == nil {
		return nil, nil
	}
	return sourceLines(r, sharedObjects(r)), waitsOf(r, p.objectNames(w, a))
}

// placed is the run of an attempt once more, with the position of each step; nil if there is none, or if its steps are too many for that.
func (p *engine[W, O]) placed(ctx context.Context, w W, a *attempt[O]) *sched.Record {
	if a.record == nil || p.Unscheduled || len(a.record.Steps) > positionedSteps && !endless(a.record) {
		return nil
	}
	r, err := p.fresh().positioned(ctx, w, a.record)
	if err != nil {
		return nil
	}
	return r
}

// sourceLines are the lines of the source that the steps on shared objects, and those that tasks wait with, are of, in order of file
// and line. There are none where the source cannot be read.
func sourceLines(r *sched.Record, shared map[schedule.Object]bool) []string {
	var at []string
	note := func(stack []uintptr) {
		if p := sched.Position(stack); p != "" && !slices.Contains(at, p) {
			at = append(at, p)
		}
	}
	for _, s := range r.States {
		note(s.Stack)
	}
	for i, s := range r.Steps {
		if shared[s.Object] {
			note(r.Stack(i))
		}
	}
	var lines []string
	for _, p := range at[:min(len(at), mostSource)] {
		file, _ := sched.SplitPosition(p)
		if line := SourceLine(file); strings.ContainsFunc(line, unicode.IsLetter) { // else it ends what it says nothing of
			lines = append(lines, fmt.Sprintf("At %s: %s", short(p), line))
		}
	}
	slices.Sort(lines)
	return lines
}
