package mutants

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// module is the name of the module that mutants are made of.
const module = "synchrony"

// SourceError says why no mutant can be built from a folder.
type SourceError struct {
	Folder string
	What   string
}

func (e *SourceError) Error() string {
	return fmt.Sprintf("%s %s; mutants are built from the source of this program: run it there, or name the folder with --source", e.Folder, e.What)
}

// ToolchainError says that there is no Go toolchain to build mutants with.
type ToolchainError struct{ Err error }

func (e *ToolchainError) Error() string {
	return "mutants are built by the go command, which cannot be run: " + e.Err.Error() + "; install Go (https://go.dev/dl), or add it to PATH"
}

func (e *ToolchainError) Unwrap() error { return e.Err }

// FindSource returns the root of the module's source: folder, which must be that, or
// if that is empty, the nearest one at or above the working directory. The error is a
// [*SourceError] if there is none.
func FindSource(folder string) (string, error) {
	if folder != "" {
		root, err := filepath.Abs(folder)
		if err != nil {
			return "", err
		}
		return root, checkSource(root)
	}
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for at := start; ; at = filepath.Dir(at) {
		if checkSource(at) == nil {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", &SourceError{start, "is not in the source of module " + module}
		}
	}
}

// checkSource reports whether root is the module's root.
func checkSource(root string) error {
	data, err := os.ReadFile(filepath.Join(root, "go.mod"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &SourceError{root, "has no go.mod"}
	case err != nil:
		return err
	}
	for line := range strings.Lines(string(data)) {
		if f := strings.Fields(line); len(f) >= 2 && f[0] == "module" {
			if f[1] == module {
				return nil
			}
			return &SourceError{root, fmt.Sprintf("is the source of module %s, not of module %s", f[1], module)}
		}
	}
	return &SourceError{root, "has a go.mod that names no module"}
}

// findGo returns the path of the go command.
func findGo() (string, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return "", &ToolchainError{err}
	}
	return path, nil
}
