package command

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"synchrony/checkers/smt"
	"synchrony/reports/results"
)

// build is what this program was built from, and with.
type build struct {
	Version  string   `json:"version"`            // the module's; "(devel)" of a build outside of version control
	Revision string   `json:"revision,omitempty"` // of version control
	Time     string   `json:"time,omitempty"`     // of the revision, RFC 3339
	Modified bool     `json:"modified,omitempty"` // there were changes that no revision has
	Go       string   `json:"go"`
	Platform string   `json:"platform"` // "linux/amd64"
	Cgo      bool     `json:"cgo"`
	Race     bool     `json:"race"` // built with the race detector
	Tags     []string `json:"tags,omitempty"`
	Z3       string   `json:"z3,omitempty"` // the library's version; empty without Z3
}

// thisBuild describes this program.
func thisBuild() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return readBuild(info, smt.Z3Version())
}

// readBuild picks what we show out of what the linker has noted.
func readBuild(info *debug.BuildInfo, z3 string) build {
	b := build{Version: info.Main.Version, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, Z3: z3}
	if b.Version == "" {
		b.Version = "(devel)"
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		case "CGO_ENABLED":
			b.Cgo = s.Value == "1"
		case "-race":
			b.Race = s.Value == "true"
		case "-tags":
			b.Tags = strings.Split(s.Value, ",")
		}
	}
	return b
}

// version is the program's version, as the build knows it.
func version() string { return thisBuild().Version }

// thisEnvironment is where this program runs.
func thisEnvironment() results.Environment {
	b := thisBuild()
	host, _ := os.Hostname() // a report without is good, too
	return results.Environment{Host: host, Platform: b.Platform, Processors: runtime.NumCPU(), Go: b.Go, Revision: b.Revision, Modified: b.Modified}
}

// versionCommand says what this program is.
func (a *app) versionCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Say which version this is, and what it was built with",
		Long: `Say which version this is: the module's version, the revision of version control
that it was built from, the version of Go, and that of the solver Z3. A report of
a mistake in verify should have this.`,
		Example: `  verify version
  verify version --json`,
		Args: none,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return results.WriteJSON(a.stdout, thisBuild())
			}
			b := thisBuild()
			return b.write(a.stdout)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// write tells the build to a person.
func (b *build) write(w io.Writer) error {
	lines := []string{"verify " + b.Version}
	if b.Revision != "" {
		line := "revision " + b.Revision
		if t, err := time.Parse(time.RFC3339, b.Time); err == nil {
			line += " of " + t.UTC().Format(time.DateOnly)
		}
		if b.Modified {
			line += ", with changes"
		}
		lines = append(lines, line)
	}
	line := b.Go + " " + b.Platform
	if !b.Cgo {
		line += ", without cgo"
	}
	if b.Race {
		line += ", with the race detector"
	}
	if len(b.Tags) > 0 {
		line += ", tags " + strings.Join(b.Tags, " ")
	}
	if b.Z3 != "" {
		lines = append(lines, line, "Z3 "+b.Z3)
	} else {
		lines = append(lines, line, "without Z3: what needs a solver is unknown")
	}
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}
