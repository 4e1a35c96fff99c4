package mutants

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
)

// Workspace builds variants of the program and runs them. Its methods may be called by
// many goroutines.
type Workspace struct {
	root   string // of the source
	folder string // of binaries and counterexamples; temporary
	goTool string
	flags  []string // of go build
	env    []string // added to go build's
	number atomic.Int64
}

// Variant is the program with one source file replaced. Without a Path, it is the
// program as it is.
type Variant struct {
	Name   string
	Path   string // from the module's root, with slashes: "executor/synchrony/graph.go"
	Source []byte
}

// BuildError is a variant that does not compile.
type BuildError struct {
	Variant string
	Output  string // the compiler's
}

func (e *BuildError) Error() string {
	return fmt.Sprintf("%s does not compile: %s", e.Variant, strings.Join(strings.Fields(e.Output), " "))
}

// NewWorkspace returns a workspace that builds from the source at root (see [FindSource]), the way
// the running program was built: with its build tags and its C compiler flags. Close
// removes what the workspace made. The error is a [*ToolchainError] if there is no Go.
func NewWorkspace(root string) (*Workspace, error) {
	tool, err := findGo()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "verify-mutants-")
	if err != nil {
		return nil, err
	}
	w := &Workspace{root: root, folder: folder, goTool: tool}
	// Debug information is a third of the time of linking, and stacks do without.
	w.flags = []string{"build", "-buildvcs=false", "-ldflags=-s -w"}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "-tags" && s.Value != "":
				w.flags = append(w.flags, "-tags="+s.Value)
			case strings.HasPrefix(s.Key, "CGO_"):
				w.env = append(w.env, s.Key+"="+s.Value)
			}
		}
	}
	return w, nil
}

// Close removes the workspace's files.
func (w *Workspace) Close() error { return os.RemoveAll(w.folder) }

// Root is the root of the source.
func (w *Workspace) Root() string { return w.root }

// unused returns a path in the workspace's folder that nobody else gets.
func (w *Workspace) unused(prefix string) string {
	return filepath.Join(w.folder, fmt.Sprintf("%s-%d", prefix, w.number.Add(1)))
}

// Build builds the program with one file replaced, and returns the path of its binary,
// which the caller may remove. A variant that does not compile is a [*BuildError].
// What the Go build cache has is not built again, so this is a package and a link:
// some seconds.
func (w *Workspace) Build(ctx context.Context, v Variant) (binary string, err error) {
	files := map[string][]byte{}
	if v.Path != "" {
		if _, err := os.Stat(filepath.Join(w.root, filepath.FromSlash(v.Path))); err != nil {
			return "", err
		}
		files[v.Path] = v.Source
	}
	return w.BuildFiles(ctx, v.Name, files)
}

// BuildFiles builds the program with other files, by path, in addition to its own or in
// their place. Otherwise it is as Build; flags are added to those of go build.
func (w *Workspace) BuildFiles(ctx context.Context, name string, files map[string][]byte, flags ...string) (binary string, err error) {
	binary = w.unused("verify")
	args := slices.Concat(w.flags, flags)
	if len(files) > 0 {
		overlay, err := w.overlay(files)
		if err != nil {
			return "", err
		}
		args = append(args, "-overlay="+overlay)
	}
	cmd := exec.CommandContext(ctx, w.goTool, append(args, "-o", binary, "./cmd/verify")...)
	cmd.Dir = w.root
	cmd.Env = append(os.Environ(), w.env...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	err = cmd.Run()
	var failed *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.As(err, &failed):
		return "", &BuildError{name, output.String()}
	case err != nil:
		return "", &ToolchainError{err}
	}
	return binary, nil
}

// overlay writes the other files, and what go build -overlay wants to know of them.
func (w *Workspace) overlay(files map[string][]byte) (path string, err error) {
	replace := map[string]string{}
	for name, content := range files {
		written := w.unused("overlay") + ".go"
		if err := os.WriteFile(written, content, 0o600); err != nil {
			return "", err
		}
		replace[filepath.Join(w.root, filepath.FromSlash(name))] = written
	}
	text, err := json.Marshal(map[string]map[string]string{"Replace": replace})
	if err != nil {
		return "", err
	}
	path = w.unused("overlay") + ".json"
	return path, os.WriteFile(path, text, 0o600)
}
