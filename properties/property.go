package properties

import (
	"context"
	"strings"
	"time"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/executor"
	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// Property is a statement about a system, and all that is needed to test it.
type Property[W, O any] struct {
	ID        string // "S5"
	Statement string // what holds, in one line
	Group     string // "batch", "vm"; a run selects by it, too
	Source    string // where it is defined, as from [Here]; empty if that is not known

	System    executor.System[W, O]
	Generator *rapid.Generator[W]
	Checkers  []checkers.Checker[W, O] // the first that fails names the failure
	Codec     Codec[W]                 // the zero Codec writes the workload as JSON

	// Sometimes are conditions that a run must meet at least once, or it tested
	// nothing: its verdict is then Unknown.
	Sometimes []Condition[W, O]
	// Classify labels a case by what was drawn and what happened, for the
	// classification table.
	Classify func(W, O) []string
	// Size counts what shrinking minimises: transactions or instructions.
	Size func(W) int
	// Real says whether the workload may also run on plain goroutines, in real
	// time. Nil is never.
	Real func(W) bool
	// Within says whether the property is about a workload: a failure is shrunk to no other, and explained by no other. Nil is for any.
	Within func(W) bool
	// Large says of a workload that a run of it takes about as long as all runs of another: it runs on the default schedule and
	// on one that is sampled; its schedules are not searched. Nil is never.
	Large func(W) bool
	// Outcome says in one line, for a person, how a run ended and with what: equal texts are one outcome, of those
	// that the schedules of a case have. Nil is for a property whose outcomes nobody wants to see.
	Outcome func(W, O) string
	// Diagnose says more exactly what is wrong in a failing observation than the verdict of the checker that failed does: its rule, reason and
	// evidence. It is asked of what is told, and not of what is tried while shrinking, so that it may take long. Nil leaves the verdict.
	Diagnose func(W, O, checkers.Verdict) checkers.Verdict
	// Explain tells what happened in an observation, in order, for a person.
	Explain func(W, O, *sched.Record) []string
	// Object names what a step touched, of a run that ended without an observation, as a reader of the workload knows it; empty is as it is. Nil names nothing.
	Object func(W, schedule.Object) string
	// Acts tells what was done in a run, in order, in the workload's words: a report looks for those whose order makes a case
	// fail. Nil is for the steps of the run.
	Acts func(W, O) []Act
	// Cause names what a failing observation shows to be wrong first: a plan that lacks a dependency, say, of a batch whose
	// balances are wrong. Failures of one cause are reported as one. Nil, or nil of it, where nothing is known but the failure itself.
	Cause func(W, O) *Cause
	// PatientClock keeps time from passing while any task can run, as if the
	// machine were infinitely fast; else a timer may fire at any point.
	PatientClock bool
	// Unscheduled says that the system does not run on the runtime, so that one
	// run shows all: no schedules are searched.
	Unscheduled bool
	// Hosted says that the system finds the runtime by the goroutine it is on: what it does goes by way of packages of executor/shim, if at all. Where it does
	// not, its runs are on real goroutines, and are told as such. It must call no hook of a controlled runtime that it is given.
	Hosted bool
	// Patience is how long a run may take in real time before the watchdog looks at it: a run that never ends is a
	// violation. Zero is for ever.
	Patience time.Duration
	// Reduce looks for a smaller workload that fails as w does: it calls fails with candidates, each smaller than the last one that failed, until it knows none. Nil leaves that
	// to rapid, which knows only what the generator draws.
	Reduce func(w W, fails func(W) bool)
}

// Cause is the first thing that went wrong in a failing run, as the checker says that it violates.
type Cause struct {
	Checker string `json:"checker"`
	Rule    string `json:"rule"`
	Reason  string `json:"reason"` // of this run
}

// String is the cause in one line: "plan, missing dependency: b does not wait for a".
func (c *Cause) String() string {
	return oneLine(c.Checker) + ", " + oneLine(c.Rule) + ": " + oneLine(c.Reason)
}

// parseCause reads what String has written.
func parseCause(text string) (*Cause, bool) {
	checker, rest, named := strings.Cut(text, ", ")
	rule, reason, ruled := strings.Cut(rest, ": ")
	return &Cause{checker, rule, reason}, named && ruled
}

// but is the cause of a failure by a rule of a checker's, if it says more than that; else nil.
func (c *Cause) but(checker, rule string) *Cause {
	if c == nil || c.Checker == checker && c.Rule == rule {
		return nil
	}
	return c
}

// FirstCause is the verdict of the first of cs that o fails; nil if none does. They are asked in the order from
// causes to effects.
func FirstCause[W, O any](cs []checkers.Checker[W, O], w W, o O) *Cause {
	for _, c := range cs {
		if v := c.Check(w, o); v.Status == checkers.Fail {
			return &Cause{c.Name(), v.Rule, v.Reason}
		}
	}
	return nil
}

// Condition is something that should happen sometimes.
type Condition[W, O any] struct {
	Name  string
	Holds func(W, O) bool
	// Generator draws workloads that are likely to meet the condition. A run draws every 16th of
	// its cases from it, or every 2n-th if n conditions of the property have one and that is more.
	// Nil, for none, will do if the property's own generator meets the condition in one of ten
	// cases: in 200 cases, what one of 100 meets is missed 13 % of the time, and what one of 15
	// meets once in a million.
	Generator *rapid.Generator[W]
}

// DrawnBy is c with a generator.
func (c Condition[W, O]) DrawnBy(g *rapid.Generator[W]) Condition[W, O] {
	c.Generator = g
	return c
}

// Codec is the text form of a workload, as files of a counterexample. Parse
// accepts exactly what Format produces, and files written by hand in its form.
type Codec[W any] struct {
	Format func(W) ([]txtar.File, error)
	Parse  func([]txtar.File) (W, error)
	// Unset says of a number in a line of the text that it means that nothing is set there, as a timeout of 0 is none: another one in its place is no other
	// amount of the same, which a report would have anything to say of. Nil is for text without such numbers.
	Unset func(line string, number int64) bool
}

// Testable is a Property of any types: what a run, the command line and reports
// know of it.
type Testable interface {
	Info() Info
	// Run tests the cases of spec, and reports progress if progress is not nil.
	// An error means that the harness broke.
	Run(ctx context.Context, spec Spec, progress func(Progress)) (Result, error)
	// Explore runs every schedule of each case of spec. An error means that a case is
	// malformed, or that the harness broke.
	Explore(ctx context.Context, spec ExploreSpec, progress func(Progress)) (Exploration, error)
	// Replay runs a counterexample once.
	Replay(ctx context.Context, c *Counterexample) (Replay, error)
	// Case returns the text form of case number i, without running it.
	Case(spec Spec, i int) ([]txtar.File, error)
	// ShrinkCase looks for a smaller case than number i that still fails, in at
	// most tries calls, without running any itself. It returns the smallest and
	// its size; case i itself if none fails.
	ShrinkCase(spec Spec, i, tries int, fails func([]txtar.File) bool) ([]txtar.File, int, error)
}

// Info describes a property.
type Info struct {
	ID        string   `json:"id"`
	Group     string   `json:"group"`
	Statement string   `json:"statement"`
	System    string   `json:"system"`
	Checkers  []string `json:"checkers"`
	Sometimes []string `json:"sometimes,omitempty"`
	// Enough is by how many cases all of Sometimes have usually happened; 0 if there are none.
	Enough int    `json:"-"`
	Source string `json:"source,omitempty"` // "properties/catalogue/batch/safety.go:12", from the module's root
}

// Info describes p.
func (p *Property[W, O]) Info() Info {
	in := Info{ID: p.ID, Group: p.Group, Statement: p.Statement, Source: p.Source}
	if p.System != nil {
		in.System = p.System.Name()
	}
	for _, c := range p.Checkers {
		if c != nil {
			in.Checkers = append(in.Checkers, c.Name())
		}
	}
	for _, c := range p.Sometimes {
		in.Sometimes = append(in.Sometimes, c.Name)
	}
	if len(p.Sometimes) > 0 {
		in.Enough = 4 * p.rotation()
	}
	return in
}

// Unavailable is an observation that may be none, as the system could not be run, or failed while it ran. Such a run is not counted as one, and no checker can decide
// about it; nothing more is run of its case.
type Unavailable interface {
	// Unavailable is why there is no observation, in a line; empty if there is one. With waited, it took all the time that the system is given to find out.
	Unavailable() (why string, waited bool)
}

// ObjectNamer is an observation that knows what a person calls the objects of the run's schedule.
type ObjectNamer interface {
	// ObjectName is empty for an object that has no name.
	ObjectName(schedule.Object) string
}

// TaskNumberer is an observation whose checkers call the tasks of a controlled run by their numbers, "task 2": they are told by their names.
type TaskNumberer interface {
	NumbersTasks()
}

// StepRecorder is an observation that keeps the steps of a controlled run, for
// checkers that judge happens-before.
type StepRecorder interface {
	RecordSteps(steps []schedule.Step, tasks []string)
}
