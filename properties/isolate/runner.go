package isolate

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/tools/txtar"

	"synchrony/properties"
)

// Checker is the name of the checker that finds crashes and hangs: the watchdog
// of the child process.
const Checker = properties.ProcessChecker

// Runner runs properties in child processes.
type Runner struct {
	Executable  string   // of the children: this program
	Arguments   []string // that make it call Serve
	Environment []string // added to the children's
	// Patience is how much time of its own a child may show no sign of life.
	Patience time.Duration
	Memory   int64 // bytes that a child may hold; 0 is any
	Lookup   func(id string) (properties.Testable, bool)

	alone sync.RWMutex // held for writing by a child that is to run alone
}

// How often a crash or a hang is tried on smaller cases, and how many of these may hang: that
// costs a patience each time.
const (
	deathTries = 60
	hangTries  = 8
)

// maxTryPatience bounds how long a smaller case may show no sign of life: one case
// takes milliseconds.
const maxTryPatience = 5 * time.Second

// Limited is the same runner with other limits. Children of both may run at once.
func (r *Runner) Limited(patience time.Duration, memory int64) *Runner {
	return &Runner{Executable: r.Executable, Arguments: r.Arguments, Environment: r.Environment, Patience: patience, Memory: memory, Lookup: r.Lookup}
}

// Run runs a property as [properties.Testable.Run] does, in a child. A crash or a
// hang is a Failure by [Checker] in the Result; a child that could not be judged is an
// Unknown. What is found is saved by this process, whatever the system does to the child's.
func (r *Runner) Run(ctx context.Context, id string, spec properties.Spec, progress func(properties.Progress)) (properties.Result, error) {
	check, ok := r.Lookup(id)
	if !ok {
		return properties.Result{}, fmt.Errorf("there is no property %q", id)
	}
	began := time.Now()
	asked := spec
	asked.Unsaved = true
	o, err := r.ask(ctx, request{Property: id, Spec: &asked}, limits{r.Patience, spec.Deadline}, progress)
	if o.answer != nil {
		if o.answer.Error != nil {
			return properties.Result{}, o.answer.Error.err()
		}
		res := *o.answer.Result
		for i := range res.Failures {
			if err == nil {
				err = res.Failures[i].Save(spec.Corpus)
			}
		}
		return res, err
	}
	res := properties.Result{
		Seconds: time.Since(began).Seconds(),
		Cases:   max(o.last.Case-spec.First, 0), Schedules: o.last.Schedules,
	}
	switch {
	case err != nil: // the child may have come far before it was interrupted
	case o.unjudged != "":
		res.Unknown, res.UnknownBy = 1, fmt.Sprintf("%s, %s: %s", o.where(), Checker, o.unjudged)
	case o.last.File != "":
		res.Replayed = 1
		res.Failures = append(res.Failures, known(o, res.Seconds))
	default:
		if spec.KeepGoing && o.last.Case > spec.First { // what it had found in the cases before died with it
			before := spec
			before.Count = o.last.Case - spec.First
			if res, err = r.Run(ctx, id, before, progress); err != nil {
				break
			}
		}
		res.Cases++ // this one was decided
		progress(properties.Progress{Property: id, Case: o.last.Case, Schedules: o.last.Schedules, Phase: properties.PhaseShrinking})
		var f properties.Failure
		f, err = r.shrinkDeath(ctx, check, spec, o, time.Since(began))
		res.Seconds = time.Since(began).Seconds()
		res.Failures = append(res.Failures, f)
	}
	return res, err
}

// known is the failure of a child that died replaying a known counterexample, whose
// file stays as it is.
func known(o outcome, found float64) properties.Failure {
	v := o.death.verdict()
	f := properties.Failure{
		Checker: Checker, Rule: v.Rule, Reason: v.Reason, Evidence: v.Evidence,
		Case: -1, Strategy: "corpus", Replayed: true, File: o.last.File, Found: found, Output: o.death.output,
	}
	if c, err := properties.LoadCounterexample(f.File); err == nil {
		f.Text = string(c.Format())
	}
	return f
}

