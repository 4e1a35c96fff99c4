package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/properties"
	"synchrony/reports"
	"synchrony/reports/html"
	"synchrony/reports/live"
	"synchrony/reports/results"
)

// form is a file that a report can be written to, beside its text.
type form struct {
	flag, usage string
	render      func(context.Context, io.Writer, *results.Run) error
	path        string // where to; empty if it is not wanted, - for standard output
}

// outputs are the forms that a command's flags ask for.
type outputs struct {
	forms  []form
	events string       // where to write what happens, while it does; as a form's path
	listen string       // HOST:PORT of a page that shows it; empty if none is wanted
	github bool         // annotations beside the text, and a job summary
	trends []html.Trend // how the properties did from run to run; nil if that is not known
	page   []byte       // the page about the run; nil until it is wanted
}

// outputFlags adds to f a flag for each form of report.
func (a *app) outputFlags(f *pflag.FlagSet) *outputs {
	pure := func(render func(io.Writer, *results.Run) error) func(context.Context, io.Writer, *results.Run) error {
		return func(_ context.Context, w io.Writer, run *results.Run) error { return render(w, run) }
	}
	o := &outputs{}
	o.forms = []form{
		{flag: "json", render: pure(results.JSON), usage: "write the results as JSON to this `file`; - is standard output, and the text then goes to standard error"},
		{flag: "junit", render: pure(results.JUnit), usage: "write them as JUnit XML to this `file`, for CI servers"},
		{flag: "sarif", render: pure(results.SARIF), usage: "write violations as SARIF 2.1.0 to this `file`, for code scanning"},
		{flag: "test2json", render: pure(results.Test2JSON), usage: "write what go test -json would print to this `file`, for gotestsum and the like"},
		{flag: "html", render: func(ctx context.Context, w io.Writer, run *results.Run) error {
			page, err := a.pageOf(ctx, run, o)
			if err == nil {
				_, err = w.Write(page)
			}
			return err
		}, usage: "write the report, with what happened in each failure, as one HTML page to this `file`"},
	}
	for i := range o.forms {
		form := &o.forms[i]
		f.StringVar(&form.path, form.flag, "", form.usage)
		unrepeated(f, form.flag)
	}
	f.BoolVar(&o.github, "github", os.Getenv("GITHUB_ACTIONS") == "true", "annotate the pull request and write a job summary, as GitHub Actions shows them (default: if GITHUB_ACTIONS is true)")
	f.Lookup("github").DefValue = "false" // the default is in the words
	unrepeated(f, "github")
	return o
}

// liveFlags adds to f the flags for what is shown while it happens, for commands in which something does.
func (o *outputs) liveFlags(f *pflag.FlagSet) {
	f.StringVar(&o.events, "events", "", "write what happens to this `file`, while it does, as lines of JSON")
	f.StringVar(&o.listen, "listen", "", "show the run at this `address` while it goes, as a page and as /metrics for Prometheus: 127.0.0.1:8080, or :0 for a free port; beyond this machine with a token, which is printed")
	unrepeated(f, "events", "listen")
}

// paths are where files go, with the flags that say so.
func (o *outputs) paths() []form {
	return append(slices.Clone(o.forms), form{flag: "events", path: o.events})
}

// path is where the form of a flag goes; empty if it is not wanted.
func (o *outputs) path(flag string) string {
	i := slices.IndexFunc(o.forms, func(f form) bool { return f.flag == flag })
	return o.forms[i].path
}

// beside is the first flag, but for one, of a file that is wanted; empty if there is none.
func (o *outputs) beside(flag string) string {
	for _, f := range o.paths() {
		if f.flag != flag && f.path != "" {
			return f.flag
		}
	}
	return ""
}

