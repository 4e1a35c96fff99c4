package properties

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"synchrony/checkers"
	"synchrony/executor"
	"synchrony/executor/sched"
	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
	"synchrony/properties/evidence"
)

// schedulerChecker is the name under which a run that does not end well is
// reported: a deadlock, a livelock, a leak or a panic.
const schedulerChecker = "scheduler"

// maxSteps bounds a controlled run of a case; past it, it is a livelock, unless it ends within some times as many. The largest cases that are drawn need more
// than the scheduler's default.
const (
	maxSteps  = 2 * sched.DefaultMaxSteps
	timesMost = 10
)

// attempt is one run of a case and what was decided about it.
type attempt[O any] struct {
	observation O
	record      *sched.Record // nil on plain goroutines
	strategy    string        // that chose the schedule, of a search's attempt
	checker     string        // that failed, or was undecided
	verdict     checkers.Verdict
	real        bool // it ran on plain goroutines
	hung        bool // it did not end, and has left goroutines behind
	diagnosed   bool // the verdict is that of the property's diagnosis
	// unavailable is why there was no observation, and waited whether that took long to find out: see [Unavailable]. There is then no record of steps.
	unavailable string
	waited      bool
}

// engine runs cases of a property, one after another, and reuses the memory of
// the runs before: an attempt is good until the next one, unless detached.
type engine[W, O any] struct {
	*Property[W, O]
	runner   sched.Runner
	program  string        // see Spec.Program
	patience time.Duration // see Spec.Patience
	pulse    *pulse        // shows signs of life; nil for nobody
	covered  bool          // the last search ended by trying every schedule
	idle     bool          // its case took no step on the runtime
	// uncontrolled is why its case is not under control; empty if it is, as far as is known.
	uncontrolled string
	took         durations  // of runs under the watchdog, in real time
	brief        bool       // those that ended elsewhere are known to have been short: see endless
	passed       longRuns   // of the case
	hung         bool       // a run did not end: there are to be no more
	last         attempt[O] // that run, or one that could not be made when the case was probed
}

// watched is how long a run may take before the watchdog looks at it; zero is for ever.
func (p *engine[W, O]) watched() time.Duration { return cmp.Or(p.Patience, p.patience) }

// fresh is another engine, whose runs leave this one's last attempt as it is.
func (p *engine[W, O]) fresh() *engine[W, O] {
	return &engine[W, O]{Property: p.Property, program: p.program, patience: p.patience, pulse: p.pulse, took: p.took, brief: p.brief, passed: p.passed}
}

// freshFor is a fresh engine for a counterexample: of one that hangs, it was known that other runs end.
func (p *engine[W, O]) freshFor(c *Counterexample) *engine[W, O] {
	e := p.fresh()
	e.brief = c.Checker == watchdogChecker && c.Rule == ruleHang
	return e
}

// options are those of every controlled run.
func (p *engine[W, O]) options() sched.Options {
	return sched.Options{MaxSteps: maxSteps, PatientClock: p.PatientClock, Taken: p.pulse.taken()}
}

// run executes w once under strategy s and judges it.
func (p *engine[W, O]) run(ctx context.Context, w W, s sched.Strategy) (attempt[O], error) {
	a, err := p.execute(ctx, w, s)
	if err == nil && !a.stuck() {
		p.judge(w, &a)
	}
	return a, err
}

// execute executes w once under strategy s. The context that ends the search does not reach the
// system: a cancellation is an input, and would change what the system does.
func (p *engine[W, O]) execute(ctx context.Context, w W, s sched.Strategy) (attempt[O], error) {
	runs.RLock()
	defer runs.RUnlock()
	return p.executeAlone(ctx, w, s, p.options())
}

// runs is held by every run of a system in this process: exclusively by one whose goroutines are counted, for others would start some, too. A
// system must not run properties itself.
var runs sync.RWMutex

