package properties

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/txtar"

	"synchrony/checkers"
)

// Run replays the corpus, then tests the cases of spec. It stops at the first
// violation, which it shrinks, saves, and replays; and early when ctx is done, the
// deadline has passed or the schedules are spent, with what it has. If spec keeps
// going, it does that with the first violation of each group, and counts the cases of
// others as tested.
func (p *Property[W, O]) Run(ctx context.Context, spec Spec, progress func(Progress)) (Result, error) {
	p, err := p.complete()
	if err != nil {
		return Result{}, err
	}
	r := &runner[W, O]{
		p: p, engine: engine[W, O]{Property: p, program: spec.Program, patience: spec.Patience, pulse: newPulse(progress)}, spec: spec, began: time.Now(), labels: map[string]int{}, groups: map[Group]bool{},
	}
	defer r.engine.pulse.end()
	for _, c := range p.Sometimes {
		r.result.Sometimes = append(r.result.Sometimes, Count{Name: c.Name})
	}
	err = r.corpus(ctx)
	for i := spec.First; err == nil && i < spec.First+spec.Count && !r.over(ctx) && (spec.KeepGoing || len(r.result.Failures) == 0); i++ {
		err = r.testCase(ctx, i)
	}
	r.result.Labels = counts(r.labels)
	r.result.Seconds = time.Since(r.began).Seconds()
	return r.result, err
}

// Case returns the text form of case number i, without running it.
func (p *Property[W, O]) Case(spec Spec, i int) ([]txtar.File, error) {
	p, err := p.complete()
	if err != nil {
		return nil, err
	}
	return p.Codec.Format(p.draw(spec.Seed, i).workload)
}

// runner is one run of a property.
type runner[W, O any] struct {
	p      *Property[W, O]
	engine engine[W, O]
	spec   Spec
	began  time.Time
	labels map[string]int
	groups map[Group]bool // of the violations that were found
	result Result
}

func (r *runner[W, O]) over(ctx context.Context) bool {
	if r.engine.hung { // goroutines are left that may do anything
		return true
	}
	spent := r.spec.Schedules > 0 && r.result.Schedules >= r.spec.Schedules
	late := !r.spec.Deadline.IsZero() && time.Now().After(r.spec.Deadline.Add(-r.spec.Reserve))
	return spent || late || ctx.Err() != nil
}

// alive reports progress if it is time to.
func (r *runner[W, O]) alive(phase string, i int) {
	if r.engine.pulse.due() {
		r.report(phase, i)
	}
}

func (r *runner[W, O]) report(phase string, i int) {
	r.engine.pulse.report(Progress{Property: r.p.ID, Case: i, Schedules: r.result.Schedules, Phase: phase})
}

// corpus replays the known counterexamples of this property, in order of name. The workload
// of a stale one is searched anew.
func (r *runner[W, O]) corpus(ctx context.Context) error {
	if r.spec.First > 0 {
		return nil
	}
	paths, err := Known(r.spec.Corpus, r.p.ID)
	if err != nil {
		return err
	}
	known := make([]*Counterexample, len(paths))
	for i, path := range paths { // all before any is run: who knows what the system does to this process
		if known[i], err = LoadCounterexample(path); err != nil {
			return err
		}
	}
	for i, c := range known {
		path := paths[i]
		r.engine.pulse.report(Progress{Property: r.p.ID, Case: -1, Schedules: r.result.Schedules, Phase: PhaseReplaying, File: path})
		if c.Property != r.p.ID {
			continue
		}
		rep, err := r.engine.replay(ctx, c)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		r.result.Replayed++
		r.ran("corpus", rep.Runs-rep.Stress)
		r.result.Stress += rep.Stress
		switch {
		case rep.Verdict.Status == checkers.Fail:
			if !rep.Reproduced {
				r.result.Notes = append(r.result.Notes, fmt.Sprintf("%s fails otherwise than it says, which is: %s, %s", path, c.Checker, c.Rule))
			}
			if err := r.addKnown(path, c, rep); err != nil {
				return err
			}
		case rep.Stale != "":
			r.result.Stale = append(r.result.Stale, Stale{File: path, Why: rep.Stale, Schedules: rep.Runs})
		}
	}
	return nil
}

