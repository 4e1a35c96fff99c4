package sched

import (
	"fmt"
	"strings"

	"synchrony/models/schedule"
)

// turnsWord begins the text form of turns.
const turnsWord = "turns"

// Text is the text form of a strategy that [Minimise] tries, for [ParseStrategy] to read in another process; empty for any other one.
func Text(s Strategy) string {
	switch s := s.(type) {
	case *Deviated:
		return schedule.Schedule{Deviations: s.rest}.String()
	case *turned:
		return s.text()
	}
	return ""
}

// ParseStrategy reads what Text has written.
func ParseStrategy(text string) (Strategy, error) {
	words := strings.Fields(text)
	if len(words) > 0 && words[0] == turnsWord {
		return parseTurns(words[1:])
	}
	s, err := schedule.ParseSchedule(text)
	if err != nil {
		return nil, err
	}
	return Deviate(s.Deviations), nil
}

// turnForms are the forms of a turn to a task, and of one that is a choice of a pick: after the task's n-th step, to.
var turnForms = [...]string{"%d.%d>%d", "%d.%d=%d"}

const extraForm = "%d+%d"

func (t *turned) text() string {
	words := []string{turnsWord}
	for _, o := range t.list {
		form := turnForms[0]
		if o.pick {
			form = turnForms[1]
		}
		words = append(words, fmt.Sprintf(form, o.task, o.n, o.to))
	}
	if t.extra.Skip > 0 {
		words = append(words, fmt.Sprintf(extraForm, t.extra.Step, t.extra.Skip))
	}
	return strings.Join(words, " ")
}

func parseTurns(words []string) (Strategy, error) {
	var turns []turn
	var extra schedule.Deviation
	for i, w := range words {
		var t turn
		switch {
		case scans(w, turnForms[0], &t.task, &t.n, &t.to):
			turns = append(turns, t)
		case scans(w, turnForms[1], &t.task, &t.n, &t.to):
			t.pick = true
			turns = append(turns, t)
		case i == len(words)-1 && scans(w, extraForm, &extra.Step, &extra.Skip) && extra.Skip > 0:
		default:
			return nil, fmt.Errorf("%q is no turn of a schedule: want task.steps>task, task.steps=choice or, as the last, step+skip", w)
		}
	}
	return takeTurns(turns, extra), nil
}

// scans reports whether a word has a form of numbers, and reads them.
func scans(word, form string, numbers ...any) bool {
	n, err := fmt.Sscanf(word, form, numbers...)
	if err != nil || n < len(numbers) {
		return false
	}
	values := make([]any, len(numbers))
	for i, p := range numbers {
		switch p := p.(type) {
		case *int:
			values[i] = *p
		case *int32:
			values[i] = *p
		}
	}
	return fmt.Sprintf(form, values...) == word // there is nothing behind it
}
