//go:build go1.26

package testing

import (
	"slices"

	"synchrony/executor/sched"
	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// choosing are the settings of runs that make data choices.
func (s *search) choosing() Settings {
	o := s.settings
	o.DataChoices = true
	return o
}

// dataChoices describes the first of them, each once.
func dataChoices(all *task.DataChoices) (list []DataChoice) {
	all.Each(func(class schedule.Class, stack []uintptr) {
		d := DataChoice{"a choice", sched.Position(stack)}
		switch class {
		case schedule.ClassMap:
			d.What = "the order of the map"
		case schedule.ClassPool:
			d.What = "what the pool gives back"
		case schedule.ClassRandom:
			d.What = "the random numbers"
		}
		if !slices.Contains(list, d) {
			list = append(list, d)
		}
	})
	return list
}
