package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/reports"
)

// form is a file that a report can be written to, beside its text.
type form struct {
	flag   string
	render func(io.Writer, *reports.Run) error
	path   string // where to; empty if it is not wanted, - for standard output
}

// outputs are the forms that a command's flags ask for.
type outputs struct {
	forms []form
}

// outputFlags adds to f a flag for each form of report.
func (a *app) outputFlags(f *pflag.FlagSet) *outputs {
	o := &outputs{}
	o.forms = []form{
		{flag: "json", render: reports.JSON},
		{flag: "junit", render: reports.JUnit},
	}
	words := map[string]string{
		"json":  "write the results as JSON to this `file`; - is standard output, and the text then goes to standard error",
		"junit": "write them as JUnit XML to this `file`, for CI servers",
	}
	for i := range o.forms {
		f.StringVar(&o.forms[i].path, o.forms[i].flag, "", words[o.forms[i].flag])
	}
	return o
}

// check refuses outputs that make no sense, and those that cannot be written, as
// far as can be known: before anything runs, so that no result is lost.
func (o *outputs) check(cmd *cobra.Command) error {
	standard := ""
	for _, f := range o.forms {
		switch {
		case cmd.Flags().Changed(f.flag) && f.path == "":
			return wrongUse(cmd, "--%s must name a file, or be - for standard output", f.flag)
		case f.path == "-" && standard != "":
			return wrongUse(cmd, "--%s and --%s cannot both be standard output", standard, f.flag)
		case f.path == "-":
			standard = f.flag
		}
	}
	for _, f := range o.forms {
		if err := checkOutput(f.path); err != nil {
			return err
		}
	}
	return nil
}

// text is where the text for a person goes: standard output, unless that is for
// one of the forms.
func (a *app) text(o *outputs) io.Writer {
	if slices.ContainsFunc(o.forms, func(f form) bool { return f.path == "-" }) {
		return a.stderr
	}
	return a.stdout
}

// conclude writes the files that were asked for, and turns the verdict into the
// exit code.
func (a *app) conclude(report *reports.Run, o *outputs) error {
	code := statusCode(report.Status())
	for _, f := range o.forms {
		if f.path == "" {
			continue
		}
		err := a.writeOutput(f.path, func(w io.Writer) error { return f.render(w, report) })
		if err == nil {
			continue
		}
		fmt.Fprintf(a.stderr, "verify: cannot write %s: %v\n", f.path, err)
		if code != exitViolated { // which outweighs what went wrong beside it
			code = exitError
		}
	}
	return exit(code)
}
