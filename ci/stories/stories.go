package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"synchrony/properties/mutants"
)

// story is a failure of a system that is broken on purpose.
type story struct {
	title  string
	broken string   // what is wrong, in a sentence: the reader is to find that
	mutant string   // name of the patch; empty for the program as it is
	args   []string // of the command
}

// stories are what the page shows, in its order.
var stories = []story{
	mutant("Two transactions that do not wait: a write after a read", "graph-no-war", "S6"),
	mutant("Two transactions that do not wait: a write after a write", "graph-no-waw", "S10"),
	mutant("A list that shares its memory", "vm-append-in-place", "V16"),
	mutant("A commit one balance after the other", "commit-in-place", "S7"),
	mutant("An effect after the end", "late-effect", "S23"),
	mutant("A count that loses a decrement", "counter-not-atomic", "S5"),
	mutant("A chunk that does not wait for what it reads", "vm-chunk-no-raw", "V1"),
	mutant("An addition in two steps", "vm-atomic-add-torn", "V4b"),
	{"A deadlock", "Two workers take two locks, each in its own order.", "", []string{"run", "broken-deadlock"}},
	{"A lost update", "Each worker reads the counter, and then writes what it read plus one.", "", []string{"run", "broken-lost-update"}},
	{"A cycle in a history", "Each of two transactions reads what the other is about to write: a write skew, which serializability does not allow.", "",
		[]string{"check", "--model", "list-append", "skew.edn"}},
}

// mutant is the story of a mutant, which a property finds. What is broken the patch says.
func mutant(title, name, property string) story {
	return story{title, "", name, []string{"run", property}}
}

// skew is a history of two transactions that each read what the other is about to write.
//
//go:embed skew.edn
var skew []byte

// noFailureError is a story whose command found nothing.
type noFailureError struct{ code int }

func (e *noFailureError) Error() string {
	return fmt.Sprintf("the command should have found a failure, and ended with exit code %d", e.code)
}

// teller runs stories.
type teller struct {
	workspace *mutants.Workspace
	mutants   []*mutants.Mutant
	folder    string // in which the commands run, and leave their counterexamples
	html      string
	binaries  map[string]string // by the name of the mutant
}

// run runs a story, and returns it as a part of the page.
func (t *teller) run(ctx context.Context, s *story) (string, error) {
	binary, broken, err := t.build(ctx, s)
	if err != nil {
		return "", err
	}
	args := s.args
	if s.args[0] == "run" {
		args = slices.Concat(args, []string{"--seed", "1", "--no-store"})
	}
	shown := "verify " + strings.Join(s.args, " ")
	if t.html != "" {
		name := strings.Map(func(r rune) rune {
			if r == ' ' || r == ':' {
				return '-'
			}
			return r
		}, strings.ToLower(s.title))
		args = slices.Concat(args, []string{"--html", filepath.Join(t.html, name+".html")})
	}
	c := exec.CommandContext(ctx, binary, args...)
	c.Dir = t.folder
	said, err := c.Output()
	failed := (*exec.ExitError)(nil)
	switch {
	case err == nil:
		return "", &noFailureError{0}
	case !errors.As(err, &failed):
		return "", err
	case failed.ExitCode() != 1:
		return "", fmt.Errorf("%w: %s", &noFailureError{failed.ExitCode()}, failed.Stderr)
	}
	text := strings.TrimRight(string(said), "\n")
	return fmt.Sprintf("## %s\n\n*What is wrong:* %s\n\n```console\n$ %s\n%s\n```\n\n", s.title, broken, shown, text), nil
}

// build returns the binary of a story, and what is broken in it.
func (t *teller) build(ctx context.Context, s *story) (binary, broken string, err error) {
	v := mutants.Variant{Name: "plain"}
	broken = s.broken
	if s.mutant != "" {
		m := mutants.Find(t.mutants, s.mutant)
		if m == nil {
			return "", "", fmt.Errorf("there is no mutant %s", s.mutant)
		}
		broken = fmt.Sprintf("%s %s (The mutant `%s`.)", m.Breaks, m.Seen, s.mutant)
		if v, err = t.workspace.Variant(m); err != nil {
			return "", "", err
		}
	}
	if t.binaries[v.Name] == "" {
		if t.binaries[v.Name], err = t.workspace.Build(ctx, v); err != nil {
			return "", "", err
		}
	}
	return t.binaries[v.Name], broken, nil
}
