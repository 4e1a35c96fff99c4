//go:build go1.26

// Package exec provides what tells a controlled run that it starts its own program: that is a test binary of verify, which does not run
// tests by itself. Other child processes are those of the standard library's os/exec; none is controlled.
package exec

import (
	"context"
	"os"
	"os/exec"

	"synchrony/executor/shim/task"
)

// Command is [exec.Command].
func Command(name string, arg ...string) *exec.Cmd {
	look(name)
	return exec.Command(name, arg...)
}

// CommandContext is [exec.CommandContext].
func CommandContext(ctx context.Context, name string, arg ...string) *exec.Cmd {
	look(name)
	return exec.CommandContext(ctx, name, arg...)
}

// look doubts the run if a name is that of the running program.
func look(name string) {
	c := task.Find(nil)
	if c == nil {
		return
	}
	self, err := os.Executable()
	if err == nil && same(name, self) {
		c.Doubt("it starts its own program, which here is a test binary of verify and runs no test by itself")
	}
}

func same(a, b string) bool {
	i, err := os.Stat(a)
	if err != nil {
		return false
	}
	j, err := os.Stat(b)
	return err == nil && os.SameFile(i, j)
}
