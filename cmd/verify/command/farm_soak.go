package command

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"synchrony/properties"
	"synchrony/properties/campaign"
	"synchrony/properties/campaign/soak"
	"synchrony/properties/farm"
	"synchrony/reports"
	"synchrony/reports/results"
)

// soakOptions is the command line of verify farm soak.
type soakOptions struct {
	runOptions
	farm    farmOptions
	until   string // as it was given
	end     time.Time
	memory  string
	webhook string
	first   bool // end at the first new cause
}

// farmSoakCommand tests for ever.
func (a *app) farmSoakCommand() *cobra.Command {
	var o soakOptions
	cmd := &cobra.Command{
		Use:   "soak [PROPERTY…]",
		Short: "Test properties with new seeds for ever, and tell of what is new",
		Long: `Test properties round after round, each with a seed that none had before, on a farm:
see "verify farm". What was tried, and why properties failed, is remembered in --memory:
a failure is told once, whichever properties and seeds show its cause again. A cause that
a later build of the program did not show any more is new when it comes back.

Every second round is of the properties that deserve more: those whose code differs
from that of --since, that have failed before, or that rarely met what they are about.
They get the cases that a round of all would have had, up to ten times as many each.

The command ends at --until, when it is interrupted, or, with --first, with the first new
cause. What a round that was ended has found counts; its seed is used again.

--webhook gets a POST for each new cause: JSON with property, statement, checker, rule,
reason, seed, build, file, counterexample, and what happened, line by line. What could not
be told is told after the next round.

Exit codes: 0 nothing new failed; 1 something did; 2 wrong use, or the harness itself
failed; 3 no round came to its end.`,
		Example: `  verify farm soak --until 06:30                       this machine, until tomorrow morning
  verify farm soak batch --until 8h --since main       more of what a branch has changed
  verify farm soak --server nats://farm:4222 --webhook https://chat.example/hook
  verify farm soak S6 -n 50 --until 1m --first         a minute, or until something fails`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.words, o.jobs, o.keepGoing = args, 1, true // of the farm's workers, farm has the number
			if err := cmp.Or(o.farm.check(cmd), o.completeSoak(cmd, time.Now())); err != nil {
				return err
			}
			return a.soak(cmd, &o)
		},
	}
	f := cmd.Flags()
	o.outputs = &outputs{}
	o.caseFlags(f)
	f.Lookup("iterations").Usage = "cases for each property, in a round of all"
	f.Lookup("seed").Usage = "seed of the first round, if the memory has none; the next round's is one more"
	f.StringVar(&o.until, "until", "", "end then: a `time` of the day as 06:30, a moment as 2030-01-31T06:30, or after a while as 8h (default: when it is interrupted)")
	f.StringVar(&o.memory, "memory", "", "`file` that remembers seeds and causes (default: soak.json in --corpus)")
	f.StringVar(&o.webhook, "webhook", "", "`URL` that is told of each new cause")
	f.BoolVar(&o.first, "first", false, "end with the first new cause")
	f.StringVar(&o.since, "since", "", "test the properties more whose code has changed since this `revision` of Git")
	unrepeated(f, "until", "memory", "webhook", "first", "since")
	o.store.flags(f)
	o.store.noneFlag(f)
	o.farm.flags(f)
	return cmd
}

// completeSoak checks the options, and fills in what was not given.
func (o *soakOptions) completeSoak(cmd *cobra.Command, now time.Time) error {
	given := cmd.Flags().Changed
	if given("until") {
		end, err := momentOf(o.until, now)
		if err != nil {
			return wrongUse(cmd, "--until %s: %v", o.until, err)
		}
		o.end = end
	}
	if given("webhook") {
		if u, err := url.Parse(o.webhook); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return wrongUse(cmd, "--webhook %q is no address that begins with http:// or https://", o.webhook)
		}
	}
	if !given("memory") {
		o.memory = filepath.Join(o.corpus, "soak.json")
	}
	if err := o.complete(cmd); err != nil {
		return err
	}
	if !given("seed") {
		o.seed = 1
	}
	return nil
}

// awayTime is how long a round waits that could not begin, until it is tried again.
const awayTime = 10 * time.Second

