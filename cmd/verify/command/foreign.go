package command

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/models/text"
	"synchrony/properties"
	"synchrony/properties/foreign"
	"synchrony/reports"
)

// foreignOptions name a program in any language that is to be tested instead of the properties here.
type foreignOptions struct {
	system   string // its command line, by words
	kind     string
	patience time.Duration // of the program, for a line; only a child is told
}

// flags adds the flags that name the program.
func (o *foreignOptions) flags(f *pflag.FlagSet) {
	names, about := foreign.Kinds()
	var kinds []string
	for i := range names {
		kinds = append(kinds, names[i]+" ("+about[i]+")")
	}
	f.StringVar(&o.system, "system", "", "test the program that this `command` starts, in any language, instead: docs/protocol.md says what it reads and writes")
	f.StringVar(&o.kind, "kind", "", "what the program of --system takes: "+strings.Join(kinds, "; "))
}

// program is the program as counterexamples name it, and as children are told it: flags.
func (o *foreignOptions) program() string {
	return "--system " + text.QuoteWord(o.system) + " --kind " + o.kind
}

// use makes the program's property the only one, if there is a program. Whoever watches this process waits so long for a sign of life; the program
// has half of it, so that its silence is told by who knows whose silence it is.
func (a *app) use(ctx context.Context, cmd *cobra.Command, o *foreignOptions, watched time.Duration) error {
	names, _ := foreign.Kinds()
	switch given := cmd.Flags().Changed; {
	case !given("system") && !given("kind"):
		return nil
	case strings.TrimSpace(o.system) == "":
		return wrongUse(cmd, "--system must name a program, as --kind says what it takes")
	case o.kind == "":
		return wrongUse(cmd, "which --kind? There are %s", strings.Join(names, ", "))
	}
	if o.patience == 0 {
		o.patience = watched / 2
	}
	p, err := foreign.Property(ctx, strings.Fields(o.system), o.kind, o.patience)
	if err != nil {
		return fmt.Errorf("--system: %w", err)
	}
	if a.registry, err = properties.NewRegistry(p); err != nil {
		return err
	}
	a.foreign = o
	return nil
}

// childArguments make this program a child that knows the same properties.
func (a *app) childArguments() []string {
	if a.foreign == nil {
		return []string{childName}
	}
	return []string{childName, "--system", a.foreign.system, "--kind", a.foreign.kind, "--patience", a.foreign.patience.String()}
}

// program is what counterexamples name as the program that knows the properties: see [properties.Spec].
func (a *app) program() string {
	if a.foreign != nil {
		return a.foreign.program()
	}
	return mainPackage()
}

// conformance is what the doctor says of a program.
func conformance(ctx context.Context, o *foreignOptions) ([]finding, error) {
	all, err := foreign.Conform(ctx, strings.Fields(o.system), o.kind, o.patience)
	if err != nil {
		return nil, fmt.Errorf("--system: %w", err)
	}
	findings := make([]finding, len(all))
	for i, f := range all {
		findings[i] = finding{Name: f.What, Health: healthy}
		switch {
		case f.Slow:
			findings[i].Health, findings[i].Detail = missing, f.Wrong
		case f.Wrong != "":
			findings[i].Health, findings[i].Detail = unusable, f.Wrong
		}
	}
	return findings, nil
}

// showConformance tells it to a person.
func showConformance(w io.Writer, findings []finding) error {
	var sb strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&sb, "%-8s %s\n", f.Health, f.Name)
		if f.Detail != "" {
			fmt.Fprintf(&sb, "%-8s %s\n", "", f.Detail)
		}
	}
	switch diagnosis(findings) {
	case exitPassed:
		fmt.Fprintln(&sb, "\nthe program keeps to the protocol")
	case exitInconclusive:
		fmt.Fprintf(&sb, "\nthe program keeps to the protocol; what is %s above would make it faster to search\n", missing)
	default:
		fmt.Fprintln(&sb, "\nthe program does not keep to the protocol: docs/protocol.md says what it is")
	}
	_, err := io.WriteString(w, reports.Legible(sb.String()))
	return err
}
