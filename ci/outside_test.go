package ci

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// outsideDocument is where a user reads how to use this module from another one.
const outsideDocument = "../docs/own-system.md"

// TestOutside: a module outside of the repository uses this one by the lines that the document gives, and its own tests find what
// is wrong with its code. Nothing is downloaded.
func TestOutside(t *testing.T) {
	root := absoluteRoot(t)
	lines := strings.ReplaceAll(fenced(t, outsideDocument, "go.mod"), "/path/to/verify", root)
	for name, ways := range map[string]map[string]string{
		"replace":   {"go.mod": "module example.com/mine\n\ngo 1.26\n\n" + lines},
		"workspace": {"go.mod": "module example.com/mine\n\ngo 1.26\n\n" + lines, "go.work": "go 1.26.0\n\nuse (\n\t.\n\t" + root + "\n)\n"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			write(t, folder, ways)
			write(t, folder, map[string]string{"counter_test.go": fenced(t, outsideDocument, "counter_test.go")})
			out, err := goOutside(folder, "test", ".")
			if err == nil || !strings.Contains(out, "counter is violated") || !strings.Contains(out, "its schedule deviates from the default") {
				t.Errorf("go test: %v\n%s", err, out)
			}
			saved, _ := filepath.Glob(filepath.Join(folder, "testdata/counterexamples/counter-*.txtar"))
			if len(saved) != 1 {
				t.Errorf("saved %q", saved)
			}
		})
	}
}

// goOutside runs the go command in a folder of a user's, where everything must come from the module cache.
func goOutside(folder string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOSUMDB=off", "GOFLAGS=-mod=mod")
	if _, err := os.Stat(filepath.Join(folder, "go.work")); err == nil { // which does not go with -mod=mod
		cmd.Env = append(cmd.Env, "GOFLAGS=")
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func write(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func absoluteRoot(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// fenced returns what a document has as the content of a file: the code block after the line that ends in its name and a colon.
func fenced(t *testing.T, document, name string) string {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?ms)`" + regexp.QuoteMeta(name) + "`:\n\n```\\w*\n(.*?)^```$").FindSubmatch(text)
	if block == nil {
		t.Fatalf("%s shows no %s", document, name)
	}
	return string(block[1])
}

// heavy are what a user's test must not be made to compile: each is for the command, for a checker of the built-in systems, or for tests of this module.
var heavy = []string{
	"modernc.org", "github.com/chromedp", "github.com/goccy/go-yaml", "github.com/spf13", "github.com/aclements/go-z3", "github.com/anishathalye/porcupine",
	"github.com/bluekeyes", "golang.org/x/tools/go", "golang.org/x/term", "net/http", "runtime/cgo",
}

// userPackages are those that a user's own tests import.
var userPackages = []string{"properties", "properties/campaign", "properties/isolate", "executor", "executor/sched", "checkers"}

// TestUserCompilesLittle: a test of a user's compiles of libraries what the harness itself needs, and no more.
func TestUserCompilesLittle(t *testing.T) {
	args := []string{"list", "-deps", "-test", module + "examples/library/transfers"}
	for _, p := range userPackages {
		args = append(args, module+p)
	}
	cmd := exec.Command("go", slices.Replace(args, 2, 3)...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderrOf(err))
	}
	libraries := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		path, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		for _, h := range heavy {
			if within(path, h) {
				t.Errorf("a user's test compiles %s", path)
			}
		}
		if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") && !strings.HasSuffix(first, ".test") {
			libraries[path] = true
		}
	}
	if len(libraries) > 3 || !libraries["pgregory.net/rapid"] {
		t.Errorf("a user's test compiles the libraries %v", libraries)
	}
}