// soak is verify farm soak, once its options are known to be right.
func (a *app) soak(cmd *cobra.Command, o *soakOptions) error {
	checks, local, remove, err := a.prepare(cmd, &o.runOptions)
	if err != nil {
		return err
	}
	defer remove()
	memory, err := soak.Open(o.memory)
	if err != nil {
		return err
	}
	defer memory.Close()
	if memory.Next == 0 {
		memory.Next = o.seed
	}
	build, err := identity()
	if err != nil {
		return err
	}
	var all, changed []string
	for _, c := range checks {
		all = append(all, c.Info().ID)
	}
	if o.since != "" {
		if changed, err = a.changedSince(cmd.Context(), checks, o.since, o.corpus); err != nil {
			return err
		}
	}
	if err := memory.Save(); err != nil { // before anything runs
		return fmt.Errorf("nothing can be remembered in %s: %w; name another file with --memory", o.memory, err)
	}
	ctx := cmd.Context()
	if !o.end.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, o.end)
		defer cancel()
	}
	s := &soaking{app: a, o: o, memory: memory, build: build, all: all, changed: changed}
	s.round = func(ctx context.Context, r soak.Round) (*results.Run, []campaign.Outcome, error) {
		return a.soakRound(ctx, cmd, o, r, local)
	}
	s.rest = func(ctx context.Context) { pause(ctx, awayTime) }
	return s.loop(ctx, cmd.Context())
}

// soaking is a soak that is under way.
type soaking struct {
	*app
	o            *soakOptions
	memory       *soak.Memory
	build        string
	all, changed []string // properties, by ID
	// round tests a round. The outcomes are those of the properties that came to an end, or as far as they came; there is no run if it could not begin.
	round func(context.Context, soak.Round) (*results.Run, []campaign.Outcome, error)
	rest  func(context.Context) // until a server that is away is tried again

	rounds  int    // that came to their end
	fresh   int    // new causes
	away    string // what the next round waits for
	unsaved error  // why the memory could not be kept after the last round
}

// loop goes on until ctx is done, or until it cannot; what it has come to is said in any case. Webhooks are told until user is done: that the time is over
// keeps nobody from being told of what the last round has found.
func (s *soaking) loop(ctx, user context.Context) error {
	fmt.Fprintf(s.stdout, "soak: %s, seed %d is next; %s known, in %s\n",
		reports.PluralOf(len(s.all), "property", "properties"), s.memory.Next, reports.Plural(len(s.memory.Causes), "cause"), s.o.memory)
	var broken error
	for ctx.Err() == nil && broken == nil && !(s.o.first && s.fresh > 0) {
		broken = s.next(ctx, user)
	}
	broken = cmp.Or(broken, s.unsaved)
	fmt.Fprintf(s.stdout, "soak: %s, %s, %s known; the next seed is %d\n",
		reports.Plural(s.rounds, "round"), reports.Plural(s.fresh, "new cause"), reports.Plural(len(s.memory.Causes), "cause"), s.memory.Next)
	switch {
	case s.fresh > 0:
		if broken != nil {
			fmt.Fprintf(s.stderr, "verify: %s\n", reports.Legible(broken.Error()))
		}
		return exit(exitViolated)
	case broken != nil:
		return broken
	case s.rounds == 0:
		return exit(exitInconclusive)
	}
	return nil
}

// next tests one round, and takes in what came of it. The error is one that another round would have, too.
func (s *soaking) next(ctx, user context.Context) error {
	r := s.memory.Round(s.all, s.changed, s.o.iterations)
	began := time.Now()
	run, list, err := s.round(ctx, r)
	switch {
	case run == nil && ctx.Err() != nil: // it ended while the round was to begin
		return nil
	case run == nil && s.rounds > 0 && farm.Away(err): // it was there before, and may come back
		if text := err.Error(); text != s.away {
			s.away = text
			fmt.Fprintf(s.stderr, "verify: the next round waits: %s\n", reports.Legible(text))
		}
		s.rest(ctx)
		return nil
	case run == nil:
		return err
	}
	s.away = ""
	news := s.memory.Take(r, list, s.build, !run.Interrupted, began, time.Now())
	s.fresh += len(news)
	s.tellRound(run, r, news)
	s.tellHook(user, s.o, s.memory, news)
	if !run.Interrupted {
		s.rounds++
		s.keep(ctx, &s.o.store, run)
	}
	s.save()
	if run.Interrupted {
		return nil
	}
	return brokenOf(list)
}

// save keeps the memory. What cannot be kept now may be after the next round.
func (s *soaking) save() {
	before := s.unsaved
	if s.unsaved = s.memory.Save(); s.unsaved == nil {
		return
	}
	s.unsaved = fmt.Errorf("what was found cannot be remembered in %s: %w; make room, or make it writable", s.o.memory, s.unsaved)
	if before == nil {
		fmt.Fprintf(s.stderr, "verify: %s\n", reports.Legible(s.unsaved.Error()))
	}
}

