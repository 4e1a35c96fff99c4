//go:build go1.26

package testing

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"synchrony/executor/sched"
	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// Passed and Skipped are the kinds of runs that are no findings.
const (
	Passed  = "passed"
	Skipped = "skipped"
)

// DefaultMaxSteps is how many steps a run of a test may take: fewer than the scheduler's own, for a run that does not end costs all of them, and
// a search makes many runs. One that takes more is run again with up to 25 times as many.
const DefaultMaxSteps = sched.DefaultMaxSteps / 5

func (o Settings) maxSteps() int {
	if o.MaxSteps <= 0 {
		return DefaultMaxSteps
	}
	return o.MaxSteps
}

// subject is a test that is run many times.
type subject struct {
	name     string
	f        func(*T)
	settings Settings
	runner   sched.Runner
	choices  task.DataChoices // that runs had
	steps    int64            // of all runs
	alive    func()           // called after each run; may be nil
	watch    int              // see [sched.Options.Watch]
	input    input
}

// outcome is what one run of a test came to.
type outcome struct {
	sched.Record // good until the next run
	settings     Settings
	kind         string
	message      string
	position     string // of a failed test: where it failed
	subtest      string // and which of its subtests, if it was one
	log          []string
	cut          int
	report       string // the race detector's
	touched      int    // objects, by uncontrolled goroutines
	pressed      bool   // see Record.Pressed
	unasked      bool   // it is wrong in a way that was not asked for
	doubt        string // why a failed test may say nothing about the program
	expired      bool   // see task.Expired
	elapsed      bool   // time has passed by the run's clock
}

// once runs the test under a strategy.
func (s *subject) once(strategy sched.Strategy, o Settings, positions bool) outcome {
	r := &run{short: o.Short, input: &s.input, workload: o.Workload}
	t := &T{common: common{run: r, name: s.name}}
	t.barrier = make(chan struct{})
	opts := task.Options{
		MaxSteps: o.maxSteps(), PatientClock: !o.Impatient, Positions: positions, LateRings: o.LateRings, Watch: s.watch,
		Seed: o.Seed, DataChoices: o.DataChoices, Choices: &s.choices,
	}
	races := task.Races()
	out := outcome{settings: o}
	out.Record = task.Run(&s.runner, strategy, opts, func() {
		task.Local(task.Find(nil), runKey{}, func() *run { return r })
		t.body(s.f)
	})
	r.undoAll()
	out.log, out.cut, out.touched = r.log, r.cut, task.Touched()
	out.doubt, out.expired = task.Doubted(), task.Expired()
	out.elapsed = slices.ContainsFunc(out.Steps, func(s schedule.Step) bool { return s.Task == sched.Clock })
	s.steps += int64(len(out.Steps))
	if task.Races() > races {
		out.report = raceReport(int(races))
	}
	out.judge(t, o, task.Races() > races && !o.Racy)
	if s.alive != nil {
		s.alive()
	}
	return out
}

// judge finds the kind: what is certain before what is a consequence.
func (o *outcome) judge(t *T, settings Settings, raced bool) {
	stuck := o.Stuck
	switch {
	case stuck != nil && stuck.Kind == sched.Stale:
		o.kind, o.message = Stale, stuck.Detail
	case raced:
		o.kind, o.message = Race, "the race detector reported a data race"
	case o.expired && (t.failed || stuck != nil):
		o.kind, o.message = Uncontrolled, outOfTime+"; "+o.came(t)
	case stuck != nil && stuck.Kind == sched.Panic && o.timedOut(stuck.Panic):
		o.kind, o.message = Uncontrolled, timedOut+"; "+o.came(t)
	case stuck != nil && stuck.Kind == sched.Panic:
		o.kind, o.message = Panic, abridge(stuck.Panic)
	case t.failed && o.doubt != "":
		o.kind, o.message = Uncontrolled, o.doubt+"; "+o.came(t)
	case t.failed && o.timedOut(t.run.failure):
		o.kind, o.message = Uncontrolled, timedOut+"; "+o.came(t)
	case t.failed:
		o.kind, o.message, o.position, o.subtest = Failed, t.run.failure, t.run.position, t.run.subtest
		if o.message == "" {
			o.message = lastLine(o.log)
		}
	case stuck == nil && t.run.undecided != "":
		o.kind, o.message = Undecided, t.run.undecided
	case stuck == nil && t.skipped:
		o.kind, o.message = Skipped, lastLine(o.log)
	case stuck == nil:
		o.kind = Passed
	case stuck.Kind == sched.Livelock && stuck.Endless && o.touched == 0 && o.Uncontrolled == 0 && task.Uncontrolled() == 0:
		o.kind, o.message = Livelock, "the run does not end: every goroutine that can go on does the same again and again, and nothing changes: "+strings.Join(stuck.Tasks, "; ")
	case stuck.Kind == sched.Livelock:
		o.long()
	case stuck.Kind == sched.Ticking:
		o.kind = StepLimit
		o.message = fmt.Sprintf("the test did not end while tickers ticked for %d steps, in which nothing changed: %s", len(o.Steps), strings.Join(stuck.Tasks, "; "))
	case o.touched > 0 || o.Uncontrolled > 0 || task.Uncontrolled() > 0:
		o.kind = Uncontrolled
		o.message = fmt.Sprintf("there are uncontrolled goroutines (%d were started in the run, %d before it, and %d objects touched), and perhaps to end a %s",
			o.Uncontrolled, task.Uncontrolled(), o.touched, stuck.Error())
	case stuck.Kind == sched.Leak:
		o.judgeLeft(settings)
	default:
		o.kind, o.message = Deadlock, strings.Join(stuck.Tasks, "; ")
	}
	o.pressed = o.Pressed
	if o.Pressed && (o.kind == Failed || o.kind == Panic) {
		o.kind, o.message = StepLimit, fmt.Sprintf("half of the %d steps that a run may take were used up, and time passed meanwhile; then it %s: %s",
			settings.maxSteps(), ended(o.kind), o.message)
	}
	if o.Hasty && o.conclusive() && o.kind != Race {
		o.message = o.kind + ": " + o.message
		o.kind = SlowOnly
		o.unasked = !settings.Impatient // it took long outside: see sched.Runtime.Outside
	}
}

