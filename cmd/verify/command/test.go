package command

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/models/text"
	"synchrony/properties"
	"synchrony/properties/campaign"
	"synchrony/properties/gotest"
	"synchrony/reports"
	"synchrony/reports/results"
)

// defaultSchedules is how many schedules each test gets unless told otherwise.
const defaultSchedules = 1000

// testHangTimeout is how long a test's process may show no sign of life: shrinking a long run is silent.
const testHangTimeout = time.Minute

// testOptions is the command line of verify test.
type testOptions struct {
	gotest.Options
	run      string
	part     string // --shard
	replay   string
	times    int
	debugger string
	campaignOptions
}

// testCommand searches the schedules of ordinary Go tests.
func (a *app) testCommand() *cobra.Command {
	o := testOptions{}
	cmd := &cobra.Command{
		Use:   "test [PACKAGES]",
		Short: "Search the schedules of ordinary Go tests",
		Long: `Search the schedules of ordinary Go tests, of any module, without changing a line of it:
deadlocks, leaked goroutines, panics, failed tests and, with --race, data races, each with a
schedule of few deviations from the default one, in a file that replays.

PACKAGES are named as go test names them (default: the one in this folder). Packages, their
tests and their dependencies outside the standard library are rewritten in a cache and built
there; nothing is written into the module but counterexamples, in --corpus. Known ones are
replayed first. What cannot be taken under control is listed with the reason.

--schedules bounds what is searched. Run beside that are schedules that say whether the test
keeps something from run to run, and those that confirm what was found.

Before any test, planted bugs are searched in the same build: if one is not found, the run
ends with exit code 2, not in control.

A goroutine that is left behind in every schedule is a note; in some of them, or with --leaks,
a failure. A test whose runs do not end within the steps allowed, or are not under control, is
inconclusive. Time is virtual, and passes only when no goroutine can run; with --slow, also
earlier, as on a slow machine, and what fails only then is called slow-only.

Exit codes: 0 all passed; 1 a test failed; 2 wrong use, or not in control; 3 inconclusive;
4 with --replay, a failure that did not reproduce.`,
		Example: `  verify test ./...
  verify test ./pool --run TestClose --schedules 10000
  verify test ./... --race --time 5m
  verify test --replay counterexamples/FILE.txtar
  verify test --replay FILE --exec dlv     the command that debugs this schedule`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Patterns = args
			if err := o.complete(cmd); err != nil {
				return err
			}
			if o.replay != "" {
				return a.replayTestFile(cmd, &o)
			}
			return a.test(cmd, &o)
		},
	}
	o.caseFlags(cmd.Flags())
	o.flags(cmd.Flags())
	o.outputs = a.outputFlags(cmd.Flags())
	o.outputs.liveFlags(cmd.Flags())
	o.store.flags(cmd.Flags())
	o.store.noneFlag(cmd.Flags())
	return cmd
}

// caseFlags adds the flags that say what to search and how, wherever that is, and what to print.
func (o *testOptions) caseFlags(f *pflag.FlagSet) {
	f.StringVar(&o.run, "run", "", "only tests whose names match this `regexp`")
	f.IntVar(&o.Schedules, "schedules", defaultSchedules, "at most so many for each test")
	f.BoolVar(&o.Race, "race", false, "with the race detector")
	f.BoolVar(&o.Slow, "slow", false, "also as on a slow machine: timers may fire while goroutines can run")
	f.BoolVar(&o.Leaks, "leaks", false, "a goroutine left behind is a failure, though it be so in every schedule, or it may end yet")
	f.BoolVar(&o.Isolate, "isolate", false, "a process for each schedule (default: for tests that keep something from run to run)")
	f.BoolVar(&o.Short, "short", false, "what testing.Short says")
	f.StringVar(&o.Tags, "tags", "", "build `tags`, separated by commas")
	f.IntVar(&o.MaxSteps, "max-steps", 0, fmt.Sprintf("of a run, before it is given up (default: %s)", reports.Thousands(gotest.DefaultMaxSteps)))
	f.IntVar(&o.Inputs, "inputs", 0, "seeds for a test that reads one, from VERIFY_SEED or rapid; they share the schedules (default: one for each 50)")
	f.Uint64Var(&o.Seed, "seed", 0, "seed of the schedules (default: a random one, which is printed)")
	f.StringVar(&o.Corpus, "corpus", defaultCorpus, "`folder` of counterexamples, replayed first; new ones are saved there")
	f.DurationVar(&o.Patience, "hang-timeout", testHangTimeout, "how long a test may show no sign of life")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print what did not pass and the verdict")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "print all that is known, and all that was left native")
	unrepeated(f, "quiet", "verbose")
}