// Replay replays a counterexample in a child.
func (r *Runner) Replay(ctx context.Context, name string, c *properties.Counterexample) (properties.Replay, error) {
	check, ok := r.Lookup(c.Property)
	if !ok {
		return properties.Replay{}, fmt.Errorf("%s: there is no property %q here; verify list names those there are", name, c.Property)
	}
	q := request{Property: c.Property, Name: name, Replay: string(c.Format())}
	o, err := r.ask(ctx, q, limits{patience: r.Patience}, func(properties.Progress) {})
	if err != nil {
		return properties.Replay{}, err
	}
	if o.unjudged != "" {
		return properties.Replay{}, &NotJudgedError{name, o.unjudged}
	}
	if d := o.death; d != nil {
		again := properties.Replay{
			Reproduced: c.Checker == Checker && c.Rule == d.rule,
			Checker:    Checker, Verdict: d.verdict(), Runs: 1,
		}
		again.Compare(c, check.Info().System, false, alike)
		return again, nil
	}
	if o.answer.Error != nil {
		return properties.Replay{}, o.answer.Error.err()
	}
	return *o.answer.Replay, nil
}

// shrinkDeath finds out on which smaller case a child dies in the same way, and
// makes a counterexample of it.
func (r *Runner) shrinkDeath(ctx context.Context, check properties.Testable, spec properties.Spec, o outcome, found time.Duration) (properties.Failure, error) {
	began := time.Now()
	in := check.Info()
	last, reproduced := o.death, false
	ran, notRepeated := false, "" // why it was not, the first time
	until, cut := spec.ShrinkUntil(began), false
	hangs := 0
	dies := func(w []txtar.File) bool {
		if cut = cut || hangs == hangTries || ctx.Err() != nil || !until.IsZero() && time.Now().After(until); cut {
			return false
		}
		again, died, err := r.diesAgain(ctx, example(in, spec.Program, o.death, w), until)
		if err != nil {
			notRepeated = cmp.Or(notRepeated, err.Error())
			return false
		}
		if ran = true; !died {
			return false
		}
		last, reproduced = again, true
		if again.rule == hang {
			hangs++
		}
		return true
	}
	tries := deathTries
	if spec.Budget.Shrink <= 0 {
		tries = 0
	}
	files, size, err := check.ShrinkCase(spec, o.last.Case, tries, dies)
	if err != nil {
		return properties.Failure{}, err
	}
	c := example(in, spec.Program, last.after(o.death), files)
	switch {
	case ran:
		notRepeated = ""
	case ctx.Err() != nil:
		notRepeated = properties.Interrupted
	case notRepeated == "":
		notRepeated = "nothing was to be run to shrink it, or there was no time left"
	}
	f := properties.Failure{
		Checker: Checker, Rule: c.Rule, Reason: c.Reason, Evidence: c.Evidence,
		Case: o.last.Case, Strategy: properties.ByProcess, Size: size, Replayed: reproduced, NotRepeated: notRepeated,
		Text: string(c.Format()), Cut: cut, Found: found.Seconds(), Shrunk: time.Since(began).Seconds(), Output: last.output,
	}
	return f, f.Save(spec.Corpus)
}

// example is the counterexample of a workload on which a child died.
func example(in properties.Info, program string, d *death, w []txtar.File) *properties.Counterexample {
	v := d.verdict()
	return &properties.Counterexample{
		Property: in.ID, System: in.System, Program: program, Checker: Checker,
		Rule: v.Rule, Reason: v.Reason, Evidence: v.Evidence, Workload: w,
	}
}

// diesAgain replays a counterexample in a child, until its time is over, and reports whether that
// dies as c says, and how. An error says that it was not run to an end.
func (r *Runner) diesAgain(ctx context.Context, c *properties.Counterexample, until time.Time) (*death, bool, error) {
	q := request{Property: c.Property, Name: "case", Replay: string(c.Format())}
	again, err := r.ask(ctx, q, limits{min(r.Patience, maxTryPatience), until}, func(properties.Progress) {})
	if err == nil && again.unjudged != "" {
		err = &NotJudgedError{again.where(), again.unjudged}
	}
	if err != nil || again.death == nil {
		return nil, false, err
	}
	return again.death, again.death.rule == c.Rule, nil
}
