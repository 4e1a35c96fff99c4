package gotest

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/tools/txtar"

	protocol "synchrony/executor/shim/testing"
	"synchrony/properties"
)

//go:embed planted/planted.txtar
var planted []byte

// controlSchedules are enough to find each of the planted bugs many times over.
const controlSchedules = 200

// NotInControlError says that a planted bug was not found: whatever tests show then means nothing.
type NotInControlError struct {
	Bug string // its kind
	Why string
}

func (e *NotInControlError) Error() string {
	return fmt.Sprintf("not in control: a planted %s was not found (%s); nothing can be said about the tests", e.Bug, e.Why)
}

// Control builds a package with planted bugs, with the same toolchain, sources and flags as the suite's tests, and searches it. The error is
// a *NotInControlError if one is not found.
func (s *Suite) Control(ctx context.Context) error {
	folder, err := plant(s.options.Cache)
	if err != nil {
		return fmt.Errorf("cannot write the self-check: %w", err)
	}
	o := Options{Dir: folder, Race: s.options.Race, Debug: s.options.Debug, Cache: s.options.Cache, Search: Search{Patience: s.options.Patience}}
	check, err := Build(ctx, o)
	if err != nil {
		return fmt.Errorf("the self-check: %w", err)
	}
	for _, bug := range []struct{ test, kind string }{
		{"TestDeadlock", protocol.Deadlock}, {"TestFailed", protocol.Failed}, {"TestLeak", protocol.Leak}, {"TestRace", protocol.Race},
	} {
		if bug.kind == protocol.Race && !o.Race {
			continue
		}
		i := slices.IndexFunc(check.Tests, func(t Test) bool { return t.Name == bug.test })
		if i < 0 {
			return &NotInControlError{bug.kind, bug.test + " was not built"}
		}
		if err := check.Tests[i].shows(ctx, bug.kind); err != nil {
			return err
		}
	}
	return nil
}

// shows reports as an error that a search does not find a failure of the kind.
func (t *Test) shows(ctx context.Context, kind string) error {
	p, err := t.binary.start(ctx, nil, nil)
	if err != nil {
		return err
	}
	defer p.close()
	findings, done, err := p.ask(protocol.Request{Test: t.Name, Search: &protocol.Search{Schedules: controlSchedules}}, func(int) {})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return &NotInControlError{kind, err.Error()}
	case len(findings) == 0:
		return &NotInControlError{kind, fmt.Sprintf("%d schedules passed", done.Schedules)}
	case findings[0].Kind != kind || findings[0].Every:
		return &NotInControlError{kind, "it showed as: " + findings[0].Kind + ": " + findings[0].Message}
	}
	return nil
}

// plant writes the package into the cache, always at the same place, so that its binary is cached, too.
func plant(cache string) (string, error) {
	if cache == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return "", err
		}
		cache = filepath.Join(user, "verify", "tests")
	}
	folder := filepath.Join(cache, "planted")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	for _, f := range txtar.Parse(planted).Files {
		name := filepath.Join(folder, f.Name)
		if old, err := os.ReadFile(name); err == nil && string(old) == string(f.Data) {
			continue
		}
		if err := properties.WriteFile(name, f.Data); err != nil {
			return "", err
		}
	}
	return folder, nil
}
