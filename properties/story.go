package properties

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"synchrony/executor"
	"synchrony/executor/sched"
	"synchrony/models/schedule"
	"synchrony/properties/evidence"
	"synchrony/properties/story"
)

// MarkDeviations marks the rows of a story at which the run left its default schedule: the first row of the task that went on instead, at or after
// that step. task says which task the worker of a row is.
func MarkDeviations(rows []story.Row, r *sched.Record, task func(worker int32) int32) {
	if r == nil {
		return
	}
	for _, d := range r.Schedule.Deviations {
		if d.Step >= len(r.Steps) {
			continue
		}
		at := slices.IndexFunc(rows, func(row story.Row) bool { return row.Step >= d.Step && task(row.Worker) == r.Steps[d.Step].Task })
		if at >= 0 {
			rows[at].Deviates = true
		}
	}
}

// TellSchedule tells where a run left the default schedule, a line for each
// deviation, for a counterexample's story. object names what a step touched as a
// reader of the workload knows it. A nil record is a run on plain goroutines.
func TellSchedule(r *sched.Record, object func(schedule.Object) string) []string {
	switch {
	case r == nil:
		return []string{"Ran on plain goroutines, with random pauses: the schedule is not recorded."}
	case idle(r):
		return []string{"It ran as it does: it took no step at which a schedule could be chosen."}
	case len(r.Schedule.Deviations) == 0:
		return []string{"On the default schedule: each task runs until it waits."}
	}
	lines := []string{"On the default schedule, where each task runs until it waits, but for this:"}
	deeds := schedule.Deeds(r.Steps, r.Parked, object, r.Name)
	for _, d := range r.Schedule.Deviations {
		if d.Step >= len(r.Steps) {
			continue
		}
		before := "at the start"
		if d.Step > 0 {
			prev := r.Steps[d.Step-1]
			before = fmt.Sprintf("after %s (%s)", r.Name(prev.Task), deeds[d.Step-1])
		}
		s := r.Steps[d.Step]
		lines = append(lines, fmt.Sprintf("  at step %d, %s, it was %s that went on (%s).", d.Step, before, r.Name(s.Task), deeds[d.Step]))
	}
	return lines
}

// story tells what happened in an attempt, as the property explains it; as a table of the run's steps, if it does not, or if
// the run did not get far enough to have an observation.
func (p *engine[W, O]) story(ctx context.Context, w W, a *attempt[O]) []string {
	switch {
	case p.Explain != nil && !a.stuck():
		return evidence.AbridgeLines(p.Explain(w, a.observation, a.record))
	case a.record == nil || p.Unscheduled || len(a.record.Steps) == 0:
		return nil
	}
	record := a.record
	if again := p.placed(ctx, w, a); again != nil && slices.Equal(again.Steps, a.record.Steps) {
		record = again
	}
	return append(p.tellCase(w), tellSteps(record, p.objectNames(w, a))...)
}

// mostCase is how many lines of a workload its story has.
const mostCase = 10

// tellCase is a workload as text, if it is short.
func (p *engine[W, O]) tellCase(w W) []string {
	files, err := p.Codec.Format(w)
	if err != nil {
		return nil
	}
	return TellCase(files)
}

// caseBegins is how what TellCase returns begins.
const caseBegins = "The case"

// TellCase is a workload's text for a story, if it is short; else nil.
func TellCase(files []txtar.File) (lines []string) {
	for _, f := range files {
		text, name := splitLines(string(f.Data)), caseBegins+", "+f.Name+":"
		if f.Name == jsonFile { // nobody has called it so
			name = caseBegins + ":"
		}
		switch len(text) {
		case 0:
			continue
		case 1:
			lines = append(lines, name+" "+text[0])
			continue
		}
		lines = append(lines, name)
		for _, line := range text {
			lines = append(lines, "  "+line)
		}
	}
	if len(lines) > mostCase {
		return nil
	}
	return evidence.AbridgeLines(lines)
}

// Told is the story for who does not see the counterexample's file: after the case, if it is short and the story does not tell it itself.
func (c *Counterexample) Told() []string {
	if slices.ContainsFunc(c.Story, func(line string) bool { return strings.HasPrefix(line, caseBegins) }) {
		return c.Story
	}
	return append(TellCase(c.Workload), c.Story...)
}

// positionedSteps is up to how many steps of a run are told with their positions, which make it some times slower.
const positionedSteps = 20_000

// positioned is a run once more, with the position of each step. One that runs elsewhere has none.
func (p *engine[W, O]) positioned(ctx context.Context, w W, r *sched.Record) (*sched.Record, error) {
	if _, elsewhere := p.System.(executor.Scheduled[W, O]); elsewhere {
		return r, nil
	}
	runs.RLock()
	defer runs.RUnlock()
	o := p.options()
	o.Positions = true
	a, err := p.executeAlone(ctx, w, sched.Replay(r.Schedule), o)
	if err != nil || a.hung {
		return r, err
	}
	return a.record, nil
}
