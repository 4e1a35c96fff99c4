package command

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// complete is a machine that lacks nothing; programs are what is in its PATH, with what
// each answers.
func complete(programs map[string]string) *machine {
	return &machine{
		build: build{Z3: "4.8.12", Cgo: true},
		lookPath: func(name string) (string, error) {
			if _, ok := programs[name]; !ok {
				return "", errors.New("not found")
			}
			return "/bin/" + name, nil
		},
		output: func(_ context.Context, path string, _ ...string) (string, error) {
			return programs[filepath.Base(path)], nil
		},
		getenv:   func(name string) string { return map[string]string{"HOME": "/home/x"}[name] },
		writable: func(string) error { return nil },
		cores:    4, procs: 4,
	}
}

func TestDoctor(t *testing.T) {
	path := map[string]string{"go": "go1.26.1\n1\ngcc -m64", "gcc": "gcc 12\nmore", "chromium": "", "xmllint": "", "apt-get": ""}
	without := func(names ...string) func(*machine, map[string]string) {
		return func(_ *machine, p map[string]string) {
			for _, name := range names {
				delete(p, name)
			}
		}
	}
	unwritable := func(folder string) func(*machine, map[string]string) {
		return func(m *machine, _ map[string]string) {
			m.writable = func(f string) error {
				if f == folder {
					return errors.New("read-only")
				}
				return nil
			}
		}
	}
	for _, c := range []struct {
		name  string
		spoil func(*machine, map[string]string)
		code  int
		want  []string // of the report
	}{
		{"nothing is missing", without(), exitPassed, []string{"everything is there", "ok       C compiler     gcc 12\n"}},
		{"no Go", without("go"), exitInconclusive, []string{"missing  Go ", "https://go.dev/dl", "ok       race detector"}},
		{"an old Go", func(_ *machine, p map[string]string) { p["go"] = "go1.21.0\n1\ngcc" }, exitInconclusive, []string{"missing  Go             go1.21.0 at /bin/go"}},
		{"a development Go", func(_ *machine, p map[string]string) { p["go"] = "devel go1.99-abc\n1\ngcc" }, exitPassed, nil},
		{"a Go that says nothing", func(_ *machine, p map[string]string) { p["go"] = "" }, exitInconclusive, []string{"/bin/go does not answer"}},
		{"no C compiler", without("gcc"), exitInconclusive, []string{"no gcc in PATH", "to get it: apt-get install gcc", "missing  race detector"}},
		{"cgo off", func(_ *machine, p map[string]string) { p["go"] = "go1.26.1\n0\ngcc" }, exitInconclusive, []string{"to get it: set CGO_ENABLED=1"}},
		{"no Z3", func(m *machine, _ map[string]string) { m.build.Z3 = "" }, exitInconclusive, []string{"apt-get install libz3-dev, and then make build"}},
		{"no Z3, on macOS", func(m *machine, p map[string]string) {
			m.build.Z3 = ""
			delete(p, "apt-get")
			p["brew"] = ""
		}, exitInconclusive, []string{"brew install z3, and"}},
		{"no browser, and nothing to install it with", without("chromium", "apt-get"), exitInconclusive, []string{"install the package chromium", "verify run works"}},
		{"another browser", func(_ *machine, p map[string]string) {
			delete(p, "chromium")
			p["google-chrome"] = ""
		}, exitPassed, []string{"/bin/google-chrome"}},
		{"one processor", func(m *machine, _ map[string]string) { m.procs = 1 }, exitPassed, []string{"4, of which Go uses 1: runs on plain goroutines show less"}},
		{"a corpus that cannot be written", unwritable("corpus"), exitError, []string{"broken   corpus folder  corpus cannot be written: read-only", "verify run cannot work"}},
		{"a state folder that cannot be written", unwritable("/home/x/.local/state/verify"), exitInconclusive, []string{"set XDG_STATE_HOME"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			programs := map[string]string{}
			for k, v := range path {
				programs[k] = v
			}
			m := complete(programs)
			c.spoil(m, programs)
			findings := m.examine(t.Context(), "corpus")
			var out bytes.Buffer
			if err := showFindings(&out, findings); err != nil {
				t.Fatal(err)
			}
			if code := diagnosis(findings); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			for _, want := range c.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("the report lacks %q:\n%s", want, &out)
				}
			}
			for _, f := range findings {
				if (f.Health == healthy) != (f.Fix == "") || (f.Health == healthy) != (f.Needed == "") {
					t.Errorf("what is missing must say what needs it and how to get it: %+v", f)
				}
			}
		})
	}
}

