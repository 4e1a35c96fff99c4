package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// fetch downloads a module, and copies it to where it may be written: the module cache may not.
func (o *options) fetch(ctx context.Context, m module) (string, error) {
	if err := os.MkdirAll(o.work, 0o777); err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", m.String())
	cmd.Dir = o.work
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	out, err := cmd.Output()
	var answer struct{ Dir, Error string }
	if bad := json.Unmarshal(out, &answer); bad != nil {
		return "", fmt.Errorf("go mod download: %w", err)
	}
	if answer.Error != "" {
		return "", fmt.Errorf("go mod download: %s", answer.Error)
	}
	dir := filepath.Join(o.work, m.folder())
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	if err := os.CopyFS(dir, os.DirFS(answer.Dir)); err != nil {
		return "", err
	}
	if err := writable(dir); err != nil {
		return "", err
	}
	return dir, initialise(ctx, m, dir)
}

// initialise makes the go.mod that a module from before there were modules lacks.
func initialise(ctx context.Context, m module, dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); !os.IsNotExist(err) {
		return err
	}
	for _, args := range [][]string{{"mod", "init", m.Path}, {"mod", "tidy"}} {
		cmd := exec.CommandContext(ctx, "go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("go %s %s: %w\n%s", args[0], args[1], err, out)
		}
	}
	return nil
}

// writable lets the user write what is read-only in the module cache.
func writable(dir string) error {
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		i, err := d.Info()
		if err != nil {
			return err
		}
		return os.Chmod(name, i.Mode().Perm()|0o200)
	})
}