// flags adds the flags of a run on this machine, and those of a replay.
func (o *testOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.part, "shard", "", "run `part` i/n of the tests, for verify merge; auto/n is the pod of an Indexed Job in Kubernetes")
	f.DurationVar(&o.time, "time", 0, "end after this time, which the tests share; without --schedules, they use all of it")
	f.IntVar(&o.jobs, "jobs", 0, "tests that run at once (default: as many as processors)")
	f.StringVar(&o.replay, "replay", "", "reproduce the counterexample in this `file` instead; --json is then about that")
	f.IntVar(&o.times, "times", 1, "with --replay, how often")
	f.StringVar(&o.debugger, "exec", "", "with --replay, print the command that runs it under this `debugger`, such as dlv")
	unrepeated(f, "jobs", "shard", "replay", "times", "exec") // with --replay there is no line
}

// complete checks the options, and fills in what was not given.
func (o *testOptions) complete(cmd *cobra.Command) (err error) {
	given := cmd.Flags().Changed
	switch {
	case o.Schedules < 1:
		return wrongUse(cmd, "--schedules is %d, and must be at least 1", o.Schedules)
	case given("max-steps") && o.MaxSteps < 1:
		return wrongUse(cmd, "--max-steps is %d, and must be at least 1", o.MaxSteps)
	case given("inputs") && o.Inputs < 1:
		return wrongUse(cmd, "--inputs is %d, and must be at least 1", o.Inputs)
	case o.times < 1:
		return wrongUse(cmd, "--times is %d, and must be at least 1", o.times)
	case o.replay == "" && (given("exec") || given("times")):
		return wrongUse(cmd, "--exec and --times are for --replay FILE")
	case o.replay != "" && o.outputs.beside("json") != "":
		return wrongUse(cmd, "--%s is of a run, and not of --replay", o.outputs.beside("json"))
	case o.replay != "" && len(o.Patterns) > 0:
		return wrongUse(cmd, "--replay takes no packages: the counterexample names its own")
	case strings.Contains(o.run, "/"):
		return wrongUse(cmd, "--run is %q, and selects whole tests, not subtests", o.run)
	}
	if given("shard") {
		if o.shard, err = shardOf(cmd, o.part); err != nil {
			return err
		}
		if !given("seed") {
			return wrongUse(cmd, "--shard needs --seed: all shards must try the same schedules")
		}
	}
	if o.run != "" {
		if o.Run, err = regexp.Compile(o.run); err != nil {
			return wrongUse(cmd, "--run is no regular expression: %v", err)
		}
	}
	if given("time") && !given("schedules") {
		o.Schedules = 0
	}
	return o.campaignOptions.complete(cmd, &o.Seed, o.Corpus, o.Patience)
}

// test is verify test, once its options are known to be right.
func (a *app) test(cmd *cobra.Command, o *testOptions) error {
	began := time.Now()
	suite, remove, err := a.builtTests(cmd, o)
	if err != nil {
		return err
	}
	defer remove()
	return a.launch(cmd, o.campaign(suite), o.report(cmd, suite), &o.campaignOptions, began)
}

