package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// measured are the packages whose blocks are looked at.
var measured = []string{"./executor/synchrony", "./executor/vm", "./checkers/..."}

// isMeasured reports whether a package, which is a folder from the module's root, is one of them.
func isMeasured(folder string) bool {
	return slices.ContainsFunc(measured, func(pattern string) bool {
		room, below := strings.CutSuffix(strings.TrimPrefix(pattern, "./"), "/...")
		return folder == room || below && strings.HasPrefix(folder, room+"/")
	})
}

// measurement is a run of verify that counts.
type measurement struct {
	*options
	folder string // of the program and of all that it writes
	stderr io.Writer
}

func newMeasurement(o *options, stderr io.Writer) (*measurement, error) {
	folder, err := os.MkdirTemp("", "coverage-*")
	return &measurement{o, folder, stderr}, err
}

func (m *measurement) remove() { _ = os.RemoveAll(m.folder) } // of the temporary files of the machine it is one

// profile builds verify and runs it, and returns the file of the profile of all its processes. A process writes its counters
// when it ends, so one that is killed counts nothing; the properties that pass kill none.
func (m *measurement) profile(ctx context.Context) (string, error) {
	program, counters := filepath.Join(m.folder, "verify"), filepath.Join(m.folder, "counters")
	if err := os.Mkdir(counters, 0o777); err != nil {
		return "", err
	}
	// A program whose main package does not count writes nothing.
	packages := strings.Join(append([]string{"./cmd/verify"}, measured...), ",")
	if err := m.command(ctx, nil, "go", "build", "-cover", "-coverpkg="+packages, "-o", program, "./cmd/verify"); err != nil {
		return "", err
	}
	err := m.command(ctx, []string{"GOCOVERDIR=" + counters}, program, "run", "--no-store", "--corpus", filepath.Join(m.folder, "corpus"),
		"--iterations", strconv.Itoa(m.cases), "--seed", strconv.FormatUint(m.seed, 10))
	if err != nil {
		return "", err
	}
	profile := filepath.Join(m.folder, "profile")
	if m.keep != "" {
		profile = m.keep
	}
	return profile, m.command(ctx, nil, "go", "tool", "covdata", "textfmt", "-i", counters, "-o", profile)
}

// command runs a command in the module's folder, and shows what it prints.
func (m *measurement) command(ctx context.Context, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = m.root, m.stderr, m.stderr
	cmd.Env = append(os.Environ(), env...)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w: nothing is said of the coverage of a run that does not pass", filepath.Base(name), args[0], err)
	}
	return nil
}
