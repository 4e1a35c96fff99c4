package results

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"synchrony/properties"
	"synchrony/properties/campaign"
	"synchrony/reports"
)

// Progress is how far a run has come, for people.
type Progress struct {
	campaign.Progress
	Subject Subject // what the run is of
}

// summary is one line about the whole run.
func (p *Progress) summary() string {
	var sb strings.Builder
	fmt.Fprintf(&sb, "%d of %s", p.Finished, p.Subject.Count(p.Parts))
	if p.Failed > 0 {
		fmt.Fprintf(&sb, ", %d failed", p.Failed)
	}
	sb.WriteString("; ")
	if p.Subject != Tests {
		fmt.Fprintf(&sb, "%s, ", reports.Plural(p.Cases, "case"))
	}
	fmt.Fprintf(&sb, "%s in %s%s", pace(p.Schedules, p.Elapsed), clock(p.Elapsed), left(p.Left))
	return sb.String()
}

// ExplorationLine is how far an exploration of so many cases has come, as one line that fits so
// many columns, or any number of them if that is 0. How much of one case is explored nobody knows well enough to say it, as new branches show on the way.
func ExplorationLine(p campaign.Progress, cases, columns int) string {
	line := fmt.Sprintf("%s in %s", pace(p.Schedules, p.Elapsed), clock(p.Elapsed))
	if cases > 1 {
		line = fmt.Sprintf("%s of %s, %s, about %.1f %% in %s%s", reports.Thousands(p.Cases), reports.Plural(cases, "case"),
			pace(p.Schedules, p.Elapsed), 100*p.Fraction, clock(p.Elapsed), left(p.Left))
	}
	if columns == 0 {
		return line
	}
	return fit(line, columns)
}

// pace is "1,234 schedules (617/s)".
func pace(schedules int, elapsed time.Duration) string {
	return fmt.Sprintf("%s (%s/s)", reports.Plural(schedules, "schedule"), rate(schedules, elapsed))
}

// left is ", about 7s left", or nothing if that is not known.
func left(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return fmt.Sprintf(", about %s left", clock(d))
}

// Line is the whole progress as one line, for a log.
func (p *Progress) Line() string {
	line := p.summary()
	for i := range p.Running {
		separator := ", "
		if i == 0 {
			separator = "; "
		}
		line += separator + brief(&p.Running[i])
	}
	return line
}

// brief says in a few words what the property is at.
func brief(r *campaign.Running) string {
	switch {
	case r.Case < 0:
		return r.Property + " " + r.Phase
	case r.Phase != properties.PhaseTesting:
		return fmt.Sprintf("%s %s case %d", r.Property, r.Phase, r.Case)
	case r.Count == 1:
		return fmt.Sprintf("%s %.0f %%", r.Property, 100*r.Done)
	case r.Count > 0:
		return fmt.Sprintf("%s %d/%d", r.Property, r.Cases(), r.Count)
	}
	return fmt.Sprintf("%s %d", r.Property, r.Cases())
}

// Block is the whole progress as lines that fit a terminal of the given size, which
// has room for at least one.
func (p *Progress) Block(columns, rows int, colour bool) []string {
	var lines []string
	for _, line := range wrap(p.summary(), max(columns, 1)) {
		lines = append(lines, fit(line, columns))
	}
	lines = lines[:min(len(lines), 2, rows)]
	if p.Failed > 0 {
		failed := fmt.Sprintf("%d failed", p.Failed)
		lines[0] = strings.Replace(lines[0], failed, reports.Palette(colour).Of(reports.Fail, failed), 1)
	}
	width := idWidth
	for i := range p.Running {
		width = max(width, utf8.RuneCountInString(p.Running[i].Property))
	}
	for i := range p.Running {
		switch rest := len(p.Running) - i; {
		case len(lines) >= rows:
			return lines
		case len(lines) == rows-1 && rest > 1:
			return append(lines, fit(fmt.Sprintf("  … and %d others", rest), columns))
		}
		lines = append(lines, fit(row(&p.Running[i], width, columns), columns))
	}
	return lines
}

// How a row is laid out: a bar is for terminals that have room for it, and so is a rate.
const (
	barLength   = 20
	barColumns  = 80
	rateColumns = 64
)

// row is a property's row in a block.
func row(r *campaign.Running, idWidth, columns int) string {
	where, width := "", 9
	switch {
	case r.File != "":
		where = filepath.Base(r.File)
	case r.Phase != properties.PhaseTesting:
		where = fmt.Sprintf("case %d", r.Case)
	case r.Count == 0:
		where = fmt.Sprintf("%9s", reports.Thousands(r.Cases()))
	case r.Count == 1:
		where = fmt.Sprintf("%7.0f %%", 100*r.Done)
		if columns >= barColumns {
			where = bar(int(100*r.Done), 100) + " " + where
		}
	default:
		where = fmt.Sprintf("%9s", fmt.Sprintf("%d/%d", r.Cases(), r.Count))
		if columns >= barColumns {
			where = bar(r.Cases(), r.Count) + " " + where
		}
	}
	if columns >= barColumns {
		width += barLength + 3
	}
	text := fmt.Sprintf("  %-*s  %-9s  %-*s  %9s schedules", idWidth, r.Property, r.Phase, width, where, reports.Thousands(r.Schedules))
	if columns >= rateColumns {
		text += fmt.Sprintf("  %7s/s", rate(r.Schedules, r.Elapsed))
	}
	return text
}

// bar shows done of total.
func bar(done, total int) string {
	full := min(barLength*done/total, barLength)
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", barLength-full) + "]"
}

// rate is n per second.
func rate(n int, d time.Duration) string {
	return reports.Thousands(int(float64(n) / max(d.Seconds(), 0.001)))
}

// clock is a duration in whole seconds, as "7s" or "1m03s".
func clock(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	switch {
	case s < 60:
		return fmt.Sprintf("%ds", s)
	case s < 3600:
		return fmt.Sprintf("%dm%02ds", s/60, s%60)
	}
	return fmt.Sprintf("%dh%02dm", s/3600, s/60%60)
}

// fit cuts a line down to the given width, and shows that it did.
func fit(line string, width int) string {
	if utf8.RuneCountInString(line) <= width {
		return line
	}
	if width < 1 {
		return ""
	}
	return string([]rune(line)[:width-1]) + "…"
}

// wrap breaks text at spaces, so that lines fit a width if words do; 0 is no limit.
func wrap(text string, width int) []string {
	if width <= 0 || Columns(text) <= width {
		return []string{text}
	}
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case Columns(line)+1+Columns(word) > width:
			lines, line = append(lines, line), word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

// Columns is how many columns text takes on a terminal, of which colours take none.
func Columns(text string) int {
	n := utf8.RuneCountInString(text)
	for rest := text; ; {
		_, after, found := strings.Cut(rest, "\x1b[")
		if !found {
			return n
		}
		code, after, _ := strings.Cut(after, "m")
		n -= len("\x1b[") + len(code) + len("m")
		rest = after
	}
}
