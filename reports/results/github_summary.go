package results

import (
	"fmt"
	"io"
	"strings"

	"synchrony/properties"
	"synchrony/reports"
)

// maxSummaryText bounds what one counterexample takes of a summary, in bytes.
const maxSummaryText = 16 << 10

// GitHubSummary writes a run as the job summary of GitHub Actions, in GitHub's
// Markdown: the verdict, what did not pass with its counterexamples, and the table
// of all properties. It takes at most limit bytes, of which there must be a few
// hundred, and says what it leaves out.
func GitHubSummary(w io.Writer, run *Run, limit int) error {
	s := summary{limit: limit}
	marks := map[reports.Status]string{reports.Pass: "✅", reports.Fail: "❌", reports.Inconclusive: "❓", reports.Broken: "💥"}
	s.add(fmt.Sprintf("## %s verify: %d of %s passed\n\n", marks[run.Status()], run.Count(reports.Pass), propertyCount(len(run.Properties))))
	s.add(fmt.Sprintf("%s, %s, %s, seed %d. Repeat with:\n\n%s", reports.Plural(run.Cases(), "case"), reports.Plural(run.Schedules(), "schedule"),
		reports.Seconds(run.Elapsed), run.Seed, fenced(run.Command+"\n")))
	var bad, all []string
	for i := range run.Properties {
		p := &run.Properties[i]
		line := fmt.Sprintf("%s %s", marks[p.Status()], markdown(p.Info.ID+": "+p.Info.Statement))
		if p.Status() != reports.Pass {
			bad = append(bad, "### "+line+"\n\n"+fenced(clip(p.story(run.Subject, false), maxSummaryText))+counterexamples(p.Result.Failures))
		}
		all = append(all, fmt.Sprintf("| %s | %s | %s | %.2f s | %s |\n", marks[p.Status()], markdown(p.Info.ID),
			reports.Thousands(p.Result.Cases)+" / "+reports.Thousands(p.Result.Schedules), p.Result.Seconds, markdown(p.Info.Statement)))
	}
	s.section("", bad, "", " that did not pass")
	s.section("<details><summary>All properties</summary>\n\n| | | cases / schedules | time | |\n|---|---|--:|--:|---|\n",
		all, "\n</details>\n", "")
	_, err := io.WriteString(w, s.text.String())
	return err
}

// counterexamples are the files of failures, folded.
func counterexamples(failures []properties.Failure) string {
	var b strings.Builder
	for i := range failures {
		if f := &failures[i]; f.File != "" && f.Text != "" {
			fmt.Fprintf(&b, "<details><summary>%s</summary>\n\n%s\n</details>\n\n", markdown(f.File), fenced(clip(f.Text, maxSummaryText)))
		}
	}
	return b.String()
}

// summary is Markdown of a bounded size.
type summary struct {
	text  strings.Builder
	limit int
}

// room for the words that say what was left out.
const summaryReserve = 200

func (s *summary) fits(texts ...string) bool {
	n := s.text.Len() + summaryReserve
	for _, t := range texts {
		n += len(t)
	}
	return n <= s.limit
}

func (s *summary) add(text string) {
	if s.fits(text) {
		s.text.WriteString(text)
	}
}

// section adds as many of the items, one for each property, as there is room for, between before and after,
// and says how many more there are.
func (s *summary) section(before string, items []string, after, which string) {
	if len(items) == 0 || !s.fits(before, after) {
		return
	}
	s.text.WriteString(before)
	written := 0
	for _, item := range items {
		if !s.fits(item, after) {
			break
		}
		s.text.WriteString(item)
		written++
	}
	s.text.WriteString(after)
	if rest := len(items) - written; rest > 0 {
		fmt.Fprintf(&s.text, "\n…and %s more%s, for which there is no room here.\n\n", propertyCount(rest), which)
	}
}

// markdown escapes text for a line or a table's cell of GitHub's Markdown.
func markdown(s string) string {
	var b strings.Builder
	for _, r := range withoutControls(s) {
		switch {
		case r == '\n' || r == '\r':
			r = ' '
		case r == '<':
			b.WriteString("&lt;")
			continue
		case r == '&':
			b.WriteString("&amp;")
			continue
		case strings.ContainsRune("\\`*_{}[]()#+!|~>", r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// fenced is text as a block of code, behind a longer row of backticks than any in it.
func fenced(text string) string {
	text = withoutControls(text)
	longest, row := 2, 0
	for _, r := range text {
		row++
		if r != '`' {
			row = 0
		}
		longest = max(longest, row)
	}
	fence := strings.Repeat("`", longest+1)
	return fence + "\n" + strings.TrimRight(text, "\n") + "\n" + fence + "\n\n"
}
