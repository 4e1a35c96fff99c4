package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	goversion "go/version"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"synchrony/properties"
)

// leastGo is the version of Go that the module asks for.
const leastGo = "go1.26"

// machine is what the doctor asks of the computer it runs on.
type machine struct {
	build     build
	lookPath  func(program string) (string, error)
	output    func(ctx context.Context, program string, args ...string) (string, error)
	getenv    func(string) string
	writable  func(folder string) error
	cores     int // that this process may use
	procs     int // that Go uses of them
	columns   int // of the terminal; 0 if standard output is none
	colour    bool
	whyColour string // why it is in colour, or is not
}

// machine is this machine.
func (a *app) machine() *machine {
	m := &machine{
		build: thisBuild(), lookPath: exec.LookPath, getenv: os.Getenv, writable: couldWrite,
		cores: runtime.NumCPU(), procs: runtime.GOMAXPROCS(0), columns: width(a.stdout),
		output: func(ctx context.Context, program string, args ...string) (string, error) {
			cmd := exec.CommandContext(ctx, program, args...)
			cmd.Dir = os.TempDir() // what go says about a module it stands in is beside the point
			out, err := cmd.Output()
			return strings.TrimSpace(string(out)), err
		},
	}
	m.colour, m.whyColour = a.colour.decide(isTerminal(a.stdout), os.Getenv)
	return m
}

// toolchain looks for Go, and says what it thinks of cgo and of the C compiler.
func (m *machine) toolchain(ctx context.Context) (f finding, cgo bool, cc string) {
	f = finding{Name: "Go", Health: missing, Needed: "building verify, go test, and verify mutants", Fix: "install " + leastGo + " or newer from https://go.dev/dl"}
	path, err := m.lookPath("go")
	if err != nil {
		f.Detail = "no go in PATH"
		return f, m.build.Cgo, cmp.Or(m.getenv("CC"), "gcc")
	}
	out, err := m.output(ctx, path, "env", "GOVERSION", "CGO_ENABLED", "CC")
	lines := strings.Split(out, "\n")
	if err != nil || len(lines) != 3 {
		f.Detail = fmt.Sprintf("%s does not answer: %v", path, err)
		return f, m.build.Cgo, cmp.Or(m.getenv("CC"), "gcc")
	}
	f.Detail = lines[0] + " at " + path
	if v := strings.Fields(lines[0]); len(v) > 0 && (!goversion.IsValid(v[0]) || goversion.Compare(v[0], leastGo) >= 0) {
		f = finding{Name: f.Name, Health: healthy, Detail: f.Detail}
	}
	return f, lines[1] == "1", lines[2]
}

func (m *machine) compiler(ctx context.Context, cc string) finding {
	f := finding{Name: "C compiler", Health: missing, Needed: "the race detector and Z3, by way of cgo", Fix: m.install("gcc")}
	words := strings.Fields(cc) // CC may have arguments
	if len(words) == 0 {
		words = []string{"gcc"}
	}
	path, err := m.lookPath(words[0])
	if err != nil {
		f.Detail = fmt.Sprintf("no %s in PATH", words[0])
		return f
	}
	version, err := m.output(ctx, path, "--version")
	if err != nil {
		f.Detail = fmt.Sprintf("%s does not answer: %v", path, err)
		return f
	}
	first, _, _ := strings.Cut(version, "\n")
	return finding{Name: f.Name, Health: healthy, Detail: first}
}

func (m *machine) raceDetector(cgo, compiler bool) finding {
	f := finding{Name: "race detector", Health: missing, Needed: "go test -race"}
	switch {
	case !cgo:
		f.Detail, f.Fix = "cgo is off", "set CGO_ENABLED=1"
	case !compiler:
		f.Detail, f.Fix = "cgo needs a C compiler", m.install("gcc")
	default:
		return finding{Name: f.Name, Health: healthy, Detail: "cgo and a C compiler are there"}
	}
	return f
}

