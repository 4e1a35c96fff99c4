package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// result is what the search of a module came to.
type result struct {
	Module  module
	Error   string // why nothing was searched
	Tests   []test
	Refused []string
	Left    int // places left native
	Seconds float64
}

// test is a test of a module, as verify test tells of it.
type test struct {
	ID        string    `json:"id"`
	Status    string    `json:"status"`
	Why       string    `json:"why"`
	Failures  []finding `json:"failures"`
	Notes     []string  `json:"notes"`
	Schedules int       `json:"schedules"`
}

// finding is a failure of a test.
type finding struct {
	Rule       string `json:"rule"`
	Reason     string `json:"reason"`
	Deviations int    `json:"deviations"`
	Schedules  int    `json:"schedules"`
	File       string `json:"file"`
	Replays    string // what ten replays came to
}

// name is the test's own, without its package.
func (t *test) name() string { return t.ID[strings.LastIndexByte(t.ID, '.')+1:] }

func (r *result) findings() (list []*finding) {
	for i := range r.Tests {
		for k := range r.Tests[i].Failures {
			list = append(list, &r.Tests[i].Failures[k])
		}
	}
	return list
}

func readResult(file string) (*result, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	r := &result{}
	return r, json.Unmarshal(data, r)
}

func (r *result) write(file string) error {
	data, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(data, '\n'), 0o666)
}

// command runs verify with standard output and error; a non-zero exit code is no error.
func (o *options) command(ctx context.Context, dir string, args ...string) (stdout, stderr string, err error) {
	words := append(append([]string{}, o.verify...), args...)
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errs
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = time.Minute
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && ctx.Err() == nil {
		err = nil
	}
	return out.String(), errs.String(), err
}

// search searches the tests of a module in a folder, and replays what was found.
func (o *options) search(ctx context.Context, m module, dir string) (*result, error) {
	file := filepath.Join(o.work, m.folder()+".json")
	args := append([]string{"test", "./...", "--schedules", "100", "--seed", "1", "--time", "2m", "--no-store", "--no-config", "--json", file}, m.Flags...)
	began := time.Now()
	stdout, stderr, err := o.command(ctx, dir, args...)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(o.work, m.folder()+".txt"), []byte(stdout+stderr), 0o666); err != nil {
		return nil, err
	}
	r := &result{Module: m}
	data, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		r.Error = strings.TrimSpace(stderr)
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	data = bytes.ReplaceAll(data, []byte(dir+"/"), nil) // where the module stands on this machine
	var report struct {
		Properties    []test
		Left, Refused []string
	}
	if err := json.Unmarshal(data, &report); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	r.Tests, r.Refused, r.Left = report.Properties, report.Refused, len(report.Left)
	for _, f := range r.findings() {
		if err := o.replay(ctx, dir, f); err != nil {
			return nil, err
		}
	}
	r.Seconds = time.Since(began).Seconds()
	return r, os.Remove(file)
}

// replay replays a finding ten times, each in a process of its own, and compares the hashes of the executions.
func (o *options) replay(ctx context.Context, dir string, f *finding) error {
	if f.File == "" {
		f.Replays = "no schedule"
		return nil
	}
	stdout, stderr, err := o.command(ctx, dir, "replay", f.File, "--times", "10", "--json", "--no-config")
	if err != nil {
		return err
	}
	var shown struct {
		Replays []struct{ Reproduced, Times, Executions int }
	}
	if json.Unmarshal([]byte(stdout), &shown) != nil || len(shown.Replays) != 1 {
		f.Replays = strings.TrimSpace(stderr)
		return nil
	}
	r := shown.Replays[0]
	f.Replays = fmt.Sprintf("%d of %d", r.Reproduced, r.Times)
	if r.Executions != 1 {
		f.Replays += fmt.Sprintf(", %d executions", r.Executions)
	}
	return nil
}
