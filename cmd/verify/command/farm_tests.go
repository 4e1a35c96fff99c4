package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"synchrony/properties"
	"synchrony/properties/campaign"
	"synchrony/properties/document"
	"synchrony/properties/farm"
	"synchrony/properties/gotest"
	"synchrony/properties/isolate"
)

// farmTestCommand is verify test on a farm.
func (a *app) farmTestCommand() *cobra.Command {
	o := testOptions{times: 1}
	var farmed farmOptions
	cmd := &cobra.Command{
		Use:   "test [PACKAGES]",
		Short: "Search the schedules of ordinary Go tests as verify test does, on many machines",
		Long: `Search the schedules of ordinary Go tests as verify test does, on many machines: see
"verify farm". The report is that of verify test with the same seed, but for times, and
for where the module is. A task is a test; one that ends three workers is not judged.

Each worker builds the tests from its own copy of the module, in which it is started or
which --source of verify work names, and searches the planted bugs first: one whose
files, or go command, are others is refused.

Known counterexamples in --corpus are replayed here, where they are; what workers find
is saved here.

A run that was ended before it was finished goes on with the same command: the seed must
be given, then. There is no --time: who wants to end it early ends the command.

Exit codes: those of verify test.`,
		Example: `  verify farm test ./... --seed 7                                on this machine
  verify farm test ./... --schedules 100000 --seed 7 --server nats://farm:4222
  verify work --server nats://farm:4222 --source ~/module        on each other machine`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Patterns, o.jobs = args, 1 // of the farm's workers, farmed has the number
			if err := cmp.Or(farmed.check(cmd), o.complete(cmd)); err != nil {
				return err
			}
			return a.farmTest(cmd, &o, &farmed)
		},
	}
	f := cmd.Flags()
	o.caseFlags(f)
	o.outputs = a.outputFlags(f)
	o.outputs.liveFlags(f)
	o.store.flags(f)
	o.store.noneFlag(f)
	farmed.flags(f)
	return cmd
}

// farmTest is verify farm test, once its options are known to be right.
func (a *app) farmTest(cmd *cobra.Command, o *testOptions, farmed *farmOptions) error {
	began := time.Now()
	suite, remove, err := a.builtTests(cmd, o)
	if err != nil {
		return err
	}
	defer remove()
	root, below, err := gotest.Module(o.Dir)
	if err != nil {
		return err
	}
	farmed.source = root
	report := o.report(cmd, suite)
	// The report is that of the run on one machine, which its command repeats.
	report.Command = onOneMachine(cmd, report.Command)
	f, err := a.openRequests(cmd.Context(), farmed, report.Command, testsKind, o.setting(below), &o.Options)
	if err != nil {
		return err
	}
	c := o.campaign(suite)
	c.Runner = &farmedTests{f, suite, o.Corpus, make(chan struct{}, runtime.NumCPU())}
	o.notes, o.farm, o.jobs = f.notes, f.shown, min(len(c.Properties), tasksAtOnce)
	err = a.launch(cmd, c, report, &o.campaignOptions, began)
	f.conclude(cmd.Context(), !report.Interrupted, "with --seed "+fmt.Sprint(o.Seed))
	return err
}

// testsKind is the kind of requests that search the schedules of tests.
const testsKind = "tests"

// testsSetting is what those have in common: how the tests are built and searched.
type testsSetting struct {
	Folder   string        `json:"folder"` // from the module's own, with slashes
	Patterns []string      `json:"patterns"`
	Tags     string        `json:"tags,omitempty"`
	Race     bool          `json:"race,omitempty"`
	Run      string        `json:"run,omitempty"` // a regular expression; empty is all
	Search   gotest.Search `json:"search"`
}

// setting is what the options say, of tests in a folder of the module.
func (o *testOptions) setting(folder string) testsSetting {
	search := o.Search
	search.Corpus = "" // which is here
	return testsSetting{folder, o.Patterns, o.Tags, o.Race, o.run, search}
}

// options are the setting's, for a copy of the module that a folder is in; empty is the working directory.
func (s *testsSetting) options(source string) (o gotest.Options, err error) {
	root, _, err := gotest.Module(source)
	if err != nil {
		return o, err
	}
	if s.Folder != "." && !filepath.IsLocal(filepath.FromSlash(s.Folder)) {
		return o, fmt.Errorf("the folder %q is not in a module", s.Folder)
	}
	o = gotest.Options{Dir: filepath.Join(root, filepath.FromSlash(s.Folder)), Patterns: s.Patterns, Tags: s.Tags, Race: s.Race, Search: s.Search}
	if s.Run != "" {
		o.Run, err = regexp.Compile(s.Run)
	}
	return o, err
}