// executeAlone is execute for who holds runs.
func (p *engine[W, O]) executeAlone(ctx context.Context, w W, s sched.Strategy, o sched.Options) (attempt[O], error) {
	var a attempt[O]
	r, hang := p.guarded(func(r *ran[O]) {
		if elsewhere, ok := p.System.(executor.Scheduled[W, O]); ok {
			r.record, r.observation, r.err = elsewhere.RunScheduled(context.WithoutCancel(ctx), &p.runner, s, o, w)
			return
		}
		r.record = p.controlled(s, o, func(rt *sched.Runtime) {
			r.observation, r.err = p.System.Run(context.WithoutCancel(ctx), rt, w)
		})
	})
	if hang != nil {
		if p.Hosted {
			task.Abandon()
		}
		return p.hangs(hang), nil
	}
	rec, err := r.record, r.err
	a.observation, a.record = r.observation, &rec
	if rec.Stuck != nil {
		a.checker, a.verdict = schedulerChecker, stuckVerdict(rec.Stuck)
		if rec.Stuck.Kind != sched.Livelock || o.MaxSteps != maxSteps {
			return a, nil
		}
		if hung, err := p.longer(ctx, w, rec.Schedule, o); err != nil || hung != nil {
			return *cmp.Or(hung, &a), err
		}
		if p.passed == tooLarge {
			a.verdict = checkers.Undecided("the run did not end within %d steps, but does within %d: a case of this size is too large to be searched", maxSteps, timesMost*maxSteps)
		}
		return a, nil
	}
	if err != nil {
		return a, fmt.Errorf("%s: system %s: %w", p.ID, p.System.Name(), err)
	}
	a.tellSteps()
	a.seek()
	return a, nil
}

// longRuns is what is known of a case's runs that pass maxSteps.
type longRuns uint8

const (
	untried  longRuns = iota
	tooLarge          // one ended, later, or nobody knows
	neverEnding
)

// longer runs a schedule that passed maxSteps with some times as many, unless a run of the case was. A run that hangs then is the attempt that it returns.
func (p *engine[W, O]) longer(ctx context.Context, w W, of schedule.Schedule, o sched.Options) (*attempt[O], error) {
	if p.passed != untried {
		return nil, nil
	}
	o.MaxSteps *= timesMost
	again, err := p.fresh().executeAlone(ctx, w, sched.Deviate(of.Deviations), o)
	if err != nil {
		return nil, err
	}
	if p.passed = tooLarge; again.ended() != nil && again.ended().Kind == sched.Livelock {
		p.passed = neverEnding
	}
	if again.hung {
		p.hung, p.last = true, again
		return &again, nil
	}
	return nil, nil
}

// ran is what came of a run, when it is over.
type ran[O any] struct {
	record      sched.Record
	observation O
	err         error
}

// guarded runs f under the watchdog, which says what it has seen if f does not end.
func (p *engine[W, O]) guarded(f func(*ran[O])) (*ran[O], *checkers.Verdict) {
	r := new(ran[O])
	p.pulse.enter(true)
	hang := p.guard(func() { f(r) })
	p.pulse.enter(false)
	if hang != nil {
		return nil, hang // r is still the run's
	}
	return r, nil
}

// controlled runs main under strategy s.
func (p *engine[W, O]) controlled(s sched.Strategy, o sched.Options, main func(*sched.Runtime)) sched.Record {
	if !p.Hosted {
		return p.runner.Run(s, o, main)
	}
	hosted := task.Options{MaxSteps: o.MaxSteps, PatientClock: o.PatientClock, Positions: o.Positions, Taken: o.Taken}
	return task.Run(&p.runner, s, hosted, func() { main(task.Find(nil).Runtime) })
}

// hangs is an attempt that did not end.
func (p *engine[W, O]) hangs(v *checkers.Verdict) attempt[O] {
	p.hung, p.last = true, attempt[O]{checker: watchdogChecker, verdict: *v, real: true, hung: true}
	return p.last
}

// seek notes whether there is an observation.
func (a *attempt[O]) seek() {
	if u, ok := any(a.observation).(Unavailable); ok {
		a.unavailable, a.waited = u.Unavailable()
	}
}

// objectNames is what a person knows the objects of an attempt's schedule by.
func (p *engine[W, O]) objectNames(w W, a *attempt[O]) func(schedule.Object) string {
	return func(o schedule.Object) string {
		name := ""
		if n, ok := any(a.observation).(ObjectNamer); ok {
			name = n.ObjectName(o)
		}
		if name == "" && p.Object != nil {
			name = p.Object(w, o)
		}
		return cmp.Or(name, o.Name())
	}
}

// final reports whether nothing more is to be run of the case: the run has left goroutines behind, or the system could not be run.
func (a *attempt[O]) final() bool { return a.hung || a.unavailable != "" }

// apart has the system count failures to run anew, until restore is called: see [executor.Fallible].
func (p *engine[W, O]) apart() (restore func()) {
	if f, ok := p.System.(executor.Fallible); ok {
		return f.Apart()
	}
	return func() {}
}

// tellSteps gives the observation the steps of its run.
func (a *attempt[O]) tellSteps() {
	if r, ok := any(&a.observation).(StepRecorder); ok {
		r.RecordSteps(a.record.Steps, a.record.Tasks)
	}
}

