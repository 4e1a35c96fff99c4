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
	mix   *mixture
	base  schedule.Schedule // of the default run
	done  Done
	leak  *found // a leak that may yet turn out to be in every schedule
	seen  map[string]bool
	clean bool // a run has passed
	ended bool // a run has ended
	// counted says that a run which seemed to be endless was not: those that seem so are only long.
	counted bool
	// uncontrolled is how many uncontrolled goroutines a run starts that was bad, as far as one was looked at.
	uncontrolled int
	tell         func(Answer)
	began        time.Time
	told         time.Time // when it last told how far it is
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
	case s.over():
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
	if s.First > 0 || s.Explore { // an earlier request, or the exploration, counts it
		s.done.Schedules, s.done.Kinds = 0, map[string]int{}
	}
	if s.over() || out.kind == Skipped {
		return nil
	}
	first, hash := out.kind, out.Schedule.Hash
	out = s.once(sched.Default(), s.settings, false)
	s.base, s.done.Steps = out.schedule(), len(out.Steps)
	s.done.FirstDiffers = s.First == 0 && out.Schedule.Hash != hash
	if out.kind != first && first != Race { // a race is reported once
		s.done.Isolate = again(0, first, out.kind)
		return nil
	}
	if s.mix, err = newMixture(s.Seed, s.Strategies, out.Record); s.settings.Racy {
		s.judge(0, "default", &out) // what is wrong behind the race
	}
	if s.repeats() {
		s.done.Uncontrolled = s.confirmed(mostUncontrolled, s.base, s.settings)
	}
	if s.choices.Met {
		s.mix.choose(s.once(sched.Default(), s.choosing(), false).Record)
	}
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
	if s.done.Isolate != "" {
		return true
	}
	if s.done.Kinds[Skipped] > 0 && s.done.Schedules == s.done.Kinds[Skipped] {
		return true
	}
	if s.Within > 0 && time.Since(s.began) >= s.Within {
		return true
	}
	for kind := range s.seen {
		switch kind {
		case SlowOnly, Running, StepLimit, Uncontrolled, Undecided:
		case Race:
			if s.done.Schedules >= behindRace {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// behindRace is how many schedules are tried though a race was found among them: it may be there in every run, and what else is wrong
// would stay behind it.
const behindRace = 64

func (s *search) try(n int) {
	o := s.settings
	strategy, name, choose := s.mix.strategy(n)
	o.DataChoices = choose
	out := s.once(strategy, o, false)
	s.count(&out)
	s.judge(n, name, &out)
}

// once runs the test, and believes that a run is endless if others of it end, and none has seemed so that was only long.
func (s *search) once(strategy sched.Strategy, o Settings, positions bool) outcome {
	out := s.subject.once(strategy, o, positions)
	s.ended = s.ended || out.Stuck == nil
	if out.kind == Livelock && (s.counted || !s.ended) {
		out.long()
	}
	return out
}

func (s *search) count(out *outcome) {
	d := &s.done
	d.Schedules++
	d.Kinds[out.kind]++
	d.Longest, d.Tasks, d.Touched = max(d.Longest, len(out.Steps)), max(d.Tasks, len(out.Tasks)), max(d.Touched, out.touched)
	d.Total += int64(len(out.Steps))
}

// judge tells of the first run of each kind. With a leak it waits for a run that ends without one.
func (s *search) judge(n int, strategy string, out *outcome) {
	s.clean = s.clean || out.kind == Passed
	if s.leak != nil && s.clean {
		s.settle(false)
	}
	if !out.bad() || s.seen[out.kind] || s.leak != nil && (out.kind == Leak || out.kind == Running || out.kind == StepLimit) {
		return
	}
	f := &found{n, strategy, out.schedule(), *out}
	f.outcome.Record = sched.Record{}
	endless := out.Stuck != nil && out.Stuck.Kind == sched.Livelock
	if out.kind == Livelock {
		f = s.believed(f)
	}
	if f.outcome.kind != Livelock && (f.outcome.kind == StepLimit || out.kind != Race && 2*len(out.Steps) >= s.settings.maxSteps()) {
		f = s.confirm(f)
		s.recount(out.kind, f.outcome.kind)
		if s.done.Schedules == 1 && endless && f.outcome.conclusive() && f.outcome.kind != Leak {
			s.done.Isolate = fmt.Sprintf("the run did not end within %d steps, and when it was run again, with more, it came to: %s, "+
				"which may come of what the first has left", s.settings.maxSteps(), f.outcome.kind)
			return
		}
	}
	if f.outcome.kind == Running {
		if f = s.await(f); f.outcome.kind == Deadlock || f.outcome.kind == Failed { // though the test had ended well
			s.done.Isolate = again(n, Running, f.outcome.kind)
			return
		}
	}
	if kind := f.outcome.kind; s.doubtUncontrolled(&f.outcome, f.schedule) {
		s.recount(kind, Uncontrolled)
	}
	s.clean = s.clean || f.outcome.kind == Passed
	switch kind := f.outcome.kind; {
	case !f.outcome.bad() || s.seen[kind]:
	case kind == Leak && !s.clean && !s.settings.Leaks:
		s.leak = f
	default:
		s.seen[kind] = true
		s.report(f, false)
		s.settings.Racy = s.settings.Racy || kind == Race
	}
}

// recount counts a run as of another kind, if it was counted.
func (s *search) recount(was, is string) {
	if s.done.Kinds[was] > 0 {
		s.done.Kinds[was]--
		s.done.Kinds[is]++
	}
}

func (s *search) settle(every bool) {
	f := s.leak
	s.leak = nil
	s.seen[Leak] = true
	s.report(f, every)
}

// The limit of steps is raised by a factor, so many times, to see whether a run ends after all. The second half of the steps is scheduled
// fairly, whatever the schedule says: each limit allows other runs.
const (
	raises  = 2
	raiseBy = 5
)

// confirm runs a schedule again that did not end within the limit, or came so near to it that time passed though tasks could run, with
// higher ones.
func (s *search) confirm(f *found) *found {
	o, g := f.outcome.settings, f
	unsure := func(o *outcome) bool {
		return o.kind == StepLimit || o.kind == Livelock || o.kind == Running || o.pressed
	}
	for i := 0; i == 0 || i < raises && unsure(&g.outcome); i++ {
		o.MaxSteps = o.maxSteps() * raiseBy
		g = s.rerun(f, o)
	}
	if g.outcome.kind == Livelock {
		g = s.believed(g)
	}
	return g
}

// watchedSteps is for how many more steps a run is watched that seems to be endless: a loop in which a task counts how often it has looked is seldom longer.
const watchedSteps = 5_000_000

// watched runs a schedule again that seems to be endless, and watches it. If it is not, it is only long.
func (s *search) watched(f *found) *found {
	s.watch = watchedSteps
	defer func() { s.watch = 0 }()
	return f.as(s.subject.once(sched.Deviate(f.schedule.Deviations), f.outcome.settings, false))
}

// believed is watched, of a run that is searched for: if it was only long, others that seem to be endless are no longer believed to be.
func (s *search) believed(f *found) *found {
	g := s.watched(f)
	s.counted = g.outcome.kind != Livelock
	return g
}

// again says that a schedule did not repeat, for what an earlier run has left.
func again(n int, was, is string) string {
	return fmt.Sprintf("schedule %d came to: %s, and when it was run again, to: %s: the test keeps something from run to run, such as goroutines that it starts once",
		n, was, is)
}

// manyRings is how often time may pass, when a test has ended, before goroutines that are still there are taken to stay.
const manyRings = 1000

// await runs a schedule again in which goroutines went on after the test's end, and waits longer for their own.
func (s *search) await(f *found) *found {
	o := f.outcome.settings
	o.LateRings, o.MaxSteps = manyRings, max(o.MaxSteps, DefaultMaxSteps*raiseBy)
	return s.rerun(f, o)
}

// rerun runs the schedule of f with other settings.
func (s *search) rerun(f *found, o Settings) *found {
	return f.as(s.once(sched.Deviate(f.schedule.Deviations), o, false))
}

// as is what was found when its schedule was run again.
func (f *found) as(out outcome) *found {
	g := &found{f.number, f.strategy, out.schedule(), out}
	g.outcome.Record = sched.Record{}
	return g
}

func (s *search) end() {
	if s.leak != nil && s.done.Isolate == "" { // else processes of their own tell whether there is one in every schedule
		s.settle(true)
	}
	s.tell(Answer{Done: &s.done})
}

// explore tries every schedule: first with the data choices that are the same in every run, then, if there are any, and not more than
// strategies are asked for, with each of them.
func (s *search) explore() error {
	before := s.done.Schedules
	complete, err := s.exhaust(s.settings, s.Schedules)
	if err != nil || !complete {
		return err
	}
	if s.choices.Met && !s.choices.Partly {
		most, tried := s.Schedules, s.done.Schedules-before
		if complete = false; most == 0 || most > tried {
			if complete, err = s.exhaust(s.choosing(), max(most-tried, 0)); err != nil {
				return err
			}
		}
	}
	if s.done.Complete = complete && !s.choices.Partly; !s.done.Complete {
		s.done.But = dataChoices(&s.choices)
	}
	return nil
}

// exhaust tries every schedule under the settings, up to so many if that is not 0, and reports whether there are no more.
func (s *search) exhaust(o Settings, most int) (complete bool, err error) {
	e := sched.NewHostedExplorer(
		sched.Options{MaxSteps: o.maxSteps(), PatientClock: !o.Impatient}, sched.Bounds{Preemptions: sched.Unbounded, Schedules: most})
	for strategy, ok := e.Next(); ok && !s.over(); strategy, ok = e.Next() {
		before := created()
		o.Racy = s.settings.Racy
		out := s.once(strategy, o, false)
		extra, of := uncontrolled(before, &out), out.schedule()
		s.count(&out)
		if err := e.Ran(&out.Record); err != nil {
			s.done.Isolate = err.Error()
			return false, nil
		}
		s.judge(s.done.Schedules-1, "explore", &out)
		if s.done.Uncontrolled == 0 {
			s.done.Uncontrolled = s.confirmed(extra, of, o)
		}
	}
	return e.Coverage().Complete && s.done.Uncontrolled == 0 && s.done.Touched == 0, nil
}
