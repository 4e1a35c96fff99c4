package results

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"synchrony/reports"
)

// What GitHub Actions shows of a step: of the errors and of the warnings the first
// ten each, of a message 4,096 characters (actions/runner, ExecutionContext.cs), and
// a summary of 1 MiB, or none at all if it is longer.
const (
	maxAnnotations   = 10
	maxMessage       = 4096
	MaxGitHubSummary = 1 << 20
)

// GitHubAnnotations writes a run as workflow commands of GitHub Actions, which show
// up beside the lines of a pull request: an error for each violation, and for each
// property that broke the harness, at the place where the property is defined; a
// warning for each that is inconclusive. If there are more than GitHub shows, the
// last one says how many.
func GitHubAnnotations(w io.Writer, run *Run) error {
	var errors, warnings []annotation
	for i := range run.Properties {
		p := &run.Properties[i]
		in := &p.Info
		switch p.Status() {
		case reports.Fail:
			for k := range p.Result.Failures {
				f := &p.Result.Failures[k]
				errors = append(errors, annotation{cmp.Or(f.Position, in.Source), in.ID + " is violated: " + in.Statement, failureStory(run.Subject, f)})
			}
		case reports.Broken:
			errors = append(errors, annotation{in.Source, in.ID + " could not be tested: " + in.Statement, p.Why()})
		case reports.Inconclusive:
			warnings = append(warnings, annotation{in.Source, in.ID + " is inconclusive: " + in.Statement, p.Why()})
		}
		if why := p.Result.Lost(); why != "" {
			warnings = append(warnings, annotation{in.Source, in.ID + " was not under control: " + in.Statement, why})
		}
	}
	out := workflow{w: w}
	writeAnnotations(&out, "error", errors)
	writeAnnotations(&out, "warning", warnings)
	return out.err
}

// workflow writes commands until the first error, which it keeps.
type workflow struct {
	w   io.Writer
	err error
}

func (o *workflow) command(text string) {
	if o.err == nil {
		_, o.err = io.WriteString(o.w, text+"\n")
	}
}

// annotation is an annotation at a place, "folder/file.go:12".
type annotation struct{ place, title, message string }

func writeAnnotations(out *workflow, kind string, list []annotation) {
	if more := len(list) - maxAnnotations; more > 0 {
		list = append(list[:maxAnnotations-1:maxAnnotations-1], annotation{
			title:   fmt.Sprintf("and %d more", more+1),
			message: fmt.Sprintf("There are %d more %ss than GitHub shows; the job summary has them.", more+1, kind),
		})
	}
	for _, a := range list {
		command := "::" + kind + " "
		if file, line, ok := place(a.place); ok {
			command += fmt.Sprintf("file=%s,line=%d,", commandProperty(file), line)
		}
		out.command(command + "title=" + commandProperty(a.title) + "::" + commandData(beginning(strings.TrimSpace(a.message), maxMessage)))
	}
}

// beginning cuts text to at most limit characters.
func beginning(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit-1]) + "…"
}

// commandData escapes the message of a workflow command, commandProperty a value
// before it (actions/toolkit, command.ts).
func commandData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(withoutControls(s))
}

func commandProperty(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(commandData(s))
}
