// Package stranger makes, for tests, a module of somebody else's that uses this one: in a folder elsewhere, with what its go.mod needs.
package stranger

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// mostLines is how many lines a test of theirs has at most, of its author's own.
const mostLines = 15

// Module writes the files of a module into a folder, in whose texts SYNCHRONY stands for the folder of ours, and completes its go.mod. ours is that folder,
// from the test's.
func Module(t testing.TB, ours string, files []txtar.File) (dir string) {
	t.Helper()
	ours, err := filepath.Abs(ours)
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(ours, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	for _, f := range append(files[:len(files):len(files)], txtar.File{Name: "go.sum", Data: sums}) {
		data := strings.ReplaceAll(string(f.Data), "SYNCHRONY", ours)
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, body, ok := strings.Cut(data, "func Test"); ok && strings.Count(body, "\n") > mostLines {
			t.Errorf("the test has %d lines", strings.Count(body, "\n"))
		}
	}
	for name, version := range versions(t, ours) {
		command(t, dir, "go", "mod", "edit", "-require="+name+"@"+version)
	}
	command(t, dir, "go", "list", "-mod=mod", "-deps", "-test", "./...") // which writes what go mod tidy does, without asking for anything that is not here
	return dir
}

// versions are those of the modules that a user's test needs, as ours requires them.
func versions(t testing.TB, ours string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(ours, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\s+(\S+) (v\S+)`).FindAllStringSubmatch(string(text), -1) {
		list[m[1]] = m[2]
	}
	return list
}

func command(t testing.TB, dir, name string, args ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), name, args...)
	c.Dir, c.Env = dir, append(os.Environ(), "GOWORK=off")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}
