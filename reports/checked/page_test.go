package checked

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"synchrony/models/history"
	"synchrony/reports/internal/golden"
)

// hostile is a name that is markup.
const hostile = `"></svg><script>alert(1)</script>`

// stale is a history with a read of a value that was replaced: four operations of three clients, one that failed, and one of
// unknown outcome.
func stale(name string) *Page {
	texts := []string{"write x 1", "read x 1", "write x 2", "read x nil", "write x " + name, "cas x 1 -> 3"}
	return &Page{
		Tool: "verify (test)", File: name, Model: "register", Method: "search", Verdict: "fail", Rule: "not linearizable", Reason: "no order of the calls explains it: " + name,
		Operations: 5, Pending: 1, Failed: 1, Notes: []string{"a note on " + name}, Prefix: 7, Minimal: true,
		History: History{
			Blamed: []int{2, 3}, Explained: []int{0, 1, 2},
			Text:   func(i int) string { return texts[i] },
			Client: func(p int32) string { return fmt.Sprintf("%s p%d", name, p) },
			List: []Operation{
				{Process: 0, Line: 1, Part: "x", Invoked: 1, Returned: 2, Outcome: history.Committed},
				{Process: 1, Line: 3, Part: "x", Invoked: 3, Returned: 5, Outcome: history.Committed},
				{Process: 0, Line: 4, Part: "x", Invoked: 4, Returned: 6, Outcome: history.Committed},
				{Process: 1, Line: 7, Part: "x", Invoked: 7, Returned: 8, Outcome: history.Committed},
				{Process: 2, Line: 9, Part: "x", Invoked: 9, Returned: history.Forever},
				{Process: -1, Line: 2, Part: "x", Invoked: 2, Returned: 3, Outcome: history.Aborted},
			},
		},
	}
}

// skew is two transactions that must come before each other.
func skew(name string) *Page {
	texts := []string{"read x [], append y 1", "read y [], append x 1"}
	return &Page{
		Tool: "verify (test)", File: "skew.edn", Model: "list-append", Method: "graph", Verdict: "fail", Rule: "G2-item", Reason: name, Operations: 2,
		Isolation: "serializable", Holds: []string{"snapshot-isolation"}, Violated: []string{"serializable (G2-item)"}, Open: []string{"causal"},
		Anomalies: []Anomaly{{Name: "G2-item", Reason: name, Cycle: []string{"T1", "T2", "T1"}}, {Name: name, Count: 1234, Reason: "often"}},
		Cycle:     []Step{{Name: "T1", Text: name, Kind: "rw", Why: name}, {Name: "T2", Text: "T2: read y [], append x 1", Kind: "rt", Why: "it had returned"}},
		History: History{
			Blamed: []int{0, 1}, Timed: true, Text: func(i int) string { return texts[i] }, Client: func(p int32) string { return fmt.Sprint("p", p) },
			List: []Operation{{Process: 0, Line: 1, Invoked: 10, Returned: 40, Outcome: history.Committed}, {Process: 1, Line: 2, Invoked: 20, Returned: 40, Outcome: history.Committed}},
		},
	}
}

var style = regexp.MustCompile(`(?s)<style>.*</style>`)

// unstyled is a page without its style sheet, which is that of all pages.
func unstyled(p *Page) func(io.Writer) error {
	return func(w io.Writer) error {
		var out bytes.Buffer
		if err := Write(&out, p); err != nil {
			return err
		}
		_, err := w.Write(style.ReplaceAll(out.Bytes(), []byte("<style></style>")))
		return err
	}
}

// TestPages: the pages are as in the golden files.
func TestPages(t *testing.T) {
	golden.Check(t, "stale.html", unstyled(stale("h.edn")))
	golden.Check(t, "skew.html", unstyled(skew("a <b> reason")))
	golden.Check(t, "pass.html", unstyled(&Page{Tool: "verify (test)", File: "h.edn", Model: "set", Method: "count", Verdict: "pass", Operations: 12345}))
}

// TestHostileNames: whatever things are called, they are text, and the page loads nothing.
func TestHostileNames(t *testing.T) {
	for _, page := range []func(string) *Page{stale, skew} {
		var harmless, out bytes.Buffer
		if err := Write(&harmless, page("x")); err != nil {
			t.Fatal(err)
		}
		if err := Write(&out, page(hostile)); err != nil {
			t.Fatal(err)
		}
		tags := regexp.MustCompile(`<[a-zA-Z/!][^ >]*`)
		if got, want := tags.FindAllString(style.ReplaceAllString(out.String(), ""), -1), tags.FindAllString(style.ReplaceAllString(harmless.String(), ""), -1); !slices.Equal(got, want) {
			t.Errorf("%q makes other elements:\n%v\nwant\n%v", hostile, got, want)
		}
		for _, never := range []string{"<script", "http:", "https:", "src=", "url(h", "@import", "ZgotmplZ"} {
			if strings.Contains(out.String(), never) {
				t.Errorf("the page has %q", never)
			}
		}
	}
}

