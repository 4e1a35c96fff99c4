package command

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/executor/sched"
	"synchrony/models/batch"
	"synchrony/properties"
	"synchrony/properties/campaign"
	"synchrony/reports"
	"synchrony/reports/results"
)

// exploreOptions is the command line of verify explore.
type exploreOptions struct {
	foreign      foreignOptions
	all          bool
	accounts     int
	transactions int
	workers      int
	timeout      time.Duration
	property     string
	preemptions  int
	symmetry     bool
	schedules    int
	time         time.Duration
	memory       int       // MB
	began        time.Time // the exploration, in whichever process
	jobs         int
	state        string
	corpus       string
	hangTimeout  time.Duration
	json         bool
	farm         *farmOptions // nil is this machine

	given func(flag string) bool
}

// exploreCommand runs every schedule of one case, or of every case of a small scope.
func (a *app) exploreCommand() *cobra.Command {
	var o exploreOptions
	cmd := &cobra.Command{
		Use:   "explore [FILE]",
		Short: "Run every schedule of one case, or of every batch of a small scope",
		Long: `Run every schedule of the batch (*.ae), the program (*.zxasm), or the case in the
counterexample (*.txtar) in a file, and judge each run. Of schedules that differ only
in the order of independent steps, one is run (dynamic partial order reduction), so
"complete" means: whatever the scheduler does, this case passes. Timers may fire at
any point.

With --all, every batch of a small scope instead of one in a file: each sequence of
up to --transactions calls that read and write --accounts accounts in every
combination, up to renaming accounts.

A batch or program is held to the property S or V, all properties of an execution
at once, and to what a program's text expects (.expect); a counterexample, to its own.
The first violation ends the exploration; its schedule is shrunk and saved for verify
replay. Each outcome is listed with the number of schedules that have it.

A system that runs on goroutines of its own, or does not do the same on the same
schedule, is not under control: that is said, and it is run as it comes.

With --state, an exploration that was interrupted, or whose --time was over, goes
on where it stopped. What it comes to does not depend on that,
nor on --jobs. A case that has run as many schedules as --schedules allows is
done, and leaves no state.

Exit codes: 0 complete, and every run passed; 1 a violation; 2 bad input; 3 not
complete, or a checker could not decide.`,
		Example: `  verify explore transfers.ae --workers 2
  verify explore sum.zxasm
  verify explore counterexamples/S6-read-write-race-097c5e63.txtar
  verify explore transfers.ae --preemptions 2      at most two: for larger cases
  verify explore --all --accounts 2 --transactions 3 --workers 2
  verify explore transfers.ae --time 1h --state transfers.state`,
		Args: func(cmd *cobra.Command, args []string) error {
			if o.all {
				return none(cmd, args)
			}
			return exactlyOne("file, or --all for every batch of a small scope")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.given = cmd.Flags().Changed
			if err := o.check(cmd); err != nil {
				return err
			}
			if err := a.use(cmd.Context(), cmd, &o.foreign, o.hangTimeout); err != nil {
				return err
			}
			return a.explore(cmd, &o, args)
		},
	}
	f := cmd.Flags()
	o.caseFlags(f)
	f.DurationVar(&o.time, "time", 0, "end after this time, with what was explored until then")
	f.IntVar(&o.jobs, "jobs", 0, "batches of the scope, or parts of a case, that are explored at once (default: as many as processors)")
	f.StringVar(&o.state, "state", "", "go on from this `file` if there is one, and write it if there is more to explore")
	o.foreign.flags(f)
	return cmd
}

// caseFlags adds those that mean the same wherever the cases are explored.
func (o *exploreOptions) caseFlags(f *pflag.FlagSet) {
	f.BoolVar(&o.all, "all", false, "explore every batch of a small scope")
	f.IntVar(&o.accounts, "accounts", 2, "of each batch of the scope, with --all")
	f.IntVar(&o.transactions, "transactions", 2, "of the largest batches of the scope, with --all")
	f.IntVar(&o.workers, "workers", 2, "size of the worker pool")
	f.Var((*timeoutFlag)(&o.timeout), "timeout", "of a batch or program, or none for a batch (default: that of verify exec; one that may strike makes many more schedules)")
	f.StringVar(&o.property, "property", "", "hold the case to this `property` (default: S for a batch, V for a program, its own for a counterexample)")
	f.IntVar(&o.preemptions, "preemptions", -1, "bound on how often a task that could go on has to wait (default: none)")
	f.BoolVar(&o.symmetry, "symmetry", false, "take workers of the same pool that have not begun to work for one another: fewer schedules, and sound only if workers treat one another alike")
	f.IntVar(&o.schedules, "schedules", 0, "bound on the schedules of each case (default: none)")
	f.IntVar(&o.memory, "memory", 0, "how many `MB` each process that explores may take (default: any); past it the case is not judged")
	f.StringVar(&o.corpus, "corpus", defaultCorpus, "`folder` to save a counterexample in")
	f.DurationVar(&o.hangTimeout, "hang-timeout", 30*time.Second, "how long a case may show no sign of life")
	f.BoolVar(&o.json, "json", false, "print the result as JSON")
}

