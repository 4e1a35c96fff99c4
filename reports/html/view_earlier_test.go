package html

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"synchrony/reports"
)

// trendOf is how a property did in runs, one a day: p passed, f failed, i was inconclusive.
func trendOf(id, runs string) Trend {
	t := Trend{Property: id}
	for i, c := range runs {
		status := map[rune]reports.Status{'p': reports.Pass, 'f': reports.Fail, 'i': reports.Inconclusive}[c]
		t.Runs = append(t.Runs, TrendRun{ID: int64(i + 1), Began: time.Date(2026, 3, i+1, 12, 0, 0, 0, time.UTC), Status: status})
	}
	return t
}

func TestSince(t *testing.T) {
	for runs, want := range map[string]string{
		"p":    "pass in the one run that is kept",
		"pp":   "pass in the last 2 runs, all that are kept",
		"ppf":  "fail for the first time, since 2026-03-03 12:00; pass before",
		"pfff": "fail in the last 3 runs, since 2026-03-02 12:00; pass before",
		"fip":  "pass for the first time, since 2026-03-03 12:00; inconclusive before",
	} {
		trend := trendOf("S1", runs)
		if got := trend.since(); got != want {
			t.Errorf("%s: %q, want %q", runs, got, want)
		}
	}
	cut := trendOf("S1", "ff")
	cut.More = true
	if got := cut.since(); got != "fail in the last 2 runs, or more" {
		t.Errorf("of some of many runs: %q", got)
	}
}

func TestChanges(t *testing.T) {
	got := toChanges([]Trend{
		trendOf("S1", "pp"), trendOf("S2", "pf"), trendOf("S3", "fp"), trendOf("S4", "p"), trendOf("S5", "ppf"), trendOf("S6", "fi"), trendOf("S7", ""), trendOf("S8", "ip"),
	})
	want := []changeView{
		{reports.Fail, "began to fail", []string{"S2", "S5"}},
		{reports.Inconclusive, "became inconclusive", []string{"S6"}},
		{reports.Pass, "passes now", []string{"S3", "S8"}},
		{"", "tested for the first time", []string{"S4"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := toChanges([]Trend{trendOf("S1", "p")}); got != nil {
		t.Errorf("a first run: %+v, want nothing", got)
	}
	if got := toChanges([]Trend{trendOf("S1", "pp")}); len(got) != 1 || got[0].Properties != nil {
		t.Errorf("nothing has changed: %+v", got)
	}
}

// TestRunsPage: a property's cells stand under the runs that tested it, and lead to their pages.
func TestRunsPage(t *testing.T) {
	trend := trendOf("S<1>", "pf")
	trend.Runs[1].ID, trend.Runs[1].Page = 3, "run-3.html"
	var b bytes.Buffer
	err := WriteRuns(&b, &Runs{Tool: "verify", Trends: []Trend{trend}, List: []RunEntry{
		{ID: 3, Page: "run-3.html", Status: reports.Fail, Command: "verify run <S>"}, {ID: 2, Status: reports.Pass}, {ID: 1, Status: reports.Pass},
	}})
	if err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{
		`<a href="run-3.html">run 3</a>`, `verify run &lt;S&gt;`, `<th scope="row">S&lt;1&gt;</th>`,
		`fail for the first time, since 2026-03-02 12:00; pass before`, `href="run-3.html" title="run 3, 2026-03-02 12:00: fail"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	row := page[strings.Index(page, "S&lt;1&gt;"):]
	if cells := strings.Split(row, `<td class="each">`); !strings.Contains(cells[1], "pass") || strings.Contains(cells[2], "run") || !strings.Contains(cells[3], "run-3.html") {
		t.Errorf("the cells are %q", cells[1:4])
	}
}
