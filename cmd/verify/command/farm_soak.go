package command

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
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

// momentOf is the moment that --until names, which is to come.
func momentOf(text string, now time.Time) (time.Time, error) {
	if d, err := time.ParseDuration(text); err == nil {
		if d <= 0 {
			return time.Time{}, errors.New("it must be more than 0")
		}
		return now.Add(d), nil
	}
	if t, err := time.ParseInLocation("15:04", text, now.Location()); err == nil {
		at := time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), 0, 0, now.Location())
		if !at.After(now) {
			at = at.AddDate(0, 0, 1)
		}
		return at, nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, text, now.Location()); err == nil {
			if !t.After(now) {
				return time.Time{}, errors.New("that is over")
			}
			return t, nil
		}
	}
	return time.Time{}, errors.New("it is neither a time of the day, as 06:30, nor a moment, as 2030-01-31T06:30, nor how long, as 8h")
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
	fmt.Fprintf(a.stdout, "soak: %s, seed %d is next; %s known, in %s\n", reports.PluralOf(len(all), "property", "properties"), memory.Next, reports.Plural(len(memory.Causes), "cause"), o.memory)
	rounds, fresh := 0, 0
	away := ""
	for ctx.Err() == nil {
		r := memory.Round(all, changed, o.iterations)
		began := time.Now()
		run, list, err := a.soakRound(ctx, cmd, o, r, local)
		if err != nil && rounds > 0 && ctx.Err() == nil { // it was in order before: a server may be away
			if text := err.Error(); text != away {
				away = text
				fmt.Fprintf(a.stderr, "verify: the next round waits: %s\n", reports.Legible(text))
			}
			select {
			case <-time.After(awayTime):
			case <-ctx.Done():
			}
			continue
		}
		away = ""
		finished := err == nil && ctx.Err() == nil && run != nil && !run.Interrupted
		news := memory.Take(r, list, build, finished, began, time.Now())
		fresh += len(news)
		a.tellRound(o, run, r, news, memory)
		a.tellHook(cmd.Context(), o, memory, news)
		if err := errors.Join(err, memory.Save()); err != nil {
			return err
		}
		if broken := brokenOf(list); broken != nil && finished {
			return broken
		}
		if finished {
			rounds++
			a.keep(cmd.Context(), &o.store, run)
		}
		if o.first && fresh > 0 {
			break
		}
	}
	fmt.Fprintf(a.stdout, "soak: %s, %s, %s known; the next seed is %d\n", reports.Plural(rounds, "round"), reports.Plural(fresh, "new cause"), reports.Plural(len(memory.Causes), "cause"), memory.Next)
	switch {
	case fresh > 0:
		return exit(exitViolated)
	case rounds == 0:
		return exit(exitInconclusive)
	}
	return nil
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
	if err := f.close(ctx, true); err != nil { // the next campaign is another one
		f.notes.say(err.Error())
	}
	return run, list, nil
}

// roundLine is the command line that repeats a round on one machine.
func roundLine(cmd *cobra.Command, o *soakOptions, r soak.Round) string {
	line := cmd.Root().Name() + " run"
	if r.Priority || len(o.words) > 0 {
		for _, id := range r.Properties {
			line += " " + reports.Quote(id)
		}
	}
	line += fmt.Sprintf(" --iterations %d --seed %d --keep-going", r.Cases, r.Seed)
	if o.corpus != defaultCorpus {
		line += " --corpus " + reports.Quote(o.corpus)
	}
	return line
}

// tellRound prints what came of a round: a line, and what is new in full.
func (a *app) tellRound(o *soakOptions, run *results.Run, r soak.Round, news []soak.Found, memory *soak.Memory) {
	if run == nil {
		return
	}
	cases, schedules, undecided := 0, 0, 0
	for i := range run.Properties {
		p := &run.Properties[i]
		cases, schedules = cases+p.Result.Cases, schedules+p.Result.Schedules
		if p.Status() == reports.Inconclusive {
			undecided++
		}
	}
	line := fmt.Sprintf("round %d, seed %d: %s, %s, %s, %.0f s", memory.Rounds, r.Seed,
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
	} else if o.quiet {
		return
	} else {
		line += ": nothing new"
	}
	fmt.Fprintln(a.stdout, line)
	told := results.NewText(a.stdout, a.wantsColour(a.stdout))
	told.Detail, told.Width = o.detail(), width(a.stdout)
	for i := range news {
		f := &news[i]
		if f.Again {
			fmt.Fprintf(a.stdout, "%v had gone, and is back:\n", f.Failure.Group(f.Info.ID))
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

// hookTime bounds one call of a webhook.
const hookTime = 10 * time.Second

// newCause is what a webhook gets.
type newCause struct {
	Tool           string   `json:"tool"`
	Build          string   `json:"build"`
	Property       string   `json:"property"`
	Statement      string   `json:"statement"`
	Checker        string   `json:"checker"`
	Rule           string   `json:"rule"`
	Reason         string   `json:"reason"`
	Seed           uint64   `json:"seed"`
	File           string   `json:"file,omitempty"`
	Counterexample string   `json:"counterexample,omitempty"`
	Story          []string `json:"story,omitempty"` // what happened
	Again          bool     `json:"again,omitempty"` // it had gone
}

// tellHook tells the webhook of causes that it has not heard of; those of earlier rounds by what is remembered of them.
func (a *app) tellHook(ctx context.Context, o *soakOptions, memory *soak.Memory, news []soak.Found) {
	for i := range memory.Causes {
		c := &memory.Causes[i]
		if !c.Untold {
			continue
		}
		if o.webhook == "" {
			c.Untold = false
			continue
		}
		message := newCause{
			Tool: "verify " + version(), Build: c.Last.Build, Property: c.Property, Checker: c.Checker, Rule: c.Rule, Seed: c.Last.Seed, File: c.Last.File,
			Again: c.Times > 1 && c.First != c.Last,
		}
		if info, known := a.registry.Lookup(c.Property); known {
			message.Statement = info.Info().Statement
		}
		text := ""
		if at := slices.IndexFunc(news, func(f soak.Found) bool { return f.Failure.Group(f.Info.ID) == c.Group() }); at >= 0 {
			message.Reason, message.Again, text = news[at].Failure.RootCause().Reason, news[at].Again, news[at].Failure.Text
		} else if data, err := properties.ReadFile(c.Last.File); err == nil {
			text = string(data)
		}
		if x, err := properties.ParseCounterexample(c.Last.File, []byte(text)); text != "" && err == nil {
			message.Counterexample, message.Story, message.Reason = text, x.Story, cmp.Or(message.Reason, x.Reason)
		}
		if err := post(ctx, o.webhook, message); err != nil {
			fmt.Fprintf(a.stderr, "verify: the webhook has not heard of %s, %v: %v\n", c.Property, c.Group(), err)
			return // the others are told with it, after the next round
		}
		c.Untold = false
	}
}

// post sends a message as JSON.
func post(ctx context.Context, to string, message any) error {
	data, err := json.Marshal(message)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), hookTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(data))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		return fmt.Errorf("it answers %s", answer.Status)
	}
	return nil
}
