package html

import (
	"regexp"
	"strconv"
	"strings"

	"synchrony/models/schedule"
	"synchrony/properties"
)

// scheduleSteps is the steps of a controlled run, or those around what matters in a long one.
type scheduleSteps struct {
	Tasks      []string `json:"tasks"` // names
	Texts      *text    `json:"texts"` // what a step does, each once, a line each
	First      int      `json:"first"` // number of the first step that is here
	Total      int      `json:"total"`
	Task       column   `json:"task"` // by step: who did it, -1 is the clock
	Text       counts   `json:"text"` // and what
	Deviations []int    `json:"deviations,omitempty"`
	Evidence   []int    `json:"evidence,omitempty"` // steps that the verdict names
}

// maxSteps is how many steps of a schedule the page has.
const maxSteps = 1000

// toSchedule lists the steps; nil if none were recorded. object names what a step touched.
func toSchedule(r *properties.Replay, deviations []schedule.Deviation, object func(schedule.Object) string) *scheduleSteps {
	if len(r.Steps) == 0 {
		return nil
	}
	s := &scheduleSteps{Tasks: r.Tasks, Total: len(r.Steps), Task: column{}, Text: counts{}, Evidence: evidenceSteps(r.Verdict.Evidence)}
	for _, d := range deviations {
		s.Deviations = append(s.Deviations, d.Step)
	}
	var last int
	s.First, last = window(len(r.Steps), append(s.Deviations[:len(s.Deviations):len(s.Deviations)], s.Evidence...))
	var texts index
	deeds := schedule.Deeds(r.Steps[:last], nil, object, r.Name)
	for i, step := range r.Steps[s.First:last] {
		s.Task = append(s.Task, int64(step.Task))
		s.Text = append(s.Text, int64(texts.of(oneLine(deeds[s.First+i]))))
	}
	s.Texts = takeApart(strings.Join(texts.names, "\n"))
	return s
}

// window chooses which of total steps to show: all if there are few, else those from shortly before the
// first that matters.
func window(total int, matter []int) (first, last int) {
	if total <= maxSteps {
		return 0, total
	}
	const before = 100
	first = total
	for _, step := range matter {
		first = min(first, step-before)
	}
	first = max(0, min(first, total-maxSteps))
	return first, first + maxSteps
}

// stepNumber is how evidence names a step of the schedule.
var stepNumber = regexp.MustCompile(`\bstep (\d{1,9})\b`)

// evidenceSteps returns the numbers of the steps that evidence names, each once, in order of mention.
func evidenceSteps(evidence []string) []int {
	var steps []int
	seen := map[int]bool{}
	for _, line := range evidence {
		for _, m := range stepNumber.FindAllStringSubmatch(line, -1) {
			if n, err := strconv.Atoi(m[1]); err == nil && !seen[n] {
				seen[n] = true
				steps = append(steps, n)
			}
		}
	}
	return steps
}
