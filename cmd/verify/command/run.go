package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/properties"
	"synchrony/properties/campaign"
	"synchrony/properties/isolate"
	"synchrony/reports"
	"synchrony/reports/history"
	"synchrony/reports/results"
)

// defaultIterations is how many cases each property gets unless told otherwise.
const defaultIterations = 200

// defaultHangTimeout is how long a property may show no sign of life.
const defaultHangTimeout = 30 * time.Second

// defaultCorpus is the folder of counterexamples.
const defaultCorpus = "counterexamples"

// runOptions is the command line of verify run.
type runOptions struct {
	words       []string // the properties or groups asked for
	iterations  int      // 0 is as many as fit into time
	seed        uint64
	corpus      string
	hangTimeout time.Duration
	rerunFailed bool // words are those of the last run that did not pass
	smoke       bool // what has to happen sometimes need not
	keepGoing   bool // after a violation
	require     results.Requirements
	since       string // a revision: only what has changed since
	watching    bool
	shrinkTime  time.Duration // 0 is as long as it takes, or fits into time
	foreign     foreignOptions
	campaignOptions
}

// runCommand tests properties.
func (a *app) runCommand() *cobra.Command {
	var o runOptions
	var shard string
	cmd := &cobra.Command{
		Use:   "run [PROPERTY…]",
		Short: "Test properties on random cases, each under many schedules",
		Long: `Test properties on random cases, each under many schedules. A PROPERTY is an ID
or a group ("verify list" names them); without any, all are tested but those of
the groups "broken", whose systems are broken on purpose, and "proof", which
replays what verify prove has refuted.

Each property first replays its known counterexamples in --corpus, then tests
--iterations cases. The first violation is shrunk, saved in --corpus, and
replayed from what was saved; with --keep-going, so is the first of each cause.
Properties run in child processes, so a system that crashes or hangs is a
verdict, and the run goes on.

The same seed gives the same cases, verdicts and counterexamples, whatever
--jobs. With --time and no --iterations, there are as many cases as fit. The
properties share the time fairly; what one does not need, those after it get. A
tenth of each share is left for shrinking, which ends on time, too; only a
system that hangs is waited for, as long as --hang-timeout says.

With --system, what is tested is a program in any language, that takes workloads of
a --kind and answers what it showed, as lines of JSON. One with a deterministic
scheduler is searched, minimised and replayed by schedules as any other system.

A terminal shows how far each property has come; elsewhere, and where CI is set,
standard error has a line now and then. Ctrl-C ends the run with what it has.

--since REV tests only the properties whose code, as the go command says what it
is made of, differs from that of a revision: for a pull request. --watch builds
this program and runs it again whenever such a file changes. Both are for the
module that the working directory is in.

--require-cases, --require-complete and --require-label say what must have been
tested, here or in verify.yaml: below that, a run in which nothing failed is
inconclusive, and says what was missed.

Exit codes: 0 all passed; 1 a property was violated; 2 wrong use, or the harness
itself failed; 3 inconclusive. A violation outweighs the others.`,
		Example: `  verify run
  verify run S5 S7 --iterations 1000 --seed 1
  verify run batch --time 10m --json result.json
  verify run S6 --html report.html       what happened, drawn, in a page of its own
  verify run --quiet                     what did not pass, and the verdict
  verify run -n 5 --smoke                a few cases of each, which only must not fail
  verify run --since main                what a branch has changed
  verify run batch --watch               while you work on it
  verify run --time 1h --keep-going      several causes in one night
  verify run S6 --verbose                all counts, evidence and stories
  verify run broken-lost-update          a demonstration of a counterexample
  verify run --system ./my-executor --kind batch    a program in any language`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.words = args
			if err := o.complete(cmd); err != nil {
				return err
			}
			if o.rerunFailed {
				if len(args) > 0 {
					return wrongUse(cmd, "--rerun-failed says which properties are tested, and so does %q", args[0])
				}
				if err := a.failedLast(cmd, &o); err != nil {
					return err
				}
			}
			if cmd.Flags().Changed("shard") {
				if err := o.completeShard(cmd, shard); err != nil {
					return err
				}
			}
			if err := a.use(cmd.Context(), cmd, &o.foreign, o.hangTimeout); err != nil {
				return err
			}
			return a.runNow(cmd, &o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&shard, "shard", "", "run `part` i/n of each property's cases, for verify merge; auto/n is the pod of an Indexed Job in Kubernetes")
	o.outputs = a.outputFlags(f)
	unrepeated(f, "shard") // the line ends with it: see results.Shard.Flag
	o.outputs.liveFlags(f)
	o.store.flags(f)
	o.store.noneFlag(f)
	o.flags(f)
	return cmd
}

// flags adds the flags that say what to run, and what to print.
func (o *runOptions) flags(f *pflag.FlagSet) {
	o.caseFlags(f)
	f.DurationVar(&o.time, "time", 0, "end after this time, which the properties share, with what was tested until then")
	f.IntVar(&o.jobs, "jobs", 0, "properties that run at once (default: as many as processors)")
	f.BoolVar(&o.rerunFailed, "rerun-failed", false, "test the properties that did not pass in the last run that was kept, with its seed and as many cases unless --seed, --iterations or --time says otherwise; all, if all did")
	f.StringVar(&o.since, "since", "", "test the properties whose code has changed since this `revision` of Git, or whose known counterexamples have")
	f.BoolVar(&o.watching, "watch", false, "build and run anew whenever a file changes: the properties whose code it is a part of")
	o.keepGoingFlag(f)
	f.IntVar(&o.require.Cases, "require-cases", 0, "inconclusive if a property got fewer cases (default: nothing is required)")
	f.IntVar(&o.require.Complete, "require-complete", 0, "inconclusive if fewer `percent` of the cases were tried on every schedule (default: nothing is required)")
	f.StringArrayVar(&o.require.Labels, "require-label", nil, "inconclusive if no case has this `label` of the tables of --verbose, or met what it names that has to happen sometimes; again for each")
	f.Lookup("shrink-time").Usage = "end shrinking after this time, with the smallest found until then (default: when nothing is smaller, or the property's share of --time is over)"
	o.foreign.flags(f)
	unrepeated(f, "jobs", "rerun-failed", "since", "watch")
}

// keepGoingFlag adds the flag that says what follows a violation.
func (o *runOptions) keepGoingFlag(f *pflag.FlagSet) {
	f.BoolVar(&o.keepGoing, "keep-going", false, "test each property to its last case, whatever fails before, unless its process dies: one counterexample for each cause")
}

// caseFlags adds those that mean the same wherever the cases are tested.
func (o *runOptions) caseFlags(f *pflag.FlagSet) {
	f.IntVarP(&o.iterations, "iterations", "n", defaultIterations, "cases for each property")
	f.Uint64Var(&o.seed, "seed", 0, "seed of the cases (default: a random one, which is printed)")
	f.BoolVar(&o.smoke, "smoke", false, "only nothing must fail: a property that never met what it is about passes, too, as with few cases it may")
	f.StringVar(&o.corpus, "corpus", defaultCorpus, "`folder` of counterexamples, replayed first; new ones are saved there")
	f.DurationVar(&o.shrinkTime, "shrink-time", 0, "end shrinking after this time, with the smallest found until then (default: when nothing is smaller)")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print what did not pass and the verdict, and show no progress")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "print all counts, all evidence, and what happened in each counterexample")
	f.DurationVar(&o.hangTimeout, "hang-timeout", defaultHangTimeout, "how long a property may show no sign of life")
	unrepeated(f, "quiet", "verbose")
}

// complete checks the options, and fills in what was not given.
func (o *runOptions) complete(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	switch {
	case o.iterations < 1:
		return wrongUse(cmd, "--iterations is %d, and must be at least 1", o.iterations)
	case o.watching && (o.rerunFailed || o.since != "" || given("shard") || given("system")):
		return wrongUse(cmd, "--watch says which properties are tested, and goes with none of --since, --rerun-failed, --shard and --system")
	case o.since != "" && (o.rerunFailed || given("system")):
		return wrongUse(cmd, "--since says which properties are tested, and goes with neither --rerun-failed nor --system")
	case given("since") && o.since == "":
		return wrongUse(cmd, "--since must name a revision of Git, such as main or HEAD~3")
	case o.require.Cases < 0:
		return wrongUse(cmd, "--require-cases is %d, and must be at least 0", o.require.Cases)
	case o.require.Complete < 0 || o.require.Complete > 100:
		return wrongUse(cmd, "--require-complete is %d, and must be a share in percent, from 0 to 100", o.require.Complete)
	case given("shrink-time") && o.shrinkTime <= 0:
		return wrongUse(cmd, "--shrink-time is %v, and must be more than 0", o.shrinkTime)
	}
	if given("time") && !given("iterations") {
		o.iterations = 0
	}
	return o.campaignOptions.complete(cmd, &o.seed, o.corpus, o.hangTimeout)
}

// selected returns the properties that the words name.
func (a *app) selected(cmd *cobra.Command, words []string) ([]properties.Testable, error) {
	checks, err := a.registry.Select(words...)
	var unknown *properties.UnknownPropertyError
	if errors.As(err, &unknown) {
		return nil, wrongUse(cmd, "there is no property or group %s", a.otherWords(unknown.Word))
	}
	if err == nil && len(checks) == 0 {
		return nil, wrongUse(cmd, "no property is selected")
	}
	return checks, err
}

// runNow is verify run of what is to be tested: now, or whenever something has changed.
func (a *app) runNow(cmd *cobra.Command, o *runOptions) error {
	switch {
	case o.watching:
		return a.watch(cmd, o)
	case o.since == "":
		return a.run(cmd, o)
	}
	any, err := a.reachedSince(cmd, o)
	if err != nil {
		return err
	}
	if !any {
		fmt.Fprintf(a.stdout, "nothing to test: no property's code has changed since %s\n", o.since)
		return nil
	}
	return a.run(cmd, o)
}

// run is verify run, once its options are known to be right.
func (a *app) run(cmd *cobra.Command, o *runOptions) error {
	checks, runner, remove, err := a.prepare(cmd, o)
	if err != nil {
		return err
	}
	defer remove()
	began := time.Now()
	c := o.campaign(checks, a.program())
	c.Runner = runner
	report := o.report(cmd, c)
	err = a.launch(cmd, c, report, &o.campaignOptions, began)
	a.tellLabels(report)
	return err
}

// prepare selects the properties, makes who runs them in child processes here, and checks that what comes of it can be written. In the end, remove
// removes the folder of counterexamples if it was made in vain.
func (a *app) prepare(cmd *cobra.Command, o *runOptions) (checks []properties.Testable, runner *isolate.Runner, remove func(), err error) {
	if checks, err = a.selected(cmd, o.words); err != nil {
		return nil, nil, nil, err
	}
	if runner, err = a.newRunner(o.hangTimeout); err != nil {
		return nil, nil, nil, err
	}
	if remove, err = openCorpus(o.corpus); err != nil {
		return nil, nil, nil, err
	}
	if err = errors.Join(o.outputs.check(cmd), o.store.check()); err != nil {
		remove()
		return nil, nil, nil, err
	}
	return checks, runner, remove, nil
}

// campaign is what is to be run, but for who runs it.
func (o *runOptions) campaign(checks []properties.Testable, program string) *campaign.Campaign {
	first, count := o.shard.Cases(o.iterations)
	return &campaign.Campaign{
		Properties: infos(checks), Part: !o.shard.Whole() || o.smoke,
		Spec: properties.Spec{Seed: o.seed, First: first, Count: count, Budget: properties.DefaultBudget, Corpus: o.corpus, Program: program, ShrinkTime: o.shrinkTime, KeepGoing: o.keepGoing},
	}
}

// report is what a report of the campaign begins with.
func (o *runOptions) report(cmd *cobra.Command, c *campaign.Campaign) *results.Run {
	return &results.Run{Command: repeatLine(cmd, o.words, "iterations", "seed") + o.shard.Flag(), Seed: o.seed, Iterations: o.iterations, Budget: c.Spec.Budget, Smoke: o.smoke, KeepGoing: o.keepGoing, Require: o.require}
}

// failedLast selects what did not pass in the last run that was kept, with the cases that it had there, unless the command line says which; all, if all did.
func (a *app) failedLast(cmd *cobra.Command, o *runOptions) error {
	return o.store.use(cmd.Context(), func(s *history.Store) error {
		id, last, err := lastOfProperties(cmd.Context(), s)
		if err != nil {
			return err
		}
		cases := last.Iterations
		for i := range last.Properties {
			p := &last.Properties[i]
			if _, known := a.registry.Lookup(p.Info.ID); known && p.Status() != reports.Pass {
				o.words = append(o.words, p.Info.ID)
				cases = max(cases, p.Result.Cases) // of a run that had as many as fit into its time
			}
		}
		if len(o.words) == 0 {
			fmt.Fprintf(a.stderr, "verify: nothing failed in run %d, the last one that was kept: all properties are tested\n", id)
			return nil
		}
		fmt.Fprintf(a.stderr, "verify: again what did not pass in run %d, of %s\n", id, last.Began.Local().Format("2 January 2006, 15:04:05"))
		given := cmd.Flags().Changed
		if !given("seed") {
			o.seed = last.Seed
		}
		if !given("iterations") && !given("time") {
			o.iterations = max(cases, 1)
		}
		return nil
	})
}

// lastOfProperties is the last run of properties that was kept, with its number: the history has runs of Go tests, too.
func lastOfProperties(ctx context.Context, s *history.Store) (int64, *results.Run, error) {
	entries, err := s.Runs(ctx, "", history.Keep)
	if err != nil {
		return 0, nil, err
	}
	for _, e := range entries {
		run, err := s.Run(ctx, e.ID)
		if err != nil {
			return 0, nil, err
		}
		if run.Subject == results.Properties {
			return e.ID, run, nil
		}
	}
	return 0, nil, errors.New("no run of properties was kept yet")
}

// openCorpus makes sure that counterexamples can be saved, before anything runs.
// The function it returns removes the folder again if it is new and stayed empty.
func openCorpus(folder string) (remove func(), err error) {
	_, err = os.Stat(folder)
	isNew := errors.Is(err, os.ErrNotExist)
	if err := properties.CheckFolder(folder); err != nil {
		return nil, fmt.Errorf("counterexamples cannot be saved in %s: %w; name another folder with --corpus", folder, err)
	}
	return func() {
		if isNew {
			_ = os.Remove(folder) // fails if there is anything in it, as it should
		}
	}, nil
}

func infos(checks []properties.Testable) []properties.Info {
	all := make([]properties.Info, len(checks))
	for i, check := range checks {
		all[i] = check.Info()
	}
	return all
}