// TestCouldWrite: looking leaves nothing behind.
func TestCouldWrite(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{root: true, filepath.Join(root, "a", "b"): true, file: false, filepath.Join(file, "a"): false} {
		if err := couldWrite(path); (err == nil) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
	if entries, err := os.ReadDir(root); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestStateFolder(t *testing.T) {
	for _, c := range []struct{ goos, xdg, want string }{
		{"linux", "", "/home/x/.local/state/verify"},
		{"linux", "/state", "/state/verify"},
		{"linux", "relative", "/home/x/.local/state/verify"}, // the specification says to ignore it
		{"darwin", "", "/home/x/Library/Application Support/verify"},
		{"darwin", "/state", "/state/verify"},
	} {
		env := map[string]string{"HOME": "/home/x", "XDG_STATE_HOME": c.xdg}
		if got := stateFolder(c.goos, func(k string) string { return env[k] }); got != c.want {
			t.Errorf("XDG_STATE_HOME=%q: %s, want %s", c.xdg, got, c.want)
		}
	}
	if got := stateFolder("linux", func(string) string { return "" }); got != "" {
		t.Errorf("without HOME: %q", got)
	}
}

func TestColour(t *testing.T) {
	for _, c := range []struct {
		mode     colourMode
		terminal bool
		env      string
		want     bool
	}{
		{colourAuto, true, "", true},
		{colourAuto, false, "", false},
		{colourAuto, true, "TERM=dumb", false},
		{colourAuto, true, "NO_COLOR=1", false},
		{colourAuto, true, "NO_COLOR=", true},
		{colourAuto, true, "CLICOLOR=0", false},
		{colourAuto, false, "CLICOLOR_FORCE=1", true},
		{colourAuto, false, "CLICOLOR_FORCE=0", false},
		{colourAuto, true, "NO_COLOR=1 CLICOLOR_FORCE=1", false},
		{colourAlways, false, "NO_COLOR=1", true},
		{colourNever, true, "CLICOLOR_FORCE=1", false},
	} {
		getenv := func(name string) string {
			for _, word := range strings.Fields(c.env) {
				if value, ok := strings.CutPrefix(word, name+"="); ok {
					return value
				}
			}
			return ""
		}
		if got, why := c.mode.decide(c.terminal, getenv); got != c.want || why == "" {
			t.Errorf("%+v: %v (%s)", c, got, why)
		}
	}
}

func TestReadBuild(t *testing.T) {
	b := readBuild(&debug.BuildInfo{
		Main: debug.Module{Version: "v1.2.3"},
		Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "abc"},
			{Key: "vcs.time", Value: "2026-01-02T03:04:05Z"},
			{Key: "vcs.modified", Value: "true"},
			{Key: "CGO_ENABLED", Value: "1"},
			{Key: "-race", Value: "true"},
			{Key: "-tags", Value: "noz3,browser"},
		},
	}, "")
	var out strings.Builder
	if err := b.write(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	for _, want := range []string{"verify v1.2.3", "revision abc of 2026-01-02, with changes", "without Z3: what needs a solver is unknown"} {
		if !slices.Contains(lines, want) {
			t.Errorf("lacks the line %q:\n%s", want, &out)
		}
	}
	if !strings.HasSuffix(lines[2], ", with the race detector, tags noz3 browser") {
		t.Errorf("unexpected third line %q", lines[2])
	}
	bare := readBuild(&debug.BuildInfo{}, "4.8.12")
	out.Reset()
	if err := bare.write(&out); err != nil || bare.Version != "(devel)" || !strings.HasSuffix(out.String(), ", without cgo\nZ3 4.8.12\n") {
		t.Errorf("%v, %q", err, &out)
	}
}