// detach makes an attempt that is good for ever.
func (a attempt[O]) detach() attempt[O] {
	if a.record != nil {
		rec := a.record.Clone()
		a.record = &rec
		a.tellSteps()
	}
	return a
}

// runReal executes w once on plain goroutines, with pauses drawn from seed, and
// judges it.
func (p *engine[W, O]) runReal(ctx context.Context, w W, seed uint64) (attempt[O], error) {
	runs.RLock()
	r, hang := p.guarded(func(r *ran[O]) {
		r.observation, r.err = p.System.Run(context.WithoutCancel(ctx), sched.NewNoisy(seed), w)
	})
	runs.RUnlock()
	if hang != nil {
		return p.hangs(hang), nil
	}
	a := attempt[O]{observation: r.observation, real: true}
	a.seek()
	if r.err != nil {
		return a, fmt.Errorf("%s: system %s: %w", p.ID, p.System.Name(), r.err)
	}
	p.judge(w, &a)
	return a, nil
}

// Abridged is a verdict without what is too long to be told: a system may have shown anything.
func Abridged(v checkers.Verdict) checkers.Verdict {
	v.Reason, v.Evidence = evidence.Abridge(v.Reason), evidence.AbridgeLines(v.Evidence)
	return v
}

// judge asks the checkers in order. The first Fail decides; else the first
// Unknown; else it passes.
func (p *engine[W, O]) judge(w W, a *attempt[O]) {
	a.verdict = checkers.Passed()
	for _, c := range p.Checkers {
		v := Abridged(c.Check(w, a.observation))
		switch {
		case v.Status == checkers.Fail:
			a.checker, a.verdict = c.Name(), a.named(v)
			return
		case v.Status == checkers.Unknown && a.verdict.Status == checkers.Pass:
			a.checker, a.verdict = c.Name(), v
		}
	}
}

// taskNumber is how checkers of a TaskNumberer call a task.
var taskNumber = regexp.MustCompile(`\btask (\d+)\b`)

// named calls the tasks in a verdict as the run does: "worker 1", and not "task 2".
func (a *attempt[O]) named(v checkers.Verdict) checkers.Verdict {
	if _, ok := any(&a.observation).(TaskNumberer); !ok || a.record == nil {
		return v
	}
	name := func(text string) string {
		return taskNumber.ReplaceAllStringFunc(text, func(task string) string {
			if n, err := strconv.Atoi(task[len("task "):]); err == nil && n < len(a.record.Tasks) {
				return a.record.Tasks[n]
			}
			return task
		})
	}
	v.Reason, v.Evidence = name(v.Reason), slices.Clone(v.Evidence)
	for i := range v.Evidence {
		v.Evidence[i] = name(v.Evidence[i])
	}
	return v
}

// diagnose has the property say more exactly what is wrong in an attempt that is to be told.
func (p *engine[W, O]) diagnose(w W, a *attempt[O]) {
	if p.Diagnose == nil || a.diagnosed || a.stuck() || a.verdict.Status != checkers.Fail {
		return
	}
	a.verdict, a.diagnosed = a.named(Abridged(p.Diagnose(w, a.observation, a.verdict))), true
}

// stuck reports whether the run did not end well, so that there is no observation.
func (a *attempt[O]) stuck() bool { return a.hung || a.ended() != nil }

// ended is how the run did not end well, of one that came to an end; nil if it ended well, or has none.
func (a *attempt[O]) ended() *sched.Stuck {
	if a.record == nil {
		return nil
	}
	return a.record.Stuck
}

// failed reports whether the attempt is a violation, found by the named checker
// unless that is empty.
func (a *attempt[O]) failed(checker string) bool {
	return a.verdict.Status == checkers.Fail && (checker == "" || a.checker == checker)
}

// deviations returns the schedule's deviations from the default; none on plain
// goroutines.
func (a *attempt[O]) deviations() []schedule.Deviation {
	if a.record == nil {
		return nil
	}
	return a.record.Schedule.Deviations
}

// stuckVerdict is the verdict on a run that did not end well.
func stuckVerdict(s *sched.Stuck) checkers.Verdict {
	reason, who := evidence.Line(s.Error()), strings.Join(s.Tasks, "; ")
	switch s.Kind {
	case sched.Leak:
		reason = "the system returned and left tasks that wait for ever: " + who
	case sched.Deadlock:
		reason = "no task can go on: " + who
	case sched.Livelock:
		reason = "the tasks go on without end: " + who
	}
	return checkers.Failed(s.Kind.String(), reason, evidence.Stack(s.Stack)...)
}