// Known are the files of a corpus that may be counterexamples of a property, in order of name.
func Known(corpus, id string) ([]string, error) {
	if corpus == "" {
		return nil, nil
	}
	paths, err := filepath.Glob(filepath.Join(corpus, id+"-*.txtar"))
	slices.Sort(paths)
	return paths, err
}

// addKnown adds the failure of a known counterexample, whose file is refreshed if it was stale.
func (r *runner[W, O]) addKnown(path string, c *Counterexample, rep Replay) error {
	if rep.Refreshed != nil {
		c = rep.Refreshed
		if !r.spec.Unsaved {
			if err := WriteFile(path, c.Format()); err != nil {
				return &SaveError{Err: err, Text: string(c.Format())}
			}
		}
	}
	f := Failure{
		Checker: rep.Checker, Rule: rep.Verdict.Rule, Reason: rep.Verdict.Reason, Evidence: rep.Verdict.Evidence,
		Case: -1, Strategy: "corpus", Replayed: true, File: path, Text: string(c.Format()),
		Found: time.Since(r.began).Seconds(), Refreshed: rep.Refreshed != nil, Waits: rep.Waits,
	}
	if w, err := r.p.Codec.Parse(c.Workload); err == nil {
		if r.p.Size != nil {
			f.Size = r.p.Size(w)
		}
		f.Cause = r.p.causeOf(w, rep.Checker, rep.Observation)
	}
	if c.Schedule != nil {
		f.Deviations = len(c.Schedule.Deviations)
	}
	r.result.Failures = append(r.result.Failures, f)
	r.groups[f.Group(r.p.ID)] = true
	return nil
}

// testCase draws case i, searches its schedules, and counts what it saw.
func (r *runner[W, O]) testCase(ctx context.Context, i int) error {
	r.report(PhaseTesting, i)
	c := r.p.draw(r.spec.Seed, i)
	w := c.workload
	r.engine.passed = untried
	met := make([]bool, len(r.p.Sometimes))
	first, unknown := true, r.result.Unknown
	f, err := r.engine.search(ctx, w, c.seed, r.spec.Budget, "", func(a *attempt[O]) {
		r.alive(PhaseTesting, i)
		switch {
		case a.unavailable != "":
			r.unknown(i, a)
			return
		case a.strategy == byStress:
			r.result.Stress++
		default:
			r.ran(a.strategy, 1)
		}
		if first && !a.stuck() && r.p.Classify != nil {
			for _, l := range r.p.Classify(w, a.observation) {
				r.labels[l]++
			}
		}
		first = false
		if a.verdict.Status == 0 {
			r.unknown(i, a)
		}
		if (a.record != nil || a.strategy == byStress) && !a.stuck() {
			for k, condition := range r.p.Sometimes {
				met[k] = met[k] || condition.Holds(w, a.observation)
			}
		}
	})
	if err != nil {
		return fmt.Errorf("case %d: %w", i, err)
	}
	r.result.Cases++
	r.countControl(i, r.result.Unknown > unknown)
	for k, m := range met {
		if m {
			r.result.Sometimes[k].Cases++
		}
	}
	if f == nil {
		return nil
	}
	return r.failure(ctx, i, c, f)
}

// countControl counts what the search of case i says of its control. One that was undecided on a schedule is not covered.
func (r *runner[W, O]) countControl(i int, undecided bool) {
	switch e := &r.engine; {
	case e.uncontrolled != "":
		r.result.Uncontrolled++
		if r.result.UncontrolledBy == "" {
			r.result.UncontrolledBy = fmt.Sprintf("in case %d %s", i, e.uncontrolled)
		}
	case e.idle:
		r.result.Idle++
	case e.covered && !undecided:
		r.result.Covered++
	}
}

// ran counts n schedules that a strategy chose.
func (r *runner[W, O]) ran(strategy string, n int) { r.result.Ran(strategy, n) }

func (r *runner[W, O]) unknown(i int, a *attempt[O]) {
	r.result.Unknown++
	if r.result.UnknownBy == "" {
		r.result.UnknownBy = fmt.Sprintf("case %d, %s: %s", i, a.checker, a.verdict.Reason)
		r.result.Undecided = i
	}
}

