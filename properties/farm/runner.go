package farm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"synchrony/properties"
	"synchrony/properties/campaign"
	"synchrony/properties/isolate"
)

// Runner runs properties and explores cases on a farm. It is a campaign.Runner and a campaign.Explorer.
//
// A property's known counterexamples are replayed by Local, where their files are. Its cases are tested in tasks, whose results add
// up to that of the cases in one piece, up to the first that ends it; what comes after that one is taken back. Counterexamples are
// saved here.
type Runner struct {
	Submitter  *Submitter
	Local      campaign.Runner // replays the corpus
	Replays    chan struct{}   // its capacity is how many properties replay at once
	Properties int             // of the campaign, which share the workers
	Patience   time.Duration   // how long a system may show no sign of life
	Memory     int64           // bytes that a process of it may hold; 0 is any
	Lookup     func(id string) (properties.Testable, bool)

	first time.Duration // of the first task of each property; 0 is firstTime
}

// outstanding is how many tasks of a campaign are handed out at once: enough for some thousand workers, and no more than a server
// and this process have room for.
const outstanding = 4096

// Run runs a property as [properties.Testable.Run] does, on the farm.
func (r *Runner) Run(ctx context.Context, id string, spec properties.Spec, progress func(properties.Progress)) (properties.Result, error) {
	run := &running{
		Runner: r, id: id, spec: spec, tally: newTally(id, spec.First, progress),
		outcome: campaign.Outcome{Info: properties.Info{ID: id}, KeepGoing: spec.KeepGoing},
	}
	err := run.all(ctx)
	run.tally.end()
	o := &run.outcome
	for i := range o.Result.Failures {
		if err == nil {
			err = o.Result.Failures[i].Save(spec.Corpus)
		}
	}
	return o.Result, cmp.Or(err, o.Err)
}

// running is a property that is under way.
type running struct {
	*Runner
	id      string
	spec    properties.Spec
	outcome campaign.Outcome // of the cases up to some, in order
	tally   *tally
}

// all replays the property's corpus, has its tasks done, and adds up what they show. The error is that of ctx, or of the farm; one of
// the property's harness is in the outcome.
func (r *running) all(ctx context.Context) error {
	if err := r.replay(ctx); err != nil || r.outcome.Ended() {
		return err
	}
	whole := span{r.spec.First, r.spec.Count}
	o, err := r.test(ctx, whole, cmp.Or(r.first, firstTime))
	if err != nil {
		return err
	}
	if o.lost && whole.count > 1 {
		return r.inTasks(ctx, plan(whole, 0, 0, r.Properties))
	}
	r.outcome.Add(&o.Outcome)
	if o.Ended() || o.lost || o.Result.Cases == 0 && o.Result.Unknown > 0 { // the last was not judged, and would not be again
		return nil
	}
	return r.inTasks(ctx, plan(whole, o.Result.Cases, o.Result.Seconds, r.Properties))
}

// replay replays the corpus, here.
func (r *running) replay(ctx context.Context) error {
	known, err := properties.Known(r.spec.Corpus, r.id)
	if err != nil || len(known) == 0 || r.spec.First > 0 {
		return err
	}
	select {
	case r.Replays <- struct{}{}:
		defer func() { <-r.Replays }()
	case <-ctx.Done():
		return ctx.Err()
	}
	spec := r.spec
	spec.Count = 0
	r.outcome.Result, r.outcome.Err = r.Local.Run(ctx, r.id, spec, r.tally.replaying)
	if ctx.Err() != nil && errors.Is(r.outcome.Err, ctx.Err()) {
		r.outcome.Err = nil
		return ctx.Err()
	}
	return nil
}

// tested is what a task showed.
type tested struct {
	campaign.Outcome
	lost bool // it ended all workers that had it
}

// endedError ends the tasks of a property with one.
type endedError struct{ tested }

func (*endedError) Error() string { return "the property's run ends here" }

