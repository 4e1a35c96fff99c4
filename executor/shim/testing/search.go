//go:build go1.26

package testing

import (
	"fmt"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// search is a search under way.
type search struct {
	subject
	Search
	mix  *mixture
	base schedule.Schedule // of the default run
	done Done
	leak *found // a leak that may yet turn out to be in every schedule
	seen map[string]bool
	tell func(Answer)
	told time.Time // when it last told how far it is

	began time.Time
}

// progress tells how far the search is, if it has not done so for a while: the parent takes a silent process for one that hangs, and so it is told
// while a schedule is minimised, too.
func (s *search) progress() {
	if now := time.Now(); now.Sub(s.told) >= time.Second {
		s.told = now
		s.tell(Answer{Progress: &Progress{s.done.Schedules}})
	}
}

// found is a run worth telling of.
type found struct {
	number   int
	strategy string
	schedule schedule.Schedule
	settings Settings
	outcome  outcome // but for its record
}

// checkEvery is after how many schedules the default one is tried again, to see whether it is still the same.
const checkEvery = 100

// all runs the search.
func (s *search) all() error {
	s.seen, s.done.Kinds, s.done.Race = map[string]bool{}, map[string]int{}, raceBuild
	s.began = time.Now()
	s.told = s.began
	s.alive = s.progress
	if s.Cold {
		return s.alone()
	}
	if err := s.begin(); err != nil {
		return err
	}
	last := s.First + max(s.Schedules, 1) - 1
	switch {
	case s.done.Isolate != "" || s.over():
	case s.Explore:
		if err := s.explore(); err != nil {
			return err
		}
	default:
		for n := max(s.First, 1); n <= last && !s.over(); n++ {
			s.try(n)
			if n%checkEvery == 0 && !s.repeats() {
				break
			}
		}
	}
	s.end()
	return nil
}

// begin runs the default schedule, which every other is compared with: three times, for what the first run
// sets up for good the second finds there.
func (s *search) begin() (err error) {
	out := s.once(sched.Default(), s.settings, false)
	s.base, s.done.Steps = out.schedule(), len(out.Steps)
	if s.mix, err = newMixture(s.Seed, s.Strategies, out.Record); err != nil {
		return err
	}
	s.count(&out)
	s.judge(0, "default", &out)
	if s.over() || out.kind == Skipped {
		return nil
	}
	first := out.kind
	out = s.once(sched.Default(), s.settings, false)
	s.base, s.done.Steps = out.schedule(), len(out.Steps)
	if out.kind != first && out.kind != StepLimit {
		s.done.Isolate = fmt.Sprintf("the test %s, and when it was run again, it came to: %s: it keeps something from run to run", first, out.kind)
		return nil
	}
	s.mix, err = newMixture(s.Seed, s.Strategies, out.Record)
	s.repeats()
	return err
}

// repeats reports whether the default schedule still leads to the same run.
func (s *search) repeats() bool {
	out := s.once(sched.Default(), s.settings, false)
	if out.Schedule.Hash == s.base.Hash {
		return true
	}
	s.done.Isolate = fmt.Sprintf("the same schedule led to another run after %d schedules: the test or what it uses keeps something from run to run, or "+
		"depends on something beside the schedule", s.done.Schedules)
	return false
}

// over reports that nothing more is to be found out.
func (s *search) over() bool {
	if s.done.Kinds[Skipped] > 0 && s.done.Schedules == s.done.Kinds[Skipped] {
		return true
	}
	if s.KeepGoing {
		return false
	}
	if s.Within > 0 && time.Since(s.began) >= s.Within {
		return true
	}
	for kind := range s.seen {
		if kind != SlowOnly && kind != StepLimit && kind != Uncontrolled {
			return true
		}
	}
	return false
}

func (s *search) try(n int) {
	strategy, name := s.mix.strategy(n)
	out := s.once(strategy, s.settings, false)
	s.count(&out)
	s.judge(n, name, &out)
}

func (s *search) count(out *outcome) {
	d := &s.done
	d.Schedules++
	d.Kinds[out.kind]++
	d.Longest, d.Tasks, d.Foreign = max(d.Longest, len(out.Steps)), max(d.Tasks, len(out.Tasks)), max(d.Foreign, out.foreign)
	d.Total += int64(len(out.Steps))
}

// judge tells of the first run of each kind. With a leak it waits for a run without one.
func (s *search) judge(n int, strategy string, out *outcome) {
	if s.leak != nil && out.kind != Leak && out.kind != StepLimit {
		s.settle(false)
	}
	if !out.bad() || s.seen[out.kind] || out.kind == Leak && s.leak != nil {
		return
	}
	f := &found{n, strategy, out.schedule(), s.settings, *out}
	f.outcome.Record = sched.Record{}
	if out.kind == StepLimit || out.kind != Race && 2*len(out.Steps) >= s.limit() {
		f = s.confirm(f)
		s.done.Kinds[out.kind]--
		s.done.Kinds[f.outcome.kind]++
	}
	if f.outcome.kind == Leak {
		if s.leak = f; s.done.Schedules > s.done.Kinds[Leak] {
			s.settle(false)
		}
		return
	}
	if f.outcome.bad() && !s.seen[f.outcome.kind] {
		s.seen[f.outcome.kind] = true
		s.report(f, false)
	}
}

func (s *search) settle(every bool) {
	f := s.leak
	s.leak = nil
	s.seen[Leak] = true
	s.report(f, every)
}

// limit is how many steps a run may take.
func (s *search) limit() int {
	if s.settings.MaxSteps > 0 {
		return s.settings.MaxSteps
	}
	return defaultMaxSteps
}

// patience is by how much the limit of steps is raised to see whether a run ends after all.
const patience = 15

// confirm runs a schedule again that did not end within the limit, or came so near to it that time passed though tasks could run, with a
// higher one.
func (s *search) confirm(f *found) *found {
	o := s.settings
	o.MaxSteps = s.limit() * patience
	out := s.once(sched.Deviate(f.schedule.Deviations), o, false)
	g := &found{f.number, f.strategy, out.schedule(), o, out}
	g.outcome.Record = sched.Record{}
	return g
}

func (s *search) end() {
	if s.leak != nil {
		s.settle(true)
	}
	s.tell(Answer{Done: &s.done})
}

// explore tries every schedule.
func (s *search) explore() error {
	o := sched.Options{MaxSteps: s.settings.MaxSteps, PatientClock: !s.settings.Impatient}
	if o.MaxSteps <= 0 {
		o.MaxSteps = defaultMaxSteps
	}
	e := sched.NewHostedExplorer(o, sched.Bounds{Preemptions: sched.Unbounded, Schedules: s.Schedules})
	for strategy, ok := e.Next(); ok && !s.over(); strategy, ok = e.Next() {
		out := s.once(strategy, s.settings, false)
		s.count(&out)
		if err := e.Ran(&out.Record); err != nil {
			s.done.Isolate = err.Error()
			return nil
		}
		s.judge(s.done.Schedules-1, "explore", &out)
	}
	s.done.Complete = e.Coverage().Complete
	return nil
}