// builtTests builds the tests, and finds the planted bugs, once it is known that all can be written that was asked for. The folder of counterexamples that was made
// for that is removed by remove, if it is empty.
func (a *app) builtTests(cmd *cobra.Command, o *testOptions) (suite *gotest.Suite, remove func(), err error) {
	if remove, err = openCorpus(o.Corpus); err != nil {
		return nil, nil, err
	}
	if err = errors.Join(o.outputs.check(cmd), o.store.check()); err == nil {
		suite, err = a.buildTests(cmd, o)
	}
	if err != nil {
		remove()
	}
	return suite, remove, err
}

func (a *app) buildTests(cmd *cobra.Command, o *testOptions) (*gotest.Suite, error) {
	began := time.Now()
	suite, err := gotest.Build(cmd.Context(), o.Options)
	switch {
	case err != nil:
		if name := testAsPackage(o.Patterns, err); name != "" {
			return nil, wrongUse(cmd, "there is no package %s: packages are named here, and --run %s selects tests", name, name)
		}
		return nil, err
	case len(suite.Tests) == 0:
		return nil, noTests(o.run, suite.Others)
	case o.shard.Of > len(suite.Tests):
		return nil, wrongUse(cmd, "there are more shards (%d) than tests (%d)", o.shard.Of, len(suite.Tests))
	}
	if err := suite.Control(cmd.Context()); err != nil {
		return nil, err
	}
	if !o.quiet {
		fmt.Fprintf(a.stderr, "verify: built and in control after %.1f s\n", time.Since(began).Seconds())
	}
	return suite, nil
}

// ofTest is what the names of tests begin with.
var ofTest = regexp.MustCompile(`^(Test|Fuzz)[^a-z./][^./]*$`)

// testAsPackage is the test that is named in place of a package, if that is why there is no such package.
func testAsPackage(packages []string, err error) string {
	for _, p := range packages {
		if ofTest.MatchString(p) && strings.Contains(err.Error(), "package "+p+" is not in std") {
			return p
		}
	}
	return ""
}

// noTests says why there are no tests to run. Others are the names that --run does not match.
func noTests(run string, others []string) error {
	if len(others) == 0 {
		return errors.New("no tests to run: the packages have none")
	}
	return fmt.Errorf("no tests to run: --run %s matches none of %s%s", run, text.Plural(len(others), "test"), text.Suggest(run, slices.Values(others)))
}

// campaign is the run of a suite's tests, or of the shard's.
func (o *testOptions) campaign(suite *gotest.Suite) *campaign.Campaign {
	infos := suite.Infos()
	first, count := o.shard.Cases(len(infos))
	return &campaign.Campaign{
		Runner: suite, Properties: infos[first : first+count],
		Spec: properties.Spec{Seed: o.Seed, Count: 1, Corpus: o.Corpus},
	}
}

// report is what a report says of the run before it.
func (o *testOptions) report(cmd *cobra.Command, suite *gotest.Suite) *results.Run {
	return &results.Run{
		Command: repeatLine(cmd, o.Patterns, "schedules", "seed") + o.shard.Flag(), Seed: o.Seed, Subject: results.Tests, PerTest: o.Schedules, Left: suite.Left, Refused: suite.Refused,
	}
}

// leftOut reports that a test showed nothing, as one that skipped itself.
func leftOut(p *results.Property) bool {
	var notRun *gotest.NotRunError
	return errors.As(p.Err, &notRun)
}

// dropSkipped lists the tests that showed nothing as such, and not as properties.
func dropSkipped(report *results.Run) {
	report.Properties = slices.DeleteFunc(report.Properties, func(p results.Property) bool {
		if !leftOut(&p) {
			return false
		}
		report.Refused = append(report.Refused, p.Info.ID+": "+p.Err.Error())
		return true
	})
}

// likeGo lets verify test, and verify farm test, take its flags as go test does, with one dash.
func likeGo(args []string) []string {
	if len(args) == 0 || args[0] != "test" && (args[0] != "farm" || len(args) == 1 || args[1] != "test") {
		return args
	}
	args = slices.Clone(args)
	for i, arg := range args {
		name, _, _ := strings.Cut(arg, "=")
		if slices.Contains([]string{"-run", "-race", "-short", "-tags"}, name) {
			args[i] = "-" + arg
		}
	}
	return args
}