// inTasks has ranges of cases tested, and adds up what they show, up to the first that ends the run.
func (r *running) inTasks(ctx context.Context, spans []span) error {
	jobs := max(outstanding/max(r.Properties, 1), 1)
	err := campaign.InOrder(ctx, len(spans), jobs, func(ctx context.Context, i int) (tested, error) {
		o, err := r.test(ctx, spans[i], 0)
		// One whose cases were not all run was not judged beyond them, and a run in one piece would end there, too.
		if err == nil && !o.lost && (o.Ended() || o.Result.Cases < spans[i].count) {
			err = &endedError{o}
		}
		return o, err
	}, func(_ int, o tested) { r.outcome.Add(&o.Outcome) })
	var ended *endedError
	if errors.As(err, &ended) {
		r.outcome.Add(&ended.Outcome)
		return nil
	}
	return err
}

// test has a range of cases tested, and none begun after a time; 0 is any. The error is that of ctx, or of the farm.
func (r *running) test(ctx context.Context, s span, soft time.Duration) (tested, error) {
	spec := r.spec
	spec.First, spec.Count = s.first, s.count
	spec.Corpus = "" // what is found is saved here
	t := &task{
		Name: fmt.Sprintf("%s, cases %d to %d", r.id, s.first, s.first+s.count-1), Property: r.id,
		Spec: &spec, Soft: soft, Patience: r.Patience, Memory: r.Memory,
	}
	a, err := r.Submitter.do(ctx, t, func(p properties.Progress) { r.tally.at(s, p) })
	if err != nil {
		return tested{}, err
	}
	o := tested{Outcome: campaign.Outcome{KeepGoing: r.spec.KeepGoing}}
	if a.Result != nil {
		o.Result = *a.Result
	}
	if a.Lost {
		o.lost, o.Result.Unknown, o.Result.UnknownBy = true, 1, a.Error
		r.keepLost(a)
	} else {
		o.Err = a.err()
	}
	r.tally.done(s, o.Result)
	return o, nil
}

// keepLost saves the case that a task was last heard to be at which ended all workers that had it: beside the corpus, as nobody knows
// what is wrong with it, and a run that replayed it might end, too.
func (r *running) keepLost(a *answer) {
	file, err := r.saveCase(a.At, a.Error)
	if err != nil {
		file = "it cannot be saved: " + err.Error()
	}
	r.Submitter.tell(fmt.Sprintf("%s; case %d: %s", a.Error, a.At, file))
}

func (r *running) saveCase(i int, why string) (string, error) {
	check, ok := r.Lookup(r.id)
	if !ok {
		return "", fmt.Errorf("there is no property %q", r.id)
	}
	if r.spec.Corpus == "" {
		return "", errors.New("there is no folder for it")
	}
	files, err := check.Case(r.spec, i)
	if err != nil {
		return "", err
	}
	c := &properties.Counterexample{
		Property: r.id, System: check.Info().System, Program: r.spec.Program,
		Checker: isolate.Checker, Rule: "not judged", Reason: why, Workload: files,
	}
	return c.Save(filepath.Join(r.spec.Corpus, "unjudged"))
}

// Explore explores cases as [properties.Testable.Explore] does, on the farm.
func (r *Runner) Explore(ctx context.Context, id string, spec properties.ExploreSpec, progress func(properties.Progress)) (properties.Exploration, error) {
	asked := spec
	asked.Corpus = "" // what is found is saved here
	name := id + ", " + plural(len(spec.Cases), "case")
	if spec.Parts > 0 {
		name += fmt.Sprintf(", part %d of %d", spec.Part+1, spec.Parts)
	}
	t := &task{Name: name, Property: id, Explore: &asked, Patience: r.Patience, Memory: r.Memory}
	a, err := r.Submitter.do(ctx, t, progress)
	if err != nil {
		return properties.Exploration{}, err
	}
	var x properties.Exploration
	if a.Exploration != nil {
		x = *a.Exploration
	}
	err = a.err()
	if x.Failure != nil && err == nil {
		err = x.Failure.Save(spec.Corpus)
	}
	return x, err
}

// plural is "1 case" or "2 cases".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
