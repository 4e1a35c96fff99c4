package command

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNew: each starting point compiles, and its planted fault is found, in a module of its own.
func TestNew(t *testing.T) {
	source, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	for kind, c := range map[string]struct {
		find []string
		want string
	}{
		"property":  {[]string{"test", "."}, "an addition was lost"},
		"batchtest": {[]string{"test", "."}, "a block has the effect of its transactions one after another"},
		"system":    {[]string{"run", ".", "run", "--seed", "1", "--no-store", "--color", "never"}, "FAIL  counter"},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), "my counter")
			code, stdout, stderr := called("new", kind, folder, "--source", source)
			if code != 0 || !strings.Contains(stdout, "go mod tidy && go "+c.find[0]) {
				t.Fatalf("exit %d\n%s%s", code, stdout, stderr)
			}
			cmd := exec.Command("go", c.find...)
			cmd.Dir, cmd.Env = folder, append(os.Environ(), "GOPROXY=off", "GOSUMDB=off", "GOFLAGS=-mod=mod", "GOWORK=off")
			out, err := cmd.CombinedOutput()
			if err == nil || !strings.Contains(string(out), c.want) {
				t.Errorf("%v\n%s", err, out)
			}
			if code, _, stderr := called("new", kind, folder, "--source", source); code != 2 || !strings.Contains(stderr, "is there already") {
				t.Errorf("it is written over: exit %d, %s", code, stderr)
			}
		})
	}
}

// called runs verify, and returns its exit code and what it printed.
func called(args ...string) (code int, stdout, stderr string) {
	var out, problems strings.Builder
	code = verify(args, &out, &problems)
	return code, out.String(), problems.String()
}

func TestNewRefuses(t *testing.T) {
	for args, want := range map[string]string{
		"new":              "expected a kind and a folder",
		"new propery x":    `there is no starting point "propery", only property, system and batchtest; did you mean property?`,
		"new property a b": "got 3 arguments",
		"new property /dev/null/x --source ../../..": "/dev/null",
	} {
		code, _, stderr := called(strings.Fields(args)...)
		if code != 2 || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, %s", args, code, stderr)
		}
	}
}

func TestPackageName(t *testing.T) {
	for folder, want := range map[string]string{"/a/My Counter": "mycounter", "/a/7up": "up", "/a/func": "checks", "/a/ß": "checks", "/a/main": "checks", "/a/testing": "checks"} {
		if got := packageName(folder); got != want {
			t.Errorf("%s: %q, want %q", folder, got, want)
		}
	}
}
