// Command rename gives the module another name, for the day on which it is published:
//
//	go run ./ci/rename example.org/verify
//
// It changes the files that git knows, and nothing else: the module lines, the import paths, and
// the texts that name a package by its import path.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./ci/rename MODULE")
		os.Exit(2)
	}
	n, err := rename(".", os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "rename:", err)
		os.Exit(1)
	}
	fmt.Printf("%d files changed; go build ./... says whether all is well\n", n)
}

// modulePath is what the go command takes for the path of a module that can be fetched: its first element is a host.
var modulePath = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9._~-]+)*$`)

// moduleLine is the line of a go.mod that names the module.
var moduleLine = regexp.MustCompile(`(?m)^module (\S+)$`)

// rename renames the module whose root is folder, and returns how many files it has changed.
func rename(folder, to string) (int, error) {
	if !modulePath.MatchString(to) {
		return 0, fmt.Errorf("%q is no path of a module that can be published: want one like example.org/verify", to)
	}
	mod, err := os.ReadFile(filepath.Join(folder, "go.mod"))
	if err != nil {
		return 0, err
	}
	line := moduleLine.FindSubmatch(mod)
	if line == nil {
		return 0, errors.New("go.mod names no module")
	}
	files, err := tracked(folder)
	if err != nil {
		return 0, err
	}
	r := newRenaming(string(line[1]), to, files)
	changed := 0
	for _, file := range files {
		if strings.HasPrefix(file, "ci/rename/") { // whose tests are about the old name
			continue
		}
		did, err := r.file(filepath.Join(folder, file))
		if err != nil {
			return changed, err
		}
		if did {
			changed++
		}
	}
	return changed, nil
}

// tracked lists the files that git knows.
func tracked(folder string) ([]string, error) {
	cmd := exec.Command("git", "ls-files", "-z")
	cmd.Dir = folder
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git does not list the files: %w", err)
	}
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 }), nil
}

// renaming are the rules by which texts change. The old name may be an ordinary word, so it counts only where it is a module:
// before a folder of the module, and where a file says that it names one.
type renaming struct {
	rules []*regexp.Regexp // each with what comes before the name, and what comes after it
	to    string
}

func newRenaming(from, to string, files []string) *renaming {
	var folders []string
	for _, f := range files {
		if top, _, nested := strings.Cut(f, "/"); nested && !slices.Contains(folders, top) && !strings.HasPrefix(top, ".") {
			folders = append(folders, regexp.QuoteMeta(top))
		}
	}
	name := regexp.QuoteMeta(from)
	return &renaming{
		rules: []*regexp.Regexp{
			regexp.MustCompile(`(^|[^\w./-])` + name + `(/(?:(?:` + strings.Join(folders, "|") + `)\b|\.\.\.))`), // an import path
			regexp.MustCompile(`(?m)((?:^|\b)module )` + name + `(\b)`),                                          // a go.mod, or a text about one
			regexp.MustCompile(`(\bmodule\s*= ")` + name + `(/?")`),                                              // the constant
		},
		to: to,
	}
}

// file renames in a file, and reports whether anything changed. Links and what is no text stay.
func (r *renaming) file(path string) (bool, error) {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false, err
	}
	old, err := os.ReadFile(path)
	if err != nil || bytes.IndexByte(old, 0) >= 0 {
		return false, err
	}
	text := r.text(old)
	if bytes.Equal(old, text) {
		return false, nil
	}
	if filepath.Ext(path) == ".go" { // what stands below one another has moved
		if text, err = format.Source(text); err != nil {
			return false, fmt.Errorf("%s: %w", path, err)
		}
	}
	return true, os.WriteFile(path, text, info.Mode())
}

func (r *renaming) text(text []byte) []byte {
	for _, rule := range r.rules {
		text = rule.ReplaceAll(text, []byte("${1}"+r.to+"${2}"))
	}
	return text
}