// check refuses options that make no sense.
func (o *exploreOptions) check(cmd *cobra.Command) error {
	for _, flag := range []string{"accounts", "transactions"} {
		if !o.all && o.given(flag) {
			return wrongUse(cmd, "--%s is for --all, not for a file", flag)
		}
	}
	switch {
	case o.all && o.given("property"):
		return wrongUse(cmd, "--property is for a file; the batches of a scope are held to S")
	case o.workers < 1:
		return wrongUse(cmd, "--workers is %d, and must be at least 1", o.workers)
	case o.given("preemptions") && o.preemptions < 0:
		return wrongUse(cmd, "--preemptions is %d, and must be at least 0", o.preemptions)
	case o.given("schedules") && o.schedules < 1:
		return wrongUse(cmd, "--schedules is %d, and must be at least 1", o.schedules)
	case o.given("timeout") && o.timeout <= 0 && o.timeout != batch.NoTimeout:
		return wrongUse(cmd, "--timeout is %v, and must be more than 0, or none", o.timeout)
	case o.given("time") && o.time <= 0:
		return wrongUse(cmd, "--time is %v, and must be more than 0", o.time)
	case o.given("memory") && o.memory < 1:
		return wrongUse(cmd, "--memory is %d, and must be at least 1", o.memory)
	case o.farm == nil && o.given("jobs") && o.jobs < 1:
		return wrongUse(cmd, "--jobs is %d, and must be at least 1", o.jobs)
	case o.hangTimeout <= 0:
		return wrongUse(cmd, "--hang-timeout is %v, and must be more than 0", o.hangTimeout)
	case o.corpus == "":
		return wrongUse(cmd, "--corpus must name a folder")
	}
	if o.jobs == 0 {
		o.jobs = runtime.NumCPU()
	}
	return checkOutput(o.state)
}

func (o *exploreOptions) bounds() sched.Bounds {
	return sched.Bounds{Preemptions: o.preemptions, Schedules: o.schedules, Symmetric: o.symmetry}
}

// explore is verify explore, once its options are known to be right.
func (a *app) explore(cmd *cobra.Command, o *exploreOptions, args []string) error {
	var s campaign.Subject
	var err error
	o.began = campaign.Began(o.state)
	if o.all {
		s, err = a.scope(cmd, o)
	} else {
		s, err = a.subjectOf(cmd, o, args[0])
	}
	if err != nil {
		return err
	}
	remove, err := openCorpus(o.corpus)
	if err != nil {
		return err
	}
	defer remove()
	runner, conclude, err := a.explorer(cmd, o, args)
	if err != nil {
		return err
	}
	began := time.Now()
	x := &campaign.Exploration{
		Runner: runner, Subject: s, Jobs: o.jobs, Began: o.began, Meter: campaign.NewMeter(),
		Spec: properties.ExploreSpec{Bounds: o.bounds(), Corpus: o.corpus, Program: a.program()},
	}
	if o.time > 0 {
		x.Spec.Deadline = began.Add(o.time)
	}
	build := ""
	if o.state != "" {
		if build, err = identity(); err == nil {
			err = x.Load(o.state, build)
		}
		if err != nil {
			return err
		}
	}
	stop := newDisplay(a.stderr, explorationLines(x)).start()
	result, err := x.Run(cmd.Context())
	stop()
	conclude()
	var unsaved *properties.SaveError
	if err != nil && !errors.As(err, &unsaved) {
		return err
	}
	check, _ := a.registry.Lookup(s.Property)
	e := &results.Exploration{
		Subject: s.Title, Property: check.Info(), Cases: s.Cases, Preemptions: o.preemptions, Limit: o.schedules,
		Result: result, Interrupted: cmd.Context().Err() != nil, State: o.state, Elapsed: time.Since(began),
	}
	if unsaved != nil && result.Failure == nil {
		f := unsaved.Failure()
		e.Result.Failure = &f
	}
	if o.state != "" && e.Status() != reports.Fail {
		if err := x.Save(o.state, build, !e.GoesOn()); err != nil {
			return err
		}
	}
	return a.showExploration(o, e, unsaved)
}

// explorer is what explores cases, and what is to be called when all is explored.
func (a *app) explorer(cmd *cobra.Command, o *exploreOptions, args []string) (campaign.Explorer, func(), error) {
	if o.farm != nil {
		return a.farmExplorer(cmd, o, args)
	}
	runner, err := a.newRunner(o.hangTimeout)
	if err != nil {
		return nil, nil, err
	}
	runner.Memory = int64(o.memory) << 20
	return runner, func() {}, nil
}

// showExploration prints the result, and turns it into the exit code.
func (a *app) showExploration(o *exploreOptions, e *results.Exploration, unsaved *properties.SaveError) error {
	show := func() error { return results.ExplorationText(a.stdout, e, a.wantsColour(a.stdout)) }
	if o.json {
		show = func() error { return results.ExplorationJSON(a.stdout, e) }
	}
	if err := show(); err != nil {
		return err
	}
	if unsaved != nil {
		fmt.Fprintf(a.stderr, "verify: %v\n", unsaved)
	}
	return exit(statusCode(e.Status()))
}

// timeoutFlag is a duration, or "none"; 0 is the default.
type timeoutFlag time.Duration

// Set implements [pflag.Value].
func (f *timeoutFlag) Set(text string) error {
	if text == "none" {
		*f = timeoutFlag(batch.NoTimeout)
		return nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return err
	}
	if d == batch.NoTimeout {
		d-- // which is refused, too, and is not none
	}
	*f = timeoutFlag(d)
	return nil
}

// String implements [pflag.Value].
func (f *timeoutFlag) String() string {
	switch *f {
	case 0:
		return ""
	case timeoutFlag(batch.NoTimeout):
		return "none"
	}
	return time.Duration(*f).String()
}

// Type implements [pflag.Value].
func (*timeoutFlag) Type() string { return "duration" }
