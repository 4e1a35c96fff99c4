package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestText: the name changes where it is that of the module, and nowhere else.
func TestText(t *testing.T) {
	r := newRenaming("synchrony", "example.org/verify", []string{"executor/sched/run.go", "models/text/doc.go", "go.mod", ".ci/run"})
	for text, want := range map[string]string{
		`import "synchrony/executor/sched"`:               `import "example.org/verify/executor/sched"`,
		`go list synchrony/...`:                           `go list example.org/verify/...`,
		"module synchrony\n":                              "module example.org/verify\n",
		"module synchrony/tools":                          "module example.org/verify/tools",
		`const module = "synchrony/"`:                     `const module = "example.org/verify/"`,
		`created by synchrony/models/text.init`:           `created by example.org/verify/models/text.init`,
		`import "synchrony/executor/synchrony"`:           `import "example.org/verify/executor/synchrony"`,
		"--- a/executor/synchrony/log.go":                 "--- a/executor/synchrony/log.go",
		`"synchrony attestation 1\n"`:                     `"synchrony attestation 1\n"`,
		`System: "synchrony"`:                             `System: "synchrony"`,
		`package synchrony`:                               `package synchrony`,
		"https://example.com/synchrony/executor/sched":    "https://example.com/synchrony/executor/sched",
		`import "synchrony/elsewhere"`:                    `import "synchrony/elsewhere"`,
		`import "asynchrony/executor", "synchrony2/x"`:    `import "asynchrony/executor", "synchrony2/x"`,
		"synchrony/executor/vm/a.go:3.20,3.32 1 1":        "example.org/verify/executor/vm/a.go:3.20,3.32 1 1",
		"replace synchrony => ../verify, of no module at": "replace synchrony => ../verify, of no module at",
	} {
		if got := string(r.text([]byte(text))); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestBadName(t *testing.T) {
	for _, name := range []string{"", "synchrony", "example.org/", "https://example.org/x", "Example.org/x", "example.org/a b"} {
		if _, err := rename(".", name); err == nil || !strings.Contains(err.Error(), "no path of a module") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestClone renames a clone of this repository: no package has the old name, all can be loaded with their tests, and the floor plan holds.
func TestClone(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds much of the module anew")
	}
	clone := filepath.Join(t.TempDir(), "clone")
	run(t, "../..", "git", "clone", "--quiet", "--depth", "1", "file://"+absolute(t, "../.."), clone)
	if n, err := rename(clone, "example.org/verify"); err != nil || n < 100 {
		t.Fatalf("%d files: %v", n, err)
	}
	for package_ := range strings.Lines(run(t, clone, "go", "list", "-test", "-deps", "./...")) {
		if strings.HasPrefix(package_, "synchrony") {
			t.Fatalf("%s still has its old name", package_)
		}
	}
	run(t, clone, "go", "test", "-run", "FloorPlan", "./ci")
	run(t, clone, "go", "build", "./properties/campaign", "./executor/instrument")
	if left := run(t, clone, "gofmt", "-l", "."); left != "" {
		t.Errorf("not formatted any more: %s", left)
	}
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// run runs a command, and returns what it prints.
func run(t *testing.T, folder string, args ...string) string {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Env = folder, append(os.Environ(), "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
