package main

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// write makes a checkout.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// serial has the names of HyperSDK's executor, and runs tasks at once.
const serial = `package executor

import (
	"github.com/ava-labs/avalanchego/utils/set"
	"github.com/ava-labs/hypersdk/state"
)

type Executor struct{ err error }

func New(items, workers int, most int64, metrics any) *Executor { return &Executor{} }

func (e *Executor) Run(keys state.Keys, f func() error) {
	if seen := set.NewSet[string](len(keys)); seen.Len() == 0 && e.err == nil {
		e.err = f()
	}
}

func (e *Executor) Wait() error { return e.err }
`

// TestBuild: a checkout is built beside this project, with its adapter and stand-ins, and measured; it stays as it is.
func TestBuild(t *testing.T) {
	checkout := write(t, map[string]string{
		"go.mod":                             "module github.com/ava-labs/hypersdk\n",
		"internal/executor/executor.go":      serial,
		"internal/executor/executor_test.go": "package executor_test // which is not copied, and does not compile\n\nimport \"missing\"\n",
	})
	keep := sources
	t.Cleanup(func() { sources = keep })
	own := *sourceOf("hypersdk")
	own.requires = nil
	sources = []source{own}
	root, err := repository()
	if err != nil {
		t.Fatal(err)
	}
	program, err := build(filepath.Join(t.TempDir(), "peers"), root, map[string]string{"hypersdk": checkout})
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "-quick", "-rounds", "1", "-only", "one").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "| hypersdk | ") {
		t.Errorf("%v: %s", err, out)
	}
	if files, err := filepath.Glob(filepath.Join(checkout, "*")); err != nil || len(files) != 2 {
		t.Errorf("the checkout has %v now, %v", files, err)
	}
}

// TestRequirements: versions, and what replaces them, are those of the checkout.
func TestRequirements(t *testing.T) {
	checkout := write(t, map[string]string{"go.mod": "module x\n\nrequire (\n\texample.org/tree v1.7.0\n\texample.org/tree/v2 v2.0.0 // indirect\n)\n\nreplace (\n\texample.org/tree => example.org/fork v0.1.0\n)\n"})
	got, err := (&source{requires: []string{"example.org/tree"}}).requirements(checkout)
	if want := "\nrequire example.org/tree v1.7.0\n\nreplace example.org/tree => example.org/fork v0.1.0\n"; err != nil || got != want {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := (&source{requires: []string{"example.org/other"}}).requirements(checkout); err == nil {
		t.Error("a module that is not required is found")
	}
}

// TestNoCheckout: a folder that is none is refused by name.
func TestNoCheckout(t *testing.T) {
	err := sourceOf("bor").copy(t.TempDir(), t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "a checkout of it?") {
		t.Error(err)
	}
}

func TestSplit(t *testing.T) {
	for _, args := range [][]string{{"-rounds", "3", "-peers", "bor=/b,hypersdk=/h", "-quick"}, {"-rounds", "3", "--peers=bor=/b,hypersdk=/h", "-quick"}} {
		given, rest, err := split(args)
		if err != nil || !maps.Equal(given, map[string]string{"bor": "/b", "hypersdk": "/h"}) || !slices.Equal(rest, []string{"-rounds", "3", "-quick"}) {
			t.Errorf("%v: %v, %v, %v", args, given, rest, err)
		}
	}
	if given, _, err := split([]string{"-peers", ""}); err != nil || len(given) > 0 { // as make has it without PEERS
		t.Error(given, err)
	}
	for _, args := range [][]string{{"-peers"}, {"-peers", "bor"}, {"-peers", "nobody=/x"}} {
		if _, _, err := split(args); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
}
