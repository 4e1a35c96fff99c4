package gotest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"synchrony/checkers"
	"synchrony/executor/instrument"
	protocol "synchrony/executor/shim/testing"
	"synchrony/properties"
)

// replay runs the case of a counterexample once more, in a process of its own.
func (t *Test) replay(ctx context.Context, c *Case, x *properties.Counterexample) (f protocol.Finding, done protocol.Done, err error) {
	s, err := t.binary.start(ctx, c.environment(), c.arguments())
	if err != nil {
		return f, done, err
	}
	defer s.close()
	r := protocol.Replay{Settings: c.Settings, Schedule: x.Schedule.String(), Positions: true, Cold: c.Cold}
	findings, done, err := s.ask(protocol.Request{Test: c.Test, Replay: &r}, func(int) {})
	if err != nil {
		return f, done, err
	}
	if len(findings) != 1 {
		return f, done, fmt.Errorf("the test binary answers a replay with %d findings", len(findings))
	}
	return findings[0], done, nil
}

// Replayed is what running a counterexample again showed: it was reproduced if it came to the same kind of failure.
type Replayed struct {
	properties.Replay
	Hash    string // of the run; empty if there were many
	Changed bool   // the tested code has been built anew, and differently
}

// verdict is what is wrong with a run, if anything is, by its kind; undecided if the run showed nothing.
func (t *describer) verdict(f *protocol.Finding) checkers.Verdict {
	switch f.Kind {
	case protocol.Passed:
		return checkers.Passed()
	case protocol.Skipped:
		return checkers.Undecided("the test skipped itself")
	case protocol.Running, protocol.StepLimit, protocol.Uncontrolled, protocol.Undecided:
		return checkers.Undecided("%s: %s", f.Kind, t.reason(f))
	}
	return checkers.Failed(f.Kind, t.reason(f), t.evidence(f)...)
}

// Loaded is a counterexample of a test, with the test that was built for it.
type Loaded struct {
	Counterexample *properties.Counterexample
	Case           *Case
	name           string // of its file
	test           *Test
	spec           Search
	tell           describer
}

// Load builds the test of a counterexample; name is its file's, for errors. What o says about which tests, tags and races does not count:
// the counterexample says it.
func Load(ctx context.Context, o Options, name string, x *properties.Counterexample) (*Loaded, error) {
	c, err := caseOf(name, x)
	if err != nil {
		return nil, err
	}
	o.Patterns, o.Tags, o.Race, o.Run = []string{c.Package}, c.Tags, c.Race, nil
	s, err := Build(ctx, o)
	var no *instrument.SetupError
	switch {
	case errors.As(err, &no) && no.NoModule:
		return nil, fmt.Errorf("%s: %s is not in a Go module, and this is of a test of package %s: replay it in the module of that package", name, no.Dir, c.Package)
	case err != nil:
		return nil, err
	}
	for i := range s.Tests {
		if s.Tests[i].Name == c.Test {
			return &Loaded{Counterexample: x, Case: c, name: name, test: &s.Tests[i], spec: o.Search, tell: describer{names: namer{o.Dir}}}, nil
		}
	}
	return nil, fmt.Errorf("%s: there is no test %s in %s any more", name, c.Test, c.Package)
}

// Replay runs x once, the counterexample that was loaded or one that is [properties.Replay.Refreshed] of it. If its schedule no longer fits the
// test, up to 500 others are searched.
func (l *Loaded) Replay(ctx context.Context, x *properties.Counterexample) (*Replayed, error) {
	c, err := caseOf(l.name, x)
	if err != nil {
		return nil, err
	}
	f, done, err := l.test.replay(ctx, c, x)
	switch {
	case isDied(err):
		h := l.search()
		if err := h.ended(ctx, err); err != nil {
			return nil, err
		}
		return l.searched(h, x)
	case err != nil:
		return nil, err
	case f.Kind == protocol.Stale:
		h := l.search()
		if err := h.anew(ctx, l.name, x, c, f.Message); err != nil {
			return nil, err
		}
		r, err := l.searched(h, x)
		r.Stale, r.Runs = f.Message, h.besides(forStale)
		return r, cmp.Or(err, ctx.Err())
	}
	r := &Replayed{Hash: done.Hash, Changed: l.Case.Identity != l.test.binary.identity}
	r.Reproduced, r.Checker, r.Runs = f.Kind == x.Rule, Checker, 1
	r.Verdict, r.Story = l.tell.verdict(&f), l.tell.story(&f)
	r.Compare(x, system, true, bare)
	return r, nil
}

// search is one of the test that was loaded, and of nothing else.
func (l *Loaded) search() *search {
	return &search{test: l.test, spec: l.spec, began: time.Now(), tell: &l.tell, progress: func(properties.Progress) {}}
}

// searched is what a search shows in place of a replay of x.
func (l *Loaded) searched(h *search, x *properties.Counterexample) (*Replayed, error) {
	r := &Replayed{Changed: l.Case.Identity != l.test.binary.identity}
	r.Checker, r.Runs = Checker, 1
	switch {
	case len(h.res.Failures) > 0:
		f := &h.res.Failures[0]
		r.Verdict = checkers.Failed(f.Rule, f.Reason, f.Evidence...)
		r.Reproduced = f.Rule == x.Rule || f.Refreshed
		r.Compare(&properties.Counterexample{Rule: x.Rule}, system, false, bare)
		if !f.Refreshed {
			return r, nil
		}
		var err error
		if r.Refreshed, err = properties.ParseCounterexample(l.name, []byte(f.Text)); err != nil {
			return r, fmt.Errorf("its own counterexample cannot be read: %w", err)
		}
		r.Story = r.Refreshed.Story
	case h.skipped != nil:
		r.Verdict = checkers.Undecided("%v", h.skipped)
	case h.res.Unknown > 0:
		r.Verdict = checkers.Undecided("%s", h.res.UnknownBy)
	default:
		r.Verdict = checkers.Passed()
	}
	return r, nil
}

// bare is a text without the folders of Go files: places are told from the folder that a command is given in.
func bare(text string) string { return folders.ReplaceAllString(text, "$1") }

var folders = regexp.MustCompile(`[^\s:"'(]*/([^\s/:"']+\.go\b)`)

// Debug is the command line that runs the counterexample under a debugger: the environment, then the command. debugger is the debugger's
// own, such as dlv; its own arguments for a program follow.
func (l *Loaded) Debug(debugger string) (env, command []string, dir string, err error) {
	line, err := l.request()
	if err != nil {
		return nil, nil, "", err
	}
	env = append([]string{"VERIFY_TEST_FD=2", "VERIFY_TEST_REQUEST=" + line}, l.Case.environment()...)
	command = []string{debugger, "exec", l.test.binary.path}
	if args := l.Case.arguments(); len(args) > 0 {
		command = append(append(command, "--"), args...)
	}
	return env, command, l.test.binary.dir, nil
}
