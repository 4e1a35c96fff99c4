package isolate

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/tools/txtar"

	"synchrony/properties"
)

// Checker is the name of the checker that finds crashes and hangs: the watchdog
// of the child process.
const Checker = "process"

// Runner runs properties in child processes.
type Runner struct {
	Executable  string   // of the children: this program
	Arguments   []string // that make it call Serve
	Environment []string // added to the children's
	Patience    time.Duration
	Lookup      func(id string) (properties.Testable, bool)
}

// How often a crash or a hang is tried on smaller cases. A hang costs a patience
// each time.
const (
	crashTries = 60
	hangTries  = 8
)

// maxTryPatience bounds how long a smaller case may show no sign of life: one case
// takes milliseconds.
const maxTryPatience = 5 * time.Second

// Run runs a property as [properties.Testable.Run] does, in a child. A crash or a
// hang is a Failure by [Checker] in the Result.
func (r *Runner) Run(ctx context.Context, id string, spec properties.Spec, progress func(properties.Progress)) (properties.Result, error) {
	check, ok := r.Lookup(id)
	if !ok {
		return properties.Result{}, fmt.Errorf("there is no property %q", id)
	}
	began := time.Now()
	o, err := r.ask(ctx, request{Property: id, Spec: &spec}, r.Patience, progress)
	if err != nil { // the child may have come far before it was interrupted
		return properties.Result{
			Cases: max(o.last.Case-spec.First, 0), Schedules: o.last.Schedules, Seconds: time.Since(began).Seconds(),
		}, err
	}
	if o.death == nil {
		if o.answer.Error != nil {
			return properties.Result{}, o.answer.Error.err()
		}
		return *o.answer.Result, nil
	}
	res := properties.Result{Cases: o.last.Case - spec.First + 1, Schedules: o.last.Schedules}
	if o.last.File != "" {
		res.Seconds = time.Since(began).Seconds()
		res.Replayed = 1
		res.Failures = append(res.Failures, known(o, res.Seconds))
		return res, nil
	}
	progress(properties.Progress{Property: id, Case: o.last.Case, Schedules: o.last.Schedules, Phase: properties.PhaseShrinking})
	f, err := r.autopsy(ctx, check, spec, o, time.Since(began))
	res.Seconds = time.Since(began).Seconds()
	res.Failures = append(res.Failures, f)
	return res, err
}

// known is the failure of a child that died replaying a known counterexample, whose
// file stays as it is.
func known(o outcome, found float64) properties.Failure {
	v := o.death.verdict()
	f := properties.Failure{
		Checker: Checker, Rule: v.Rule, Reason: v.Reason, Evidence: v.Evidence,
		Case: -1, Strategy: "corpus", Replayed: true, File: o.last.File, Found: found,
	}
	if c, err := properties.LoadCounterexample(f.File); err == nil {
		f.Text = string(c.Format())
	}
	return f
}

// Replay replays a counterexample in a child.
func (r *Runner) Replay(ctx context.Context, name string, c *properties.Counterexample) (properties.Replay, error) {
	if _, ok := r.Lookup(c.Property); !ok {
		return properties.Replay{}, fmt.Errorf("%s: there is no property %q here; verify list names those there are", name, c.Property)
	}
	o, err := r.ask(ctx, request{Property: c.Property, Name: name, Replay: string(c.Format())}, r.Patience, func(properties.Progress) {})
	if err != nil {
		return properties.Replay{}, err
	}
	if d := o.death; d != nil {
		return properties.Replay{
			Reproduced: c.Checker == Checker && c.Rule == d.rule,
			Checker:    Checker, Verdict: d.verdict(), Runs: 1,
		}, nil
	}
	if o.answer.Error != nil {
		return properties.Replay{}, o.answer.Error.err()
	}
	return *o.answer.Replay, nil
}

// autopsy finds out on which smaller case a child dies in the same way, and
// makes a counterexample of it.
func (r *Runner) autopsy(ctx context.Context, check properties.Testable, spec properties.Spec, o outcome, found time.Duration) (properties.Failure, error) {
	began := time.Now()
	in := check.Info()
	last, reproduced := o.death, false
	until, cut := spec.ShrinkUntil(began), false
	dies := func(w []txtar.File) bool {
		if cut = cut || ctx.Err() != nil || !until.IsZero() && time.Now().After(until); cut {
			return false
		}
		again, died, err := r.diesAgain(ctx, example(in, o.death, w))
		if err != nil || !died {
			return false
		}
		last, reproduced = again, true
		return true
	}
	tries := crashTries
	if o.death.rule == "hang" {
		tries = hangTries
	}
	if spec.Budget.Shrink <= 0 {
		tries = 0
	}
	files, size, err := check.ShrinkCase(spec, o.last.Case, tries, dies)
	if err != nil {
		return properties.Failure{}, err
	}
	c := example(in, last, files)
	f := properties.Failure{
		Checker: Checker, Rule: c.Rule, Reason: c.Reason, Evidence: c.Evidence,
		Case: o.last.Case, Strategy: "child process", Size: size, Replayed: reproduced,
		Text: string(c.Format()), Cut: cut, Found: found.Seconds(), Shrunk: time.Since(began).Seconds(),
	}
	if spec.Corpus != "" {
		if f.File, err = c.Save(spec.Corpus); err != nil {
			return f, &properties.SaveError{Err: err, Text: f.Text}
		}
	}
	return f, nil
}

// example is the counterexample of a workload on which a child died.
func example(in properties.Info, d *death, w []txtar.File) *properties.Counterexample {
	v := d.verdict()
	return &properties.Counterexample{
		Property: in.ID, System: in.System, Checker: Checker,
		Rule: v.Rule, Reason: v.Reason, Evidence: v.Evidence, Workload: w,
	}
}

// diesAgain replays a counterexample in a child, and reports whether that dies as c says, and how.
func (r *Runner) diesAgain(ctx context.Context, c *properties.Counterexample) (*death, bool, error) {
	q := request{Property: c.Property, Name: "case", Replay: string(c.Format())}
	again, err := r.ask(ctx, q, min(r.Patience, maxTryPatience), func(properties.Progress) {})
	if err != nil || again.death == nil {
		return nil, false, err
	}
	return again.death, again.death.rule == c.Rule, nil
}