// soakRound is one round, as a campaign of its own on the farm. The outcomes are those of the properties that came to an end, or as far as they came.
func (a *app) soakRound(ctx context.Context, cmd *cobra.Command, o *soakOptions, r soak.Round, runner campaign.Runner) (*results.Run, []campaign.Outcome, error) {
	checks, err := a.registry.Select(r.Properties...)
	if err != nil {
		return nil, nil, err
	}
	round := o.runOptions
	round.iterations, round.seed = r.Cases, r.Seed
	c := round.campaign(checks, a.program())
	run := round.report(cmd, c)
	run.Command = roundLine(cmd, o, r)
	f, err := a.openFarm(ctx, &o.farm, run.Command, nil)
	if err != nil {
		return nil, nil, err
	}
	c.Jobs, c.Meter = len(checks), campaign.NewMeter() // workers have tasks of all of them
	c.Runner = &farm.Runner{
		Submitter: f.Submitter, Local: runner, Replays: make(chan struct{}, runtime.NumCPU()), Properties: len(checks),
		Patience: o.hangTimeout, Lookup: a.registry.Lookup,
	}
	d := newDisplay(a.stderr, f.notes.beside(runLines(c, run.Subject, a.wantsColour(a.stderr))))
	f.notes.use(d)
	stop := func() {}
	if !o.quiet {
		stop = d.start()
	}
	run.Tool, run.Environment, run.Began = "verify "+version(), thisEnvironment(), time.Now().Round(0)
	var list []campaign.Outcome
	c.Run(ctx, func(_ int, o campaign.Outcome) {
		list = append(list, o)
		run.Properties = append(run.Properties, results.Property(o))
	})
	stop()
	run.Elapsed, run.Interrupted = time.Since(run.Began), ctx.Err() != nil
	f.notes.use(nil)
	if err := f.close(ctx, true); err != nil { // a round that was ended is tested anew, from its beginning
		f.notes.say(err.Error())
	}
	return run, list, nil
}

// roundLine is the command line that repeats a round on one machine.
func roundLine(cmd *cobra.Command, o *soakOptions, r soak.Round) string {
	words := o.words
	if r.Priority {
		words = r.Properties
	}
	cases, seed := o.iterations, o.seed
	o.iterations, o.seed = r.Cases, r.Seed // the flags' values
	line := repeatLine(cmd, words, "iterations", "seed")
	o.iterations, o.seed = cases, seed
	rest := strings.TrimPrefix(line, cmd.CommandPath())
	return cmd.Root().Name() + " run" + rest + " --keep-going"
}

// tellRound prints what came of a round: a line, and what is new in full.
func (s *soaking) tellRound(run *results.Run, r soak.Round, news []soak.Found) {
	cases, schedules, undecided := 0, 0, 0
	for i := range run.Properties {
		p := &run.Properties[i]
		cases, schedules = cases+p.Result.Cases, schedules+p.Result.Schedules
		if p.Status() == reports.Inconclusive {
			undecided++
		}
	}
	line := fmt.Sprintf("round %d, seed %d: %s, %s, %s, %.0f s", s.memory.Rounds, r.Seed,
		reports.PluralOf(len(r.Properties), "property", "properties"), reports.Plural(cases, "case"), reports.Plural(schedules, "schedule"), run.Elapsed.Seconds())
	switch {
	case run.Interrupted:
		line = fmt.Sprintf("seed %d, ended early: %s, %s", r.Seed, reports.Plural(cases, "case"), reports.Plural(schedules, "schedule"))
	case r.Priority:
		line += ", those with priority"
	}
	if undecided > 0 && !run.Interrupted {
		line += fmt.Sprintf(", %d inconclusive", undecided)
	}
	if len(news) > 0 {
		line += ": " + reports.Plural(len(news), "new cause")
	} else if s.o.quiet {
		return
	} else {
		line += ": nothing new"
	}
	fmt.Fprintln(s.stdout, line)
	told := results.NewText(s.stdout, s.wantsColour(s.stdout))
	told.Detail, told.Width = s.o.detail(), width(s.stdout)
	for i := range news {
		f := &news[i]
		if f.Again {
			fmt.Fprintf(s.stdout, "%v had gone, and is back:\n", f.Failure.Group(f.Info.ID))
		}
		for k := range run.Properties {
			if p := run.Properties[k]; p.Info.ID == f.Info.ID {
				p.Result.Failures = []properties.Failure{*f.Failure}
				told.Property(&p)
			}
		}
	}
}

// brokenOf is the first error of the harness.
func brokenOf(list []campaign.Outcome) error {
	for i := range list {
		if o := &list[i]; o.Err != nil {
			return fmt.Errorf("%s could not be tested: %w", o.Info.ID, o.Err)
		}
	}
	return nil
}
