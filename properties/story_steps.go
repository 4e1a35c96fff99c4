package properties

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
	"synchrony/properties/story"
)

// tellSteps lays out the steps of a run, with a column for each task: those on what several tasks touch, as the order of the others
// changes nothing. object names what they touch.
func tellSteps(r *sched.Record, object func(schedule.Object) string) []string {
	shared := sharedObjects(r)
	rows := make([]story.Row, 0, len(r.Steps))
	for i, s := range r.Steps {
		if last := len(rows) - 1; !shared[s.Object] && s.Object.Class != schedule.ClassTask && !deviatesAt(r, i) {
			if last >= 0 && rows[last].Folded && rows[last].Worker == s.Task {
				rows[last].Step++ // counts them, as no number is shown
				continue
			}
			rows = append(rows, story.Row{Step: 1, Worker: s.Task, Folded: true})
			continue
		}
		doing := s.Op.String()
		if s.Object.Class != schedule.ClassNone {
			doing += " " + object(s.Object)
		}
		row := story.Row{Step: i, Worker: s.Task, Text: doing, Kind: doing}
		if at := short(sched.Position(r.Stack(i))); at != "" {
			row.Text += "  (" + at + ")"
			row.Kind = row.Text
		}
		rows = append(rows, row)
	}
	for i := range rows {
		if n := rows[i].Step; rows[i].Folded {
			rows[i].Text = fmt.Sprintf("… %s, of %s alone …", steps(n), r.Name(rows[i].Worker))
			rows[i].Kind = rows[i].Text
		}
	}
	MarkDeviations(rows, r, func(task int32) int32 { return task })
	lines := story.NewTable(rows, r.Name).Lines(rows)
	for i, w := range waitsOf(r, object) { // none if the run says nothing of its end
		if i == 0 {
			lines = append(lines, "At the end:")
		}
		lines = append(lines, "  "+w.String())
	}
	return append(lines, TellSchedule(r, object)...)
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
	file, _, _ := strings.Cut(position, " ")
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
	if a.record == nil || p.Unscheduled || len(a.record.Steps) > positionedSteps {
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
		file, _, _ := strings.Cut(p, " ")
		if line := SourceLine(file); line != "" {
			lines = append(lines, fmt.Sprintf("At %s: %s", short(p), line))
		}
	}
	slices.Sort(lines)
	return lines
}
