//go:build go1.26

package testing

import (
	"cmp"
	"fmt"
	"strings"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// What bounds the minimising of a schedule: so many runs, and steps in all of them as many as a few times those of the search that found it, but
// always enough to minimise what was found at once, and never so many that it takes longer than anybody waits.
const (
	mostTries   = 3000
	timesSearch = 2
	fewestSteps = 4_000_000
	mostSteps   = 20_000_000
)

// minimisingSteps is how many steps the minimising of a schedule may take if the search has taken so many.
func minimisingSteps(searched int64) int64 {
	return min(max(timesSearch*searched, fewestSteps), mostSteps)
}

// report minimises a finding's schedule, runs it once more with positions, and tells of it.
func (s *search) report(f *found, every bool) {
	f = s.reduce(f)
	least := f.schedule
	if f.outcome.conclusive() {
		least = s.minimise(f)
	}
	if f.outcome.kind == Livelock && s.watched(&found{schedule: least, outcome: f.outcome}).outcome.kind != Livelock {
		least = f.schedule // it was minimised among runs that only seem to be endless
	}
	out := s.once(sched.Deviate(least.Deviations), f.outcome.settings, true)
	if f.outcome.kind == Uncontrolled && s.uncontrolled > 0 {
		s.doubtUncontrolled(&out, least)
	}
	switch {
	case out.same(&f.outcome):
	case f.outcome.kind == Leak: // those that are left behind may have been started for good
		s.done.Isolate = again(f.number, f.outcome.kind, out.kind)
		return
	default: // tell what it was
		s.unrepeatable(f, &out)
		return
	}
	finding := s.finding(f, &out, s.Positions)
	finding.Every, finding.After = every, s.done.Schedules
	s.tell(Answer{Finding: finding})
}

// unrepeatable tells of a schedule that led to one verdict and then to another.
func (s *search) unrepeatable(f *found, out *outcome) {
	g := s.finding(f, out, false)
	g.Kind = Uncontrolled
	g.Message = fmt.Sprintf("schedule %d led to: %s: %s; and when it was repeated, to: %s %s", f.number,
		f.outcome.kind, f.outcome.message, out.kind, out.message)
	if f.outcome.kind == Race { // the detector tells of each race once
		g.Kind, g.Message, g.Report = Race, f.outcome.message, f.outcome.report
		g.Schedule = f.schedule.String()
		g.Hash = fmt.Sprintf("%016x", f.schedule.Hash)
		g.Minimised = len(f.schedule.Deviations)
	}
	g.After = s.done.Schedules
	s.tell(Answer{Finding: g})
}

// brief are the settings under which what fails as f does is looked for: a run that does not end is cut where the search cuts runs.
func (s *search) brief(f *found) Settings {
	o := f.outcome.settings
	if f.outcome.kind == Livelock {
		o.MaxSteps = s.settings.MaxSteps
	}
	return o
}

func (s *search) minimise(f *found) schedule.Schedule {
	tries, limit := 0, s.steps+minimisingSteps(s.steps)
	devs := sched.Minimise(f.schedule.Deviations, func(strategy sched.Strategy) (*sched.Record, bool) {
		if tries++; tries > mostTries || s.steps > limit {
			return nil, false
		}
		out := s.once(strategy, s.brief(f), false)
		return &out.Record, out.same(&f.outcome)
	})
	return schedule.Schedule{Deviations: devs}
}

// finding describes a run that had positions noted.
func (s *subject) finding(f *found, out *outcome, steps bool) *Finding {
	g := &Finding{
		Test: s.name, Kind: out.kind, Message: out.message, Settings: f.outcome.settings,
		Schedule: out.Schedule.String(), Hash: fmt.Sprintf("%016x", out.Schedule.Hash),
		Found: f.number, Strategy: f.strategy, Deviations: len(f.schedule.Deviations), Minimised: len(out.Schedule.Deviations),
		Position: out.position, Subtest: out.subtest, Log: out.log, Cut: out.cut, Report: out.report, Tasks: tasks(&out.Record),
	}
	if out.kind == SlowOnly {
		g.Slow, _, _ = strings.Cut(out.message, ":")
	}
	if out.Stuck != nil && out.Stuck.Kind == sched.Panic {
		g.Stack, g.Position = out.Stuck.Stack, panicked(out.Stuck.Stack)
	}
	if steps {
		g.Steps, g.Left = stepsOf(&out.Record)
	}
	if out.Raced != (sched.Raced{}) {
		g.Raced = &Raced{out.Raced.Task, out.Raced.Step}
	}
	return g
}

// tasks describes the tasks of a run.
func tasks(rec *sched.Record) []Task {
	list := make([]Task, len(rec.Tasks))
	for i, name := range rec.Tasks {
		list[i] = Task{Number: int32(i), Name: name, State: "over"}
	}
	for i, s := range rec.Steps {
		if s.Task < 0 || list[s.Task].Function != "" {
			continue
		}
		if at := sched.Positions(rec.Stack(i)); len(at) > 0 {
			_, list[s.Task].Function = sched.SplitPosition(at[len(at)-1])
		}
	}
	held := schedule.LocksAfter(rec.Steps)
	for _, s := range rec.States {
		t := &list[s.Task]
		t.State, t.Op = "waiting", s.Op.String()
		switch {
		case s.Ready:
			t.State = "ready"
		case s.Asleep:
			t.State = "asleep"
		}
		for _, o := range s.Objects {
			t.Objects = append(t.Objects, o.String())
			t.Manner = cmp.Or(t.Manner, held.Manner(o))
			if ahead, ok := held.Ahead(o); ok && s.Op == schedule.OpRLock {
				t.Behind = list[ahead].Name
			}
		}
		t.Stack = sched.Positions(s.Stack)
		if len(t.Stack) > 0 {
			t.Position = t.Stack[0]
		}
		t.Started = sched.Position(s.Started)
		for _, o := range held.Held(s.Task) {
			t.Holds = append(t.Holds, o.String())
		}
	}
	return list
}

// stepsOf describes the steps of a run, but for those in the middle of a long one, of which it says how many they are.
func stepsOf(rec *sched.Record) (list []Step, left int) {
	left = max(len(rec.Steps)-FirstSteps-LastSteps, 0)
	list = make([]Step, 0, len(rec.Steps)-left)
	for i, s := range rec.Steps {
		if left > 0 && i >= FirstSteps && i < FirstSteps+left {
			continue
		}
		step := Step{Task: s.Task, Op: s.Op.String(), Position: sched.Position(rec.Stack(i)), Case: rec.Selected(i), Waits: rec.Parked(i)}
		if s.Object.Class != schedule.ClassNone {
			step.Object = s.Object.String()
		}
		if step.Case != 0 && step.Position == "" && len(list) > 0 { // it is part of the step before
			step.Position = list[len(list)-1].Position
		}
		list = append(list, step)
	}
	return list, left
}

// panicked is the place in the program that panicked, from the text of a stack.
func panicked(stack string) string {
	lines := strings.Split(stack, "\n")
	from := 0
	for i, l := range lines {
		if strings.HasPrefix(l, "panic(") {
			from = i + 2 // the last one is the first panic
		}
	}
	if from == 0 && strings.HasPrefix(stack, "goroutine ") { // a fatal error of the runtime's is no call of panic
		from = 1
	}
	for i := from; i+1 < len(lines); i += 2 {
		function := lines[i]
		if open := strings.LastIndexByte(function, '('); open > 0 { // of the arguments; a receiver has others before it
			function = function[:open]
		}
		if i+1 < len(lines) && strings.HasPrefix(lines[i+1], "\t") {
			place, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " +0x")
			file := place[:max(strings.LastIndexByte(place, ':'), 0)]
			if !sched.Internal(function, file) && !strings.HasPrefix(function, "runtime/debug.") {
				return place + " " + function[strings.LastIndexByte(function, '/')+1:]
			}
		}
	}
	return ""
}