// failure shrinks a violation, saves it, and replays what was saved.
func (r *runner[W, O]) failure(ctx context.Context, i int, c drawn[W], f *finding[O]) error {
	group := r.groupOf(c.workload, f)
	if r.groups[group] {
		return nil
	}
	found, schedules := time.Since(r.began), r.result.Schedules
	r.report(PhaseShrinking, i)
	small, err := r.engine.shrink(ctx, c, f, r.spec.Budget, r.spec.ShrinkUntil(time.Now()), func() { r.alive(PhaseShrinking, i) })
	if err != nil {
		return err
	}
	if f.strategy == byStress {
		r.result.Stress += small.runs
	} else {
		r.ran("shrinking", small.runs)
	}
	shrinking := time.Since(r.began) - found
	shrunkGroup := r.groupOf(small.workload, &small.finding)
	known := r.groups[shrunkGroup] // what has failed in another way is smallest as what is told already
	r.groups[group], r.groups[shrunkGroup] = true, true
	if known {
		return nil
	}
	corpus := r.spec.Corpus
	if r.spec.Unsaved {
		corpus = ""
	}
	small.until = r.spec.ShrinkUntil(time.Now())
	out, err := r.engine.saved(ctx, &small, corpus)
	if err != nil {
		return err
	}
	r.result.RanBeside("to explain it", small.explaining)
	out.Case, out.Strategy, out.Schedules = i, f.strategy, schedules
	out.Found, out.Shrunk = found.Seconds(), shrinking.Seconds()
	r.result.Failures = append(r.result.Failures, out)
	return nil
}

// groupOf is the group of a violation, as far as can be seen from it.
func (r *runner[W, O]) groupOf(w W, f *finding[O]) Group {
	x := Failure{Checker: f.checker, Rule: f.verdict.Rule, Cause: r.p.causeOf(w, f.checker, f.observation)}
	return x.Group(r.p.ID)
}

// saved saves a shrunk violation in the corpus, if there is one, and replays what a reader
// of the file would. An error of saving is a *SaveError.
func (p *engine[W, O]) saved(ctx context.Context, small *shrunk[W, O], corpus string) (Failure, error) {
	a := &small.finding.attempt
	c, err := p.counterexample(ctx, small.workload, a)
	if err != nil {
		return Failure{}, err
	}
	if err := p.tellRate(ctx, small, c); err != nil {
		return Failure{}, err
	}
	c.Program = p.program
	c.Why, small.explaining = p.why(ctx, small)
	out := Failure{
		Checker: a.checker, Rule: a.verdict.Rule, Reason: a.verdict.Reason, Evidence: a.verdict.Evidence,
		Strategy: small.finding.strategy, Deviations: len(a.deviations()), Text: string(c.Format()), Cut: small.cut,
	}
	out.Lines, out.Waits = p.places(ctx, small.workload, a)
	if p.Size != nil {
		out.Size = p.Size(small.workload)
	}
	out.Cause = p.causeOf(small.workload, a.checker, a.observation)
	if corpus != "" {
		if out.File, err = c.Save(corpus); err != nil {
			return out, &SaveError{Err: err, Text: out.Text}
		}
	}
	switch {
	case a.hung:
		out.NotRepeated = "a run that does not end leaves goroutines behind"
		return out, nil
	case c.Runs > 0:
		out.Hits, out.Runs, out.Replayed = c.Hits, c.Runs, c.Hits > 0
		return out, nil
	}
	back, err := ParseCounterexample(out.File, []byte(out.Text))
	if err != nil {
		return out, fmt.Errorf("%s: its own counterexample cannot be read: %w", p.ID, err)
	}
	return out, p.repeat(ctx, back, &out, small.differs)
}

// causeOf is the cause of a failure that a checker found in an observation; nil if none is known, as of a run that did not end well.
func (p *Property[W, O]) causeOf(w W, checker string, observation any) *Cause {
	o, ok := observation.(O)
	if !ok || p.Cause == nil || checker == schedulerChecker || checker == watchdogChecker {
		return nil
	}
	runs.RLock() // it may run the system
	defer runs.RUnlock()
	return p.Cause(w, o)
}

// CheckFolder reports whether counterexamples can be saved into folder, making
// it if need be.
func CheckFolder(folder string) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, ".probe-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// format returns a workload's text form as one string.
func (p *Property[W, O]) format(w W) (string, error) {
	files, err := p.Codec.Format(w)
	if err != nil {
		return "", fmt.Errorf("%s: the workload has no text form: %w", p.ID, err)
	}
	var b strings.Builder
	for _, f := range files {
		b.WriteString(f.Name)
		b.WriteByte(0)
		b.Write(f.Data)
	}
	return b.String(), nil
}