// check refuses outputs that make no sense, and those that cannot be written, as
// far as can be known: before anything runs, so that no result is lost.
func (o *outputs) check(cmd *cobra.Command) error {
	all := o.paths()
	for _, f := range all {
		if cmd.Flags().Changed(f.flag) && f.path == "" {
			return wrongUse(cmd, "--%s must name a file, or be - for standard output", f.flag)
		}
	}
	if listen := cmd.Flags().Lookup("listen"); listen != nil && listen.Changed {
		if err := live.Check(o.listen); err != nil {
			return wrongUse(cmd, "%v", err)
		}
	}
	if store := cmd.Flags().Lookup("store"); store != nil {
		all = append(all, form{flag: "store", path: store.Value.String()})
	}
	for _, f := range all {
		if strings.HasPrefix(f.path, "--") {
			return wrongUse(cmd, "--%s must name a file, and %s looks like a flag; write ./%s for a file of that name", f.flag, f.path, f.path)
		}
	}
	if err := distinct(cmd, all); err != nil {
		return err
	}
	for _, f := range o.paths() {
		if err := checkOutput(f.path); err != nil {
			return err
		}
	}
	return nil
}

// distinct refuses two outputs to one place, where one would be lost.
func distinct(cmd *cobra.Command, outputs []form) error {
	for i, g := range outputs {
		for _, f := range outputs[:i] {
			switch {
			case f.path == "" || g.path == "":
			case f.path == "-" && g.path == "-":
				return wrongUse(cmd, "--%s and --%s cannot both be standard output", f.flag, g.flag)
			case f.path != "-" && g.path != "-" && properties.SameFile(f.path, g.path):
				return wrongUse(cmd, "--%s and --%s cannot both be %s", f.flag, g.flag, f.path)
			}
		}
	}
	return nil
}

// text is where the text for a person goes: standard output, unless that is for
// one of the forms.
func (a *app) text(o *outputs) io.Writer {
	if slices.ContainsFunc(o.paths(), func(f form) bool { return f.path == "-" }) {
		return a.stderr
	}
	return a.stdout
}

// openEvents returns where events go: nil if they are not wanted. closing ends them,
// and says what went wrong.
func (a *app) openEvents(o *outputs) (events *results.Events, closing func() error, err error) {
	switch o.events {
	case "":
		return nil, func() error { return nil }, nil
	case "-":
		events = results.NewEvents(a.stdout)
		return events, events.Err, nil
	}
	f, err := os.Create(o.events)
	if err != nil {
		return nil, nil, err
	}
	events = results.NewEvents(f)
	return events, func() error { return errors.Join(events.Err(), f.Close()) }, nil
}

// conclude writes what was asked for, and turns the verdict into the exit code.
// failed is what was wrong with the events.
func (a *app) conclude(ctx context.Context, report *results.Run, o *outputs, failed error) error {
	code := statusCode(report.Status())
	written := a.wrote("events", failed)
	if written = a.writeForms(ctx, report, o) && written; !written && code != exitViolated { // which outweighs what went wrong beside it
		code = exitError
	}
	return exit(code)
}

// writeForms writes what was asked for, tells what could not be written, and reports
// whether everything was.
func (a *app) writeForms(ctx context.Context, report *results.Run, o *outputs) bool {
	ok := true
	for _, f := range o.forms {
		if f.path != "" {
			ok = a.wrote(f.path, a.writeOutput(f.path, func(w io.Writer) error { return f.render(ctx, w, report) })) && ok
		}
	}
	if o.github {
		ok = a.wrote("annotations", results.GitHubAnnotations(a.text(o), report)) && ok
		if path := os.Getenv("GITHUB_STEP_SUMMARY"); path != "" {
			ok = a.wrote("the job summary", appendSummary(path, report)) && ok
		}
	}
	return ok
}

// wrote tells why what could not be written, and reports whether it was.
func (a *app) wrote(what string, err error) bool {
	if err != nil {
		fmt.Fprintf(a.stderr, "verify: cannot write %s: %s\n", what, reports.Legible(err.Error()))
	}
	return err == nil
}

// appendSummary appends a run to a step's job summary, to which others may have
// written.
func appendSummary(path string, report *results.Run) (err error) {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return results.GitHubSummary(f, report, results.MaxGitHubSummary-int(info.Size()))
}