// testRequest asks to search a test.
type testRequest struct {
	Test string `json:"test"` // its ID
}

// testReply is what came of it.
type testReply struct {
	Result properties.Result `json:"result"`
	NotRun string            `json:"notRun,omitempty"` // why there was nothing to search
}

// farmedTests is a campaign.Runner whose tests are searched by workers. Known counterexamples are replayed here, where their files are.
type farmedTests struct {
	*campaignOnFarm
	suite   *gotest.Suite
	corpus  string
	replays chan struct{} // its capacity is how many tests replay at once
}

// Run implements campaign.Runner.
func (r *farmedTests) Run(ctx context.Context, id string, spec properties.Spec, progress func(properties.Progress)) (properties.Result, error) {
	known, err := r.known(ctx, id, spec, progress)
	if err != nil || len(known.Failures) > 0 || known.Unknown > 0 {
		return known, err
	}
	var reply testReply
	err = r.Ask(ctx, "test "+id, id, testRequest{id}, &reply, progress)
	var unjudged *isolate.NotJudgedError
	switch {
	case errors.As(err, &unjudged):
		reply.Result = properties.Result{Unknown: 1, UnknownBy: unjudged.Error()}
	case err != nil:
		return known, err
	case reply.NotRun != "":
		return known, &gotest.NotRunError{Why: reply.NotRun}
	}
	if err := cmp.Or(reply.Result.Check(true), r.suite.Adopt(id, reply.Result.Failures)); err != nil {
		return known, fmt.Errorf("the answer to test %s cannot be true: %w", id, err)
	}
	outcome := campaign.Outcome{Result: known}
	outcome.Add(&campaign.Outcome{Result: reply.Result})
	result := outcome.Result
	result.Notes = distinctNotes(result.Notes)
	for i := range result.Failures {
		if err := result.Failures[i].Save(r.corpus); err != nil {
			return result, err
		}
	}
	return result, nil
}

// distinctNotes are notes in their order, each once.
func distinctNotes(notes []string) (list []string) {
	for _, n := range notes {
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}

// known replays the known counterexamples of a test. If that leaves something open, the test is searched here, too.
func (r *farmedTests) known(ctx context.Context, id string, spec properties.Spec, progress func(properties.Progress)) (properties.Result, error) {
	select {
	case r.replays <- struct{}{}:
		defer func() { <-r.replays }()
	case <-ctx.Done():
		return properties.Result{}, ctx.Err()
	}
	result, err := r.suite.Known(ctx, id, progress)
	if err == nil && result.Unknown > 0 {
		return r.suite.Run(ctx, id, spec, progress)
	}
	return result, err
}

// testHandler searches tests for a campaign on a farm.
type testHandler struct {
	*gotest.Suite
	options gotest.Options
}

// openTests builds the tests of a campaign of this setting, from the module that a folder is in, and finds the planted bugs.
func openTests(ctx context.Context, source string, setting json.RawMessage) (farm.Handler, error) {
	var s testsSetting
	if err := document.Read(setting, &s); err != nil {
		return nil, err
	}
	o, err := s.options(source)
	if err != nil {
		return nil, err
	}
	suite, err := gotest.Build(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := suite.Control(ctx); err != nil {
		return nil, err
	}
	return &testHandler{suite, o}, nil
}

// Sources implements [farm.Handler].
func (h *testHandler) Sources(ctx context.Context) (string, error) { return h.options.Sources(ctx) }

// Close implements [farm.Handler]: what was built stays in the cache.
func (h *testHandler) Close() error { return nil }

// Handle implements [farm.Handler].
func (h *testHandler) Handle(ctx context.Context, request json.RawMessage, _ farm.Fetch, progress func(properties.Progress)) (any, error) {
	var q testRequest
	if err := document.Read(request, &q); err != nil {
		return nil, err
	}
	var reply testReply
	var err error
	reply.Result, err = h.Run(ctx, q.Test, properties.Spec{}, progress)
	var notRun *gotest.NotRunError
	if errors.As(err, &notRun) {
		reply.NotRun, err = notRun.Why, nil
	}
	return reply, err
}
