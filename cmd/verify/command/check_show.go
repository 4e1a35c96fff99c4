package command

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"synchrony/checkers"
	"synchrony/models/text"
	"synchrony/reports"
)

// showCheck prints a report.
func (a *app) showCheck(r *checkReport, o *checkOptions) error {
	if o.json {
		e := json.NewEncoder(a.stdout)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	var sb strings.Builder
	fmt.Fprintf(&sb, "%s: %s of a %s", r.File, text.Plural(r.Operations, "operation"), r.Model)
	if r.Pending > 0 {
		fmt.Fprintf(&sb, ", %d of unknown outcome", r.Pending)
	}
	if r.Failed > 0 {
		fmt.Fprintf(&sb, "; %d failed", r.Failed)
	}
	sb.WriteByte('\n')
	for _, note := range r.Notes {
		fmt.Fprintf(&sb, "note: %s\n", note)
	}
	sb.WriteString(r.Verdict)
	if r.Rule != "" {
		fmt.Fprintf(&sb, ": %s", r.Rule)
	}
	if r.Method != "" {
		fmt.Fprintf(&sb, " (%s, %v)", r.Method, time.Duration(r.Seconds*float64(time.Second)).Round(time.Millisecond))
	}
	if r.Reason != "" {
		fmt.Fprintf(&sb, "\n  %s", r.Reason)
	}
	sb.WriteByte('\n')
	showLevels(&sb, r)
	if len(r.Cycle) > 0 {
		fmt.Fprintf(&sb, "cycle: %s\n", strings.Join(r.Cycle, " -> "))
	}
	for _, line := range r.Evidence {
		fmt.Fprintf(&sb, "  %s\n", line)
	}
	if r.Prefix > 0 {
		fmt.Fprintf(&sb, "longest linearizable prefix: all before the return of the operation of line %d\n", r.Prefix)
	}
	showOperations(&sb, r.Longest, "a longest sequence that can be explained", 12)
	title := "these cannot be explained together, whatever the others did"
	if r.Minimal {
		title += " (none can be spared)"
	}
	showOperations(&sb, r.Core, title, 30)
	if r.Page != "" {
		fmt.Fprintf(&sb, "page: %s\n", r.Page)
	}
	_, err := io.WriteString(a.stdout, reports.Legible(sb.String()))
	return err
}

// open are the levels that are not decided.
func (r *checkReport) open() []string {
	var list []string
	for _, s := range r.Levels {
		if s.Verdict == checkers.Unknown.String() {
			list = append(list, s.Level)
		}
	}
	return list
}

// showLevels tells which isolation levels hold, and all anomalies.
func showLevels(w io.Writer, r *checkReport) {
	if len(r.Levels) == 0 || r.Verdict == checkers.Pass.String() && r.Isolation == r.Levels[0].Level {
		return // all hold
	}
	for _, line := range []struct {
		title string
		list  []string
		rest  string
	}{
		{"does not hold: ", r.Weakest, ", nor what implies it"}, {"not decided: ", r.open(), ""}, {"holds: ", r.Strongest, ", and what it implies"},
	} {
		if len(line.list) > 0 {
			fmt.Fprintf(w, "%s%s%s\n", line.title, strings.Join(line.list, ", "), line.rest)
		}
	}
	told := r.Reason
	for _, a := range r.Anomalies {
		fmt.Fprintf(w, "anomaly %s", a.Name)
		if a.Count > 1 {
			fmt.Fprintf(w, " (%d times)", a.Count)
		}
		if len(a.Cycle) > 0 {
			fmt.Fprintf(w, ": %s", strings.Join(a.Cycle, " -> "))
		}
		if a.Reason != told {
			fmt.Fprintf(w, "\n  %s", a.Reason)
		}
		told = a.Reason
		fmt.Fprintln(w)
	}
}

// showOperations lists the last of some operations.
func showOperations(w io.Writer, list []operation, title string, most int) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(w, "%s:\n", title)
	if hidden := len(list) - most; hidden > 0 {
		fmt.Fprintf(w, "  … %d others\n", hidden)
		list = list[hidden:]
	}
	for _, op := range list {
		fmt.Fprintf(w, "  line %d: %s\n", op.Line, op.Text)
	}
}
