package main

import (
	"fmt"
	"strings"

	"synchrony/ci/internal/page"
)

// generated is the part of the page that is written.
var generated = page.Part{Begin: "<!-- table: written by go run ./ci/modules -->\n", End: "<!-- end of table -->\n"}

// sums are what the tests of modules came to.
type sums struct{ tests, passed, failed, inconclusive, refused, schedules int }

func (s *sums) add(r *result) {
	s.tests += len(r.Tests) + len(r.Refused)
	s.refused += len(r.Refused)
	for i := range r.Tests {
		s.schedules += r.Tests[i].Schedules
		switch r.Tests[i].Status {
		case "pass":
			s.passed++
		case "fail":
			s.failed++
		default:
			s.inconclusive++
		}
	}
}

func (s *sums) row(name string, seconds float64) string {
	return fmt.Sprintf("| %s | %d | %d | %d | %d | %d | %d | %.0f |\n", name, s.tests, s.passed, s.failed, s.inconclusive, s.refused, s.schedules, seconds)
}

// table shows the results: a row for each module, then the findings, and what did not pass or run, with the reasons.
func table(results []*result, judged map[string]judgement) string {
	var rows, findings, others strings.Builder
	var all sums
	var seconds float64
	for _, r := range results {
		var s sums
		s.add(r)
		all.add(r)
		seconds += r.Seconds
		rows.WriteString(s.row("`"+r.Module.String()+"`", r.Seconds))
		if r.Error != "" {
			fmt.Fprintf(&others, "| `%s` | | %s |\n", r.Module.Path, cell(r.Error))
		}
		for i := range r.Tests {
			tellTest(&findings, &others, r, &r.Tests[i], judged)
		}
		for _, refused := range r.Refused {
			name, why, _ := strings.Cut(refused, ": ")
			fmt.Fprintf(&others, "| `%s` | %s | %s |\n", r.Module.Path, name, cell(why))
		}
	}
	return "\n| module | tests | passed | failed | inconclusive | not run | schedules | seconds |\n|---|--:|--:|--:|--:|--:|--:|--:|\n" +
		rows.String() + all.row(fmt.Sprintf("%d modules", len(results)), seconds) +
		"\n| module | finding | after | deviations | replayed | at fault |\n|---|---|--:|--:|--:|---|\n" + findings.String() +
		"\n| module | test | why it is inconclusive, or was not run |\n|---|---|---|\n" + others.String() + "\n"
}

func tellTest(findings, others *strings.Builder, r *result, t *test, judged map[string]judgement) {
	if t.Status != "pass" && t.Status != "fail" {
		fmt.Fprintf(others, "| `%s` | %s | %s |\n", r.Module.Path, t.name(), cell(strings.TrimPrefix(t.Why, "a checker could not decide: ")))
	}
	for _, f := range t.Failures {
		fault := "not judged"
		if j, ok := judged[key(r.Module.Path, t.name(), f.Rule)]; ok {
			fault = "verify: " + j.why
			if j.right {
				fault = j.why
			}
		}
		fmt.Fprintf(findings, "| `%s` | %s, %s: %s | %d | %d | %s | %s |\n",
			r.Module.Path, t.name(), f.Rule, cell(f.Reason), f.Schedules, f.Deviations, cell(f.Replays), cell(fault))
	}
}

// cell is text that fits into a table.
func cell(text string) string {
	const most = 160
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + " …"
	}
	return strings.NewReplacer("|", `\|`, "<", "&lt;").Replace(text)
}

// writePage writes the table into its place in a page, or prints it.
func writePage(name, table string) error {
	if name == "" {
		_, err := fmt.Print(table)
		return err
	}
	return generated.Write(name, table)
}
