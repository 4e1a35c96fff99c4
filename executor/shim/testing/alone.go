//go:build go1.26

package testing

import (
	"fmt"

	"synchrony/executor/sched"
)

// coldSamples sample the schedules of searches with a process for each, of which none knows the default run to deviate from.
var coldSamples = []string{"pos", "pct3", "pct6"}

// alone runs one schedule, in a process in which nothing has run before, and tells what is wrong with it.
func (s *search) alone() error {
	strategy, name := sched.Default(), "default"
	switch {
	case s.Strategy != "":
		s.ended = true // a schedule is asked for once a search knows that others end
		var err error
		if strategy, err = sched.ParseStrategy(s.Strategy); err != nil {
			return err
		}
		name = "deviation"
	case s.First > 0:
		m, err := newMixture(s.Seed, coldSamples, sched.Record{})
		if err != nil {
			return err
		}
		m.length = max(s.Length, 1)
		strategy, name, s.settings.DataChoices = m.strategy(s.First)
	}
	if s.Strategy == "" { // a schedule that is known is run as it was found
		s.settings.MaxSteps = s.settings.maxSteps() * raiseBy * raiseBy
		s.settings.LateRings = manyRings // a second run, to see what becomes of goroutines, would not be the first of its process
	}
	out := s.once(strategy, s.settings, true)
	if out.conclusive() {
		out.Record = out.Record.Clone()
		s.doubtUncontrolled(&out, out.schedule())
	}
	s.count(&out)
	if out.bad() {
		f := &found{s.First, name, out.schedule(), out}
		finding := s.finding(f, &out, s.Positions)
		finding.After = s.done.Schedules
		s.tell(Answer{Finding: finding})
	}
	if s.Search.Record {
		s.done.Run = runOf(&out.Record)
	}
	s.done.Hash = fmt.Sprintf("%016x", out.Schedule.Hash)
	s.end()
	return nil
}
