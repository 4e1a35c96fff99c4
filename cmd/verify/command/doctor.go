package command

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"synchrony/reports/results"
)

// health is whether something that verify uses is there.
type health string

const (
	healthy  health = "ok"
	missing  health = "missing" // verify runs without it; something beside does not
	unusable health = "broken"  // verify cannot run like this
)

// finding is what the doctor says about one thing.
type finding struct {
	Name   string `json:"name"`
	Health health `json:"health"`
	Detail string `json:"detail"`
	Needed string `json:"neededFor,omitempty"` // of what is missing
	Fix    string `json:"fix,omitempty"`       // a command, or what to do
}

// doctorCommand looks at the machine.
func (a *app) doctorCommand() *cobra.Command {
	var asJSON bool
	var corpus string
	var program foreignOptions
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say what this machine has, what is missing, and how to get it",
		Long: `Look at this machine: the Go toolchain, the C compiler and the race detector, Z3,
what tests need, the processors, the terminal, and the folders that verify writes to. For
what is missing, say what needs it, and the command that installs it.

With --system, say instead whether that program keeps to the protocol of programs in
any language: ask it workloads and schedules, and look at its answers.

Exit codes: 0 everything is there; 3 something is missing that verify run does
without; 2 verify run cannot work like this.`,
		Example: `  verify doctor
  verify doctor --corpus shared/counterexamples
  verify doctor --json
  verify doctor --system ./my-executor --kind batch`,
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if corpus == "" {
				return wrongUse(cmd, "--corpus must name a folder")
			}
			findings, show := []finding(nil), showFindings
			if err := a.use(cmd.Context(), cmd, &program, 2*defaultHangTimeout); err != nil {
				return err
			}
			if a.foreign == nil {
				findings = a.machine().examine(cmd.Context(), corpus)
			} else {
				var err error
				if findings, err = conformance(cmd.Context(), &program); err != nil {
					return err
				}
				show = showConformance
			}
			if asJSON {
				show = func(w io.Writer, f []finding) error { return results.WriteJSON(w, f) }
			}
			if err := show(a.stdout, findings); err != nil {
				return err
			}
			return exit(diagnosis(findings))
		},
	}
	f := cmd.Flags()
	f.StringVar(&corpus, "corpus", defaultCorpus, "`folder` of counterexamples to look at")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	program.flags(f)
	return cmd
}

// examine looks at everything, in the order of the report.
func (m *machine) examine(ctx context.Context, corpus string) []finding {
	toolchain, cgo, cc := m.toolchain(ctx)
	compiler := m.compiler(ctx, cc)
	return []finding{
		toolchain,
		compiler,
		m.raceDetector(cgo, compiler.Health == healthy),
		m.solver(compiler.Health == healthy),
		m.tool("Chromium", "the browser tests of the HTML report", "chromium", "chromium", "chromium-browser", "google-chrome"),
		m.tool("xmllint", "the tests of JUnit reports", "libxml2-utils", "xmllint"),
		m.processors(),
		m.terminal(),
		m.folder("corpus", corpus, unusable, "saving counterexamples", "name another folder with --corpus"),
		m.folder("state", stateFolder(runtime.GOOS, m.getenv), missing, "the history of runs", "set XDG_STATE_HOME to a folder that can be written"),
	}
}

// diagnosis is the exit code that the findings come to.
func diagnosis(findings []finding) int {
	code := exitPassed
	for _, f := range findings {
		switch f.Health {
		case unusable:
			return exitError
		case missing:
			code = exitInconclusive
		}
	}
	return code
}

// showFindings tells the findings to a person.
func showFindings(w io.Writer, findings []finding) error {
	var sb strings.Builder
	count := map[health]int{}
	for _, f := range findings {
		count[f.Health]++
		fmt.Fprintf(&sb, "%-8s %-14s %s\n", f.Health, f.Name, f.Detail)
		if f.Needed != "" {
			fmt.Fprintf(&sb, "%-24sneeded for %s\n", "", f.Needed)
		}
		if f.Fix != "" {
			fmt.Fprintf(&sb, "%-24sto get it: %s\n", "", f.Fix)
		}
	}
	switch {
	case count[unusable] > 0:
		fmt.Fprintf(&sb, "\nverify run cannot work like this: see what is %s above\n", unusable)
	case count[missing] > 0:
		fmt.Fprintf(&sb, "\nverify run works; what is %s above is for the purposes named\n", missing)
	default:
		fmt.Fprintf(&sb, "\neverything is there\n")
	}
	_, err := io.WriteString(w, sb.String())
	return err
}
