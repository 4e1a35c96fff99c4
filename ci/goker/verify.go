package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// verifier is the command that is measured.
type verifier struct {
	command string
	folder  string // of the module, the reports and the counterexamples
	stderr  io.Writer
}

// report is what is read of a run's JSON report: see docs/run.schema.json.
type report struct {
	Properties []struct {
		ID        string
		Seconds   float64
		Schedules int
		Failures  []failure
	}
}

// failure is what was found.
type failure struct {
	Rule       string
	Evidence   []string
	Schedules  int // until it was found
	Deviations int
	File       string
}

var (
	waits  = regexp.MustCompile(` at \S+\.go:\d+ in (\S+?)[,;]?(?: |$)`)
	access = regexp.MustCompile(`^a .*(?:read|write) in (\S+) at `)
	frame  = regexp.MustCompile(`^(\S+) at \S+\.go:\d+$`)
)

// functions are those in which goroutines wait, racing accesses are made, or the program panics, without the numbers of literals.
func (f *failure) functions() (list []string) {
	for _, line := range f.Evidence {
		form := waits
		switch f.Rule {
		case "race":
			form = access
		case "panic":
			form = frame
		}
		if m := form.FindStringSubmatch(line); m != nil {
			list = append(list, literal.ReplaceAllString(m[1], ""))
			if f.Rule == "panic" {
				break
			}
		}
	}
	return list
}

// onBehalf reports whether the race may be one inside of the standard library, whose caller the detector may not know, but its caller's.
func (f *failure) onBehalf() bool { return f.Rule == "race" }

// settings are the one configuration.
var settings = []string{"--race", "--leaks", "--schedules", "1000"}

func (v *verifier) module() string { return filepath.Join(v.folder, "module") }
func (v *verifier) corpus() string { return filepath.Join(v.folder, "counterexamples") }

// build builds the command, unless one was given.
func (v *verifier) build(ctx context.Context) (err error) {
	if v.command != "" {
		v.command, err = filepath.Abs(v.command)
		return err
	}
	v.command = filepath.Join(v.folder, "verify")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", v.command, "./cmd/verify")
	cmd.Stderr = v.stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build verify, in the module's folder: %w", err)
	}
	return nil
}

// search runs all kernels.
func (v *verifier) search(ctx context.Context, t *table) error {
	file := filepath.Join(v.folder, "report.json")
	args := append([]string{"test", "./...", "--seed", strconv.FormatUint(t.options.seed, 10), "--quiet", "--no-store", "--json", file, "--corpus", v.corpus()}, settings...)
	cmd := exec.CommandContext(ctx, v.command, args...)
	cmd.Dir, cmd.Stderr = v.module(), v.stderr
	if err := cmd.Run(); err != nil && !exited(err) {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("verify wrote no report: %w", err)
	}
	var r report
	if err := json.Unmarshal(text, &r); err != nil {
		return fmt.Errorf("verify's report: %w", err)
	}
	for i := range t.kernels {
		t.kernels[i].fill(&r)
	}
	return nil
}

func exited(err error) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit) && exit.Exited()
}

// fill takes what the report says of the kernel. Of several failures it takes the first of the kernel's kind.
func (k *kernel) fill(r *report) {
	for _, p := range r.Properties {
		if !strings.HasPrefix(p.ID, "goker/"+k.name+".") {
			continue
		}
		k.seconds, k.searched = p.Seconds, p.Schedules
		for i := range p.Failures {
			if f := &p.Failures[i]; k.failure == nil || !k.fits(k.failure) && k.fits(f) {
				k.failure = f
			}
		}
	}
}

// fits reports whether a failure is of the kernel's kind.
func (k *kernel) fits(f *failure) bool {
	return k.blocking == (f.Rule == "deadlock" || f.Rule == "leak")
}

// replay replays a kernel's finding, and counts how often it showed again; not at all if executions differed.
func (v *verifier) replay(ctx context.Context, k *kernel, times int) error {
	if k.failure == nil || k.failure.File == "" {
		return nil
	}
	cmd := exec.CommandContext(ctx, v.command, "replay", k.failure.File, "--times", strconv.Itoa(times), "--json", "--no-config")
	cmd.Dir, cmd.Stderr = v.module(), v.stderr
	out, err := cmd.Output()
	if err != nil && !exited(err) {
		return err
	}
	var shown struct {
		Replays []struct{ Reproduced, Executions int }
	}
	if err := json.Unmarshal(out, &shown); err != nil {
		return fmt.Errorf("%s: %w", k.failure.File, err)
	}
	if len(shown.Replays) == 1 && shown.Replays[0].Executions == 1 {
		k.replayed = shown.Replays[0].Reproduced
	}
	return nil
}
