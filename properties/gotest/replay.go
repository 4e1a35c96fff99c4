package gotest

import (
	"cmp"
	"context"
	"fmt"

	"synchrony/checkers"
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

// Replayed is what running a counterexample again showed.
type Replayed struct {
	Reproduced bool   // the same kind of failure
	Hash       string // of the run
	Kind       string // of what happened, if anything did: see package executor/shim/testing
	Reason     string
	Evidence   []string
	Story      []string // the execution as columns
	Stale      string   // why the schedule no longer fits; empty if it does
	Changed    bool     // the tested code has been built anew, and differently
}

// Verdict is what is wrong, if anything is, by its kind; undecided if the run showed nothing.
func (r *Replayed) Verdict() checkers.Verdict {
	switch r.Kind {
	case protocol.Passed:
		return checkers.Passed()
	case protocol.Skipped, protocol.StepLimit, protocol.Uncontrolled, protocol.Stale:
		return checkers.Undecided("%s", cmp.Or(r.Reason, r.Stale))
	}
	return checkers.Failed(r.Kind, r.Reason, r.Evidence...)
}

// Loaded is a counterexample of a test, with the test that was built for it.
type Loaded struct {
	Counterexample *properties.Counterexample
	Case           *Case
	test           *Test
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
	if err != nil {
		return nil, err
	}
	for i := range s.Tests {
		if s.Tests[i].Name == c.Test {
			return &Loaded{Counterexample: x, Case: c, test: &s.Tests[i], tell: describer{namer{o.Dir}}}, nil
		}
	}
	return nil, fmt.Errorf("%s: there is no test %s in %s any more", name, c.Test, c.Package)
}

// Replay runs it once.
func (l *Loaded) Replay(ctx context.Context) (*Replayed, error) {
	f, done, err := l.test.replay(ctx, l.Case, l.Counterexample)
	if err != nil {
		return nil, err
	}
	r := &Replayed{
		Reproduced: f.Kind == l.Counterexample.Rule, Hash: done.Hash, Kind: f.Kind, Changed: l.Case.Identity != l.test.binary.identity,
		Story: l.tell.story(&f),
	}
	switch f.Kind {
	case protocol.Stale:
		r.Stale = f.Message
	case protocol.Passed, protocol.Skipped:
		r.Reason = "the test " + f.Kind
	default:
		r.Reason, r.Evidence = l.tell.reason(&f), l.tell.evidence(&f)
	}
	return r, nil
}

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
