//go:build go1.26

package testing

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"synchrony/executor/shim/context"
	"synchrony/executor/shim/task"
)

// Cleanup is [testing.T.Cleanup].
func (c *common) Cleanup(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cleanups = append(c.cleanups, f)
}

// cleanUp runs the cleanup functions, last first, those too that others add or that follow one which panics
// or ends the goroutine.
func (c *common) cleanUp() {
	c.mu.Lock()
	cancel := c.cancel
	c.mu.Unlock()
	if cancel != nil {
		cancel()
	}
	defer func() {
		if c.pending() && !task.Over() { // one did not return
			c.cleanUp()
		}
	}()
	for c.pending() {
		c.mu.Lock()
		last := len(c.cleanups) - 1
		f := c.cleanups[last]
		c.cleanups = c.cleanups[:last]
		c.mu.Unlock()
		f()
	}
}

func (c *common) pending() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.cleanups) > 0
}

// Context is [testing.T.Context].
func (c *common) Context() context.Context {
	c.mu.Lock()
	ctx := c.ctx
	c.mu.Unlock()
	if ctx != nil {
		return ctx
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx == nil {
		c.ctx, c.cancel = ctx, cancel
	}
	return c.ctx
}

// undone calls f as a cleanup function, or else after the run.
func (c *common) undone(f func()) {
	f = sync.OnceFunc(f)
	c.run.mu.Lock()
	c.run.undo = append(c.run.undo, f)
	c.run.mu.Unlock()
	c.Cleanup(f)
}

// undoAll undoes what a run that got stuck has left, last first.
func (r *run) undoAll() {
	for i := len(r.undo) - 1; i >= 0; i-- {
		r.undo[i]()
	}
}

// Setenv is [testing.T.Setenv].
func (c *common) Setenv(key, value string) {
	old, had := os.LookupEnv(key)
	if err := os.Setenv(key, value); err != nil {
		c.Fatalf("cannot set environment variable: %v", err)
	}
	c.undone(func() {
		if had {
			_ = os.Setenv(key, old)
		} else {
			_ = os.Unsetenv(key)
		}
	})
}

// Chdir is [testing.T.Chdir].
func (c *common) Chdir(dir string) {
	old, err := os.Getwd()
	if err == nil {
		err = os.Chdir(dir)
	}
	if err != nil {
		c.Fatal(err)
	}
	c.undone(func() { _ = os.Chdir(old) })
	if dir, err := os.Getwd(); err == nil {
		c.Setenv("PWD", dir)
	}
}

// TempDir is [testing.T.TempDir].
func (c *common) TempDir() string {
	c.mu.Lock()
	made := c.tempDir
	c.mu.Unlock()
	if made == "" {
		dir, err := os.MkdirTemp("", "verify")
		if err != nil {
			c.Fatalf("TempDir: %v", err)
		}
		c.undone(func() { _ = os.RemoveAll(dir) })
		c.mu.Lock()
		c.tempDir, made = dir, dir
		c.mu.Unlock()
	}
	c.mu.Lock()
	c.tempSeq++
	dir := filepath.Join(made, fmt.Sprintf("%03d", c.tempSeq))
	c.mu.Unlock()
	if err := os.Mkdir(dir, 0o777); err != nil {
		c.Fatalf("TempDir: %v", err)
	}
	return dir
}

// ArtifactDir is [testing.T.ArtifactDir], without artifacts: a temporary folder.
func (c *common) ArtifactDir() string { return c.TempDir() }