func (m *machine) solver(compiler bool) finding {
	if m.build.Z3 != "" {
		return finding{Name: "Z3", Health: healthy, Detail: "version " + m.build.Z3}
	}
	f := finding{Name: "Z3", Health: missing, Detail: "verify was built without it", Needed: "verify prove, and the properties that ask a solver", Fix: m.install("libz3-dev") + ", and then make build"}
	if !compiler {
		f.Fix = m.install("gcc") + ", " + f.Fix
	}
	return f
}

// tool looks for a program by any of its names, which a package has.
func (m *machine) tool(title, needed, pkg string, names ...string) finding {
	for _, name := range names {
		if path, err := m.lookPath(name); err == nil {
			return finding{Name: title, Health: healthy, Detail: path}
		}
	}
	return finding{Name: title, Health: missing, Detail: fmt.Sprintf("no %s in PATH", names[0]), Needed: needed, Fix: m.install(pkg)}
}

func (m *machine) processors() finding {
	f := finding{Name: "processors", Health: healthy, Detail: fmt.Sprintf("%d, of which Go uses %d", m.cores, m.procs)}
	if m.procs == 1 {
		f.Detail += ": runs on plain goroutines show less here, controlled schedules do not"
	}
	return f
}

func (m *machine) terminal() finding {
	where, how := "none on standard output", "plain"
	if m.columns > 0 {
		where = fmt.Sprintf("%d columns", m.columns)
	}
	if m.colour {
		how = "in colour"
	}
	return finding{Name: "terminal", Health: healthy, Detail: fmt.Sprintf("%s; text is %s (%s)", where, how, m.whyColour)}
}

// folder says whether a folder can be written, and else that it is in the given health.
func (m *machine) folder(name, path string, otherwise health, needed, fix string) finding {
	if path == "" {
		return finding{Name: name + " folder", Health: otherwise, Detail: "the environment variable HOME is not set", Needed: needed, Fix: "set HOME to your home folder"}
	}
	if err := m.writable(path); err != nil {
		return finding{Name: name + " folder", Health: otherwise, Detail: fmt.Sprintf("%s cannot be written: %v", path, err), Needed: needed, Fix: fix}
	}
	return finding{Name: name + " folder", Health: healthy, Detail: path}
}

// packages are the names of what can be missing, by package manager.
var packages = []struct {
	manager, install string
	names            map[string]string // where they are not Debian's
}{
	{"apt-get", "apt-get install ", nil},
	{"brew", "brew install ", map[string]string{"libz3-dev": "z3", "libxml2-utils": "libxml2"}},
	{"dnf", "dnf install ", map[string]string{"libz3-dev": "z3-devel", "libxml2-utils": "libxml2"}},
	{"apk", "apk add ", map[string]string{"libz3-dev": "z3-dev", "gcc": "build-base"}},
}

// install is the command that installs a package, here called by its Debian name.
func (m *machine) install(name string) string {
	for _, p := range packages {
		if _, err := m.lookPath(p.manager); err == nil {
			return p.install + cmp.Or(p.names[name], name)
		}
	}
	return "install the package " + name
}

// stateFolder is where verify keeps what it remembers between runs (XDG Base Directory
// Specification, and on macOS its own folder); empty if the environment does not say.
func stateFolder(goos string, getenv func(string) string) string {
	if state := getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return filepath.Join(state, "verify")
	}
	switch home := getenv("HOME"); {
	case !filepath.IsAbs(home):
		return ""
	case goos == "darwin":
		return filepath.Join(home, "Library", "Application Support", "verify")
	default:
		return filepath.Join(home, ".local", "state", "verify")
	}
}

// couldWrite reports whether files could be made in folder, or it itself be made, and
// leaves nothing behind.
func couldWrite(folder string) error {
	for {
		info, err := os.Stat(folder)
		switch {
		case err == nil && !info.IsDir():
			return fmt.Errorf("%s is no folder", folder)
		case err == nil:
			return properties.CheckFolder(folder)
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
		folder = filepath.Dir(folder)
	}
}
