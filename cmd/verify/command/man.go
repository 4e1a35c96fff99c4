package command

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/properties"
)

// manCommand writes manual pages.
func (a *app) manCommand() *cobra.Command {
	var folder string
	cmd := &cobra.Command{
		Use:   "man",
		Short: "Write manual pages, one for each command",
		Long: `Write manual pages, one for each command, in the form that man(1) reads. They say
what --help says.`,
		Example: `  verify man --dir ~/.local/share/man/man1      where man(1) finds them
  verify man --dir man && man man/verify-run.1`,
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if folder == "" {
				return wrongUse(cmd, "--dir must name a folder")
			}
			return a.man(cmd.Root(), folder)
		},
	}
	cmd.Flags().StringVar(&folder, "dir", "man", "`folder` to write them to, which is made if need be")
	return cmd
}

// man writes the pages of root and its commands, and prints the names of the files.
func (a *app) man(root *cobra.Command, folder string) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return fmt.Errorf("cannot write manual pages: %w", err)
	}
	for _, cmd := range documented(root) {
		path := filepath.Join(folder, pageName(cmd)+".1")
		if err := properties.WriteFile(path, manPage(cmd)); err != nil {
			return fmt.Errorf("cannot write %s: %w", path, err)
		}
		fmt.Fprintln(a.stdout, path)
	}
	return nil
}

// documented returns cmd and its commands, theirs included, but hidden ones and help.
func documented(cmd *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{cmd}
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "help" {
			all = append(all, documented(sub)...)
		}
	}
	return all
}

// pageName is "verify-run" for "verify run".
func pageName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// manPage is the page of one command, in the macros of man(7).
func manPage(cmd *cobra.Command) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, ".TH %q 1 \"\" %q \"User Commands\"\n", strings.ToUpper(pageName(cmd)), roff("verify "+version()))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(pageName(cmd)), roff(cmd.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", roff(cmd.CommandPath()))
	if arguments, ok := strings.CutPrefix(cmd.Use, cmd.Name()+" "); ok {
		fmt.Fprintf(&b, "[\\fIflags\\fR] %s\n", roff(arguments))
	} else {
		fmt.Fprintf(&b, "[\\fIflags\\fR]\n")
	}
	fmt.Fprintf(&b, ".SH DESCRIPTION\n")
	about, codes, _ := strings.Cut(cmd.Long, "\nExit codes")
	manText(&b, about)
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, ".SH COMMANDS\n")
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() && sub.Name() != "help" {
				fmt.Fprintf(&b, ".TP\n\\fB%s\\fR(1)\n%s\n", roff(pageName(sub)), roff(sub.Short))
			}
		}
	}
	manFlags(&b, "OPTIONS", cmd.NonInheritedFlags())
	manFlags(&b, "OPTIONS OF EVERY COMMAND", cmd.InheritedFlags())
	if codes != "" {
		fmt.Fprintf(&b, ".SH EXIT STATUS\n")
		manText(&b, "Exit codes"+codes)
	}
	if cmd.Example != "" {
		fmt.Fprintf(&b, ".SH EXAMPLES\n.nf\n%s\n.fi\n", roff(cmd.Example))
	}
	if cmd.HasParent() {
		fmt.Fprintf(&b, ".SH SEE ALSO\n\\fB%s\\fR(1)\n", roff(pageName(cmd.Parent())))
	}
	return b.Bytes()
}

// manText writes paragraphs: indented lines are left as they are, others are filled.
func manText(w io.Writer, text string) {
	verbatim := false
	for line := range strings.Lines(strings.TrimSpace(text) + "\n") {
		line = strings.TrimSuffix(line, "\n")
		if indented := strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "\t"); indented != verbatim && line != "" {
			verbatim = indented
			fmt.Fprintln(w, map[bool]string{true: ".nf", false: ".fi"}[verbatim])
		}
		switch {
		case line != "":
			fmt.Fprintln(w, roff(line))
		case verbatim:
			fmt.Fprintln(w)
		default:
			fmt.Fprintln(w, ".PP")
		}
	}
	if verbatim {
		fmt.Fprintln(w, ".fi")
	}
}

// manFlags writes a section of flags.
func manFlags(w io.Writer, title string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	fmt.Fprintf(w, ".SH %s\n", title)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		names := "\\fB" + roff("--"+f.Name) + "\\fR"
		if f.Shorthand != "" {
			names = "\\fB" + roff("-"+f.Shorthand) + "\\fR, " + names
		}
		value, usage := pflag.UnquoteUsage(f)
		if value != "" {
			names += "=\\fI" + roff(value) + "\\fR"
		}
		if d := f.DefValue; d != "" && d != "0" && d != "0s" && d != "false" && d != "[]" {
			usage += " (default " + d + ")"
		}
		fmt.Fprintf(w, ".TP\n%s\n%s\n", names, roff(usage))
	})
}

// roff escapes text: a backslash is an escape, a plain hyphen may become another
// character, and a point or an apostrophe at the start of a line is a request. Not every
// reader knows UTF-8.
func roff(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\\':
			b.WriteString(`\e`)
		case r == '-':
			b.WriteString(`\-`)
		case r > unicode.MaxASCII:
			fmt.Fprintf(&b, `\[u%04X]`, r)
		default:
			b.WriteRune(r)
		}
	}
	lines := strings.Split(b.String(), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