// TestTrueValues: what was not told has no value, and what has no time has none.
func TestTrueValues(t *testing.T) {
	var out bytes.Buffer
	if err := Write(&out, stale("h.edn")); err != nil {
		t.Fatal(err)
	}
	page := style.ReplaceAllString(out.String(), "")
	for _, want := range []string{"read x nil", "What counts is the order of the lines; times in them, if there are any, are not shown.", "of unknown outcome: any time, or never", "the first whose return nothing explains"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if time := regexp.MustCompile(`\d(ns|µs|ms)`).FindString(page); time != "" {
		t.Errorf("the page has a time, %q", time)
	}
	out.Reset()
	if err := Write(&out, skew("x")); err != nil {
		t.Fatal(err)
	}
	if want := "10ns to 40ns"; !strings.Contains(out.String(), want) {
		t.Errorf("the page does not say %q", want)
	}
}

// many is n operations of ten clients on ten keys, with two to blame in the middle.
func many(n int) *Page {
	p := &Page{
		Tool: "verify (test)", File: "many.edn", Model: "register", Method: "search", Verdict: "fail", Operations: n,
		History: History{Text: func(i int) string { return fmt.Sprint("write k", i%10, " ", i) }, Client: func(p int32) string { return fmt.Sprint("p", p) }},
	}
	for i := range n {
		p.History.List = append(p.History.List, Operation{
			Process: int32(i % 10), Line: i + 1, Part: fmt.Sprint("k", i%10), Invoked: time.Duration(2 * i), Returned: time.Duration(2*i + 11), Outcome: history.Committed,
		})
		p.History.Explained = append(p.History.Explained, i)
	}
	p.History.Blamed = []int{n/2 + 20, n / 2}
	return p
}

// TestManyOperations: of many operations those to blame are drawn, and those of their part that are near; the page stays small.
func TestManyOperations(t *testing.T) {
	const n = 100_000
	p := many(n)
	drawn := p.History.chosen()
	if len(drawn) != maxDrawn || !slices.Contains(drawn, n/2) || !slices.Contains(drawn, n/2+20) {
		t.Errorf("%d operations are drawn: %v", len(drawn), drawn)
	}
	for k, i := range drawn {
		if p.History.List[i].Part != "k0" || max(i-n/2, n/2-i) > 10*maxDrawn || k > 0 && drawn[k-1] >= i {
			t.Errorf("operation %d is drawn", i)
		}
	}
	var out bytes.Buffer
	if err := Write(&out, p); err != nil {
		t.Fatal(err)
	}
	if page := out.String(); len(page) > 120_000 || !strings.Contains(page, "99,880 operations are not drawn") || !strings.Contains(page, "99,940 others come before these") ||
		strings.Count(page, `<rect class="blamed"`) != 1 {
		t.Errorf("%d bytes", len(page))
	}
}

// TestBoxes: operations of one client are below each other, those under way at the same time overlap, and those that were not do not.
func TestBoxes(t *testing.T) {
	p := many(40)
	p.History.List[7].Returned, p.History.List[7].Outcome = history.Forever, 0
	p.History.List = slices.DeleteFunc(p.History.List, func(x Operation) bool { return x.Line > 8 && x.Process == 7 })
	for i := range 3 {
		p.History.List = append(p.History.List, Operation{Process: int32(-1 - i), Line: 100 + i, Invoked: time.Duration(i), Returned: time.Duration(i + 1), Outcome: history.Aborted})
	}
	p.History.Blamed = nil
	line := p.History.timeline(0)
	of := map[int]Operation{}
	for _, x := range p.History.List {
		of[x.Line] = x
	}
	for _, a := range line.Boxes {
		for _, b := range line.Boxes {
			x, y := of[a.Line], of[b.Line]
			if together := a.Row < b.End && b.Row < a.End; a.Line != b.Line && together != (x.Invoked <= y.Returned && y.Invoked <= x.Returned) {
				t.Errorf("lines %d and %d: drawn side by side: %v", a.Line, b.Line, together)
			} else if a.Line != b.Line && together && a.Column == b.Column {
				t.Errorf("lines %d and %d are drawn over each other", a.Line, b.Line)
			}
		}
	}
	if len(line.Clients) != 12 || len(line.Boxes) != len(p.History.List) {
		t.Errorf("%d clients, %d boxes", len(line.Clients), len(line.Boxes))
	}
}
