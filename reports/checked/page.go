package checked

import (
	"embed"
	"html/template"
	"io"
	"slices"
	"strconv"

	"synchrony/reports/html"
)

// Page is what was found of a recorded history.
type Page struct {
	Tool string // the program and its version
	File string
	// Model is the name of the model that it was judged by, and Method how: "graph", "search" or "count".
	Model, Method string
	Verdict       string // pass, fail or unknown
	Rule, Reason  string
	Operations    int
	Pending       int // of them, of unknown outcome
	Failed        int // beside them
	Notes         []string

	// Isolation is the level that was asked for, and what is said of all levels; nothing if there are no transactions.
	Isolation             string
	Holds, Violated, Open []string
	Anomalies             []Anomaly
	Cycle                 []Step // of transactions, each of which must come before the next, and the last before the first
	Evidence              []string
	Prefix                int  // the line of the first operation whose return nothing explains; 0 if that is not known
	Minimal               bool // none of those to blame can be spared
	History               History
}

// Anomaly is a kind of anomaly with its smallest example.
type Anomaly struct {
	Name   string
	Count  int // 0 for a cycle
	Reason string
	Cycle  []string
}

// Step is a transaction of a cycle, and why it must come before the next.
type Step struct {
	Name string // short: T and a line, as a rule
	Text string // what it did
	Kind string // of the edge: ww, wr, rw, process or rt
	Why  string
}

//go:embed page.html.tmpl
var files embed.FS

// Write writes the page. Whatever the names in it say, they are text.
func Write(w io.Writer, p *Page) error {
	t, err := template.New("page.html.tmpl").Funcs(template.FuncMap{"thousands": thousands}).ParseFS(files, "page.html.tmpl")
	if err != nil {
		return err
	}
	style, err := html.Style()
	if err != nil {
		return err
	}
	return t.Execute(w, struct {
		*Page
		Style    template.CSS
		Class    string
		Figure   *cycleFigure
		Kinds    [][2]string
		Timeline *timeline
		Order    sequence
	}{p, style, classOf(p.Verdict), drawCycle(p.Cycle), edgeKinds(p.Cycle), p.History.timeline(p.Prefix), p.History.sequence()})
}

// classOf is how the style sheet calls a verdict.
func classOf(verdict string) string {
	if verdict == "unknown" {
		return "inconclusive"
	}
	return verdict
}

// thousands is a number with commas: 1,234,567.
func thousands(n int) string {
	digits := []byte(strconv.Itoa(n))
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = slices.Insert(digits, i, ',')
	}
	return string(digits)
}
