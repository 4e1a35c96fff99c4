//go:build go1.26

package testing

import (
	"fmt"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// Run is what [sched.Minimise] looks at in the record of a run, for another process.
type Run struct {
	Schedule string   `json:"schedule"` // in the text form of package schedule
	Tasks    []int32  `json:"tasks"`    // who has taken each step; -1 is the clock
	Choices  []uint16 `json:"choices"`  // how many there were at each step
	Picks    []Pick   `json:"picks,omitempty"`
}

// Pick is a step that is a choice of what its task does.
type Pick struct {
	Step   int   `json:"step"`
	Choice int32 `json:"choice"` // the one taken
}

// runOf is a record for another process.
func runOf(rec *sched.Record) *Run {
	r := &Run{Schedule: rec.Schedule.String(), Tasks: make([]int32, len(rec.Steps)), Choices: rec.Choices}
	for i, s := range rec.Steps {
		r.Tasks[i] = s.Task
		if s.Op == schedule.OpPick {
			r.Picks = append(r.Picks, Pick{i, s.Object.Index})
		}
	}
	return r
}

// Record is the record of a run in another process, as far as it was told. The error says what no process would tell.
func (r *Run) Record() (rec *sched.Record, err error) {
	rec = &sched.Record{Choices: r.Choices, Steps: make([]schedule.Step, len(r.Tasks))}
	if rec.Schedule, err = schedule.ParseSchedule(r.Schedule); err != nil {
		return nil, err
	}
	if len(r.Choices) != len(r.Tasks) {
		return nil, fmt.Errorf("%d steps, and choices at %d", len(r.Tasks), len(r.Choices))
	}
	for i, task := range r.Tasks {
		if task < sched.Clock || int(task) > len(r.Tasks) { // a step starts one task at most
			return nil, fmt.Errorf("step %d is of task %d", i, task)
		}
		rec.Steps[i].Task = task
	}
	for _, p := range r.Picks {
		if p.Step < 0 || p.Step >= len(rec.Steps) || p.Choice < 0 {
			return nil, fmt.Errorf("choice %d at step %d of %d", p.Choice, p.Step, len(rec.Steps))
		}
		rec.Steps[p.Step].Op, rec.Steps[p.Step].Object.Index = schedule.OpPick, p.Choice
	}
	return rec, nil
}