// long says of a run that did not end that no more is known about it.
func (o *outcome) long() {
	o.kind, o.message = StepLimit, fmt.Sprintf("the run did not end within %d steps", o.settings.maxSteps())
}

// ended is how a run ended, as a verb.
func ended(kind string) string {
	if kind == Panic {
		return "panicked"
	}
	return kind
}

// judgeLeft finds the kind of a run that has left tasks behind. Of those that are asleep nobody knows that they will not end, and of others
// nobody knows it either until time has passed long enough.
func (o *outcome) judgeLeft(settings Settings) {
	left := o.Stuck.Tasks
	if !settings.Leaks {
		left = nil
		for i, s := range o.States {
			if !s.Asleep {
				left = append(left, o.Stuck.Tasks[i])
			}
		}
	}
	if len(left) == 0 || o.Stuck.Early && !settings.Leaks && settings.LateRings < manyRings {
		o.kind, o.message = Running, fmt.Sprintf("the test ended and still runs: %s", strings.Join(o.Stuck.Tasks, "; "))
		return
	}
	o.kind, o.message = Leak, fmt.Sprintf("the test ended and %s: %s", waitFor(len(left)), strings.Join(left, "; "))
}

func waitFor(n int) string {
	if n == 1 {
		return "a goroutine waits for ever"
	}
	return fmt.Sprintf("%d goroutines wait for ever", n)
}

// Why a run says nothing about the program that is bad because it took real time.
const (
	outOfTime = "a deadline of a connection, a file or a context passed in real time, while a goroutine waited for something that is not controlled and no " +
		"other got a turn"
	timedOut = "it tells of a time-out of real input or output: while a goroutine waits for these, no other gets a turn"
)

// timedOut reports whether a message, or the log, tells of a time-out of real input or output: as the errors of package os, net and net/http do.
func (o *outcome) timedOut(message string) bool {
	tells := func(text string) bool {
		return strings.Contains(text, os.ErrDeadlineExceeded.Error()) || strings.Contains(text, "Client.Timeout")
	}
	return tells(message) || slices.ContainsFunc(o.log, tells)
}

// came is what a run came to, in words.
func (o *outcome) came(t *T) string {
	switch {
	case o.Stuck != nil && o.Stuck.Kind == sched.Panic:
		return "it panicked: " + abridge(o.Stuck.Panic)
	case t.failed:
		return "it failed: " + lastLine(o.log)
	}
	return "it came to a " + o.Stuck.Error()
}

func lastLine(log []string) string {
	if len(log) == 0 {
		return "the test failed without a message"
	}
	return log[len(log)-1]
}

// conclusive reports that something is wrong for certain.
func (o *outcome) conclusive() bool {
	switch o.kind {
	case Race, Panic, Failed, Deadlock, Livelock, Leak:
		return true
	}
	return false
}

// bad reports that the run is worth telling of.
func (o *outcome) bad() bool { return o.kind != Passed && o.kind != Skipped && !o.unasked }

// same says that another schedule fails as this one did, for minimising.
func (o *outcome) same(as *outcome) bool { return o.kind == as.kind }

// schedule is what replays the run, good beyond the next run.
func (o *outcome) schedule() schedule.Schedule { return o.Record.Clone().Schedule }
