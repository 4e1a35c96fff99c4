package html

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"synchrony/properties"
	"synchrony/reports"
	"synchrony/reports/internal/golden"
	"synchrony/reports/results"
)

// element is an element of a page with what its start tag says.
type element struct {
	name       string
	attributes map[string]string
}

// opaque is what a browser does not read as markup.
var opaque = regexp.MustCompile(`(?s)(<(?:script|style)[^>]*>).*?(</(?:script|style)>)`)

// parse reads a page strictly: every element must be closed in order, but for those that HTML leaves open. It returns the elements and
// the text that a reader sees.
func parse(t *testing.T, page []byte) (elements []element, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(opaque.ReplaceAllString(string(page), "$1$2")))
	d.Strict = false // attributes without value
	d.AutoClose = xml.HTMLAutoClose
	d.Entity = xml.HTMLEntity
	var b strings.Builder
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return elements, strings.Join(strings.Fields(b.String()), " ")
		}
		if err != nil {
			t.Fatalf("the page is malformed: %v", err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			b.WriteByte(' ')
			e := element{x.Name.Local, map[string]string{}}
			for _, a := range x.Attr {
				e.attributes[a.Name.Local] = a.Value
			}
			elements = append(elements, e)
		case xml.EndElement:
			b.WriteByte(' ')
		case xml.CharData:
			b.Write(x)
		}
	}
}

// count is how many elements of a name have an attribute with the given value among its words.
func count(elements []element, name, attribute, value string) int {
	n := 0
	for _, e := range elements {
		if e.name == name && (attribute == "" || slices.Contains(strings.Fields(e.attributes[attribute]), value)) {
			n++
		}
	}
	return n
}

func TestPassingRun(t *testing.T) {
	page := render(t, &Page{Run: runOf(nil)})
	elements, text := parse(t, page)
	for _, want := range []string{
		"The property passed", "verify run S10 --seed 1", "independence is symmetric", "Group batch : 20 cases",
		"2-5 15 75.0 %", "a conflict 12 60.0 %", "POS: random priorities, drawn anew for each step 380 95.0 %", "7 cases were tried on every schedule", "verify (test). This page is one file",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q:\n%s", want, text)
		}
	}
	if n := count(elements, "details", "class", "failure"); n != 0 {
		t.Errorf("%d failures", n)
	}
	if n := count(elements, "tr", "data-status", "pass"); n != 1 {
		t.Errorf("%d rows that passed, want 1", n)
	}
}

func TestFailingRun(t *testing.T) {
	f := lostUpdate("alice", "withdraw1", "withdraw2")
	page := golden.Repeats(t, func(w io.Writer) error { return Write(w, &Page{Run: runOf([]Failure{f}), Failures: []Failure{f}}) })
	elements, text := parse(t, page)
	for _, want := range []string{
		"1 of 2 properties are violated", "S10 lost update withdraw1 is lost", "step 3: withdraw1 wrote",
		"found in case 3 by POS after 500 ms", "shrunk in 1.25 s", "1 deviation from the default schedule", "it failed again",
		"verify replay counterexamples/S10-withdraw1.txtar", "see failure 1",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q:\n%s", want, text)
		}
	}
	if n := count(elements, "details", "class", "failure"); n != 1 {
		t.Errorf("%d failures, want 1", n)
	}
}

// TestMutants: the kill table by itself.
func TestMutants(t *testing.T) {
	_, text := parse(t, render(t, &Page{Mutants: twoMutants("no-war")}))
	for _, want := range []string{
		"1 of 2 mutants killed, each by the property that has to find it", "median of 1 counterexample: 2 transactions",
		"S6: race, no-war 2 20 ms 2 1 10/10", "survived no-war The change to no-war -no-war nobody",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q:\n%s", want, text)
		}
	}
}

// TestOneFile: the page asks for nothing, and lets no script run but its own.
func TestOneFile(t *testing.T) {
	f := lostUpdate("alice", "withdraw1", "withdraw2")
	page := render(t, &Page{Run: runOf([]Failure{f}), Failures: []Failure{f}})
	elements, _ := parse(t, page)
	policy := ""
	for _, e := range elements {
		for _, a := range []string{"src", "action", "data", "srcset", "poster", "onclick", "onload"} {
			if v, ok := e.attributes[a]; ok {
				t.Errorf("<%s> has %s=%q", e.name, a, v)
			}
		}
		if href, ok := e.attributes["href"]; ok && !strings.HasPrefix(href, "#") {
			t.Errorf("<%s> leads to %q", e.name, href)
		}
		if e.name == "link" || e.name == "iframe" || e.name == "object" {
			t.Errorf("<%s>", e.name)
		}
		if e.attributes["http-equiv"] == "Content-Security-Policy" {
			policy = e.attributes["content"]
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-") {
		t.Errorf("the policy is %q", policy)
	}
	if strings.Contains(string(page), "ZgotmplZ") {
		t.Error("html/template refused a value")
	}
}

// TestHostileNames: whatever things are called, the page has the elements that it has for harmless names.
func TestHostileNames(t *testing.T) {
	pageOf := func(name string) []byte {
		f := lostUpdate(name, name+"1", name+"2")
		f.Info.ID, f.Info.Statement, f.Info.System = name, name, name
		f.Found.Reason, f.Found.Rule, f.Found.Checker, f.Found.File, f.Found.Strategy, f.Note = name, name, name, name, name, name
		f.Found.Evidence = []string{name}
		run := runOf([]Failure{f})
		run.Command, run.Tool = name, name
		for i := range run.Properties {
			r := &run.Properties[i].Result
			r.Stale = []properties.Stale{{File: name, Why: name}}
			r.Labels = []properties.Count{{Name: name + ": " + name, Cases: 1}}
			r.Sometimes = []properties.Count{{Name: name}}
			r.Strategies = []properties.Strategy{{Name: name, Schedules: 1}}
		}
		return render(t, &Page{
			Run: run, Failures: []Failure{f}, Mutants: twoMutants(name),
			Trends: []Trend{{Property: name, Runs: []TrendRun{{Status: reports.Fail}}}},
		})
	}
	names := func(page []byte) (list []string) {
		elements, _ := parse(t, page)
		for _, e := range elements {
			list = append(list, e.name)
		}
		return list
	}
	harmless := names(pageOf("x"))
	for _, name := range []string{hostile, `"><svg onload=alert(1)>`, "'; alert(1); '", "{{.Script}}", "<!--", "]]>", "\u2028", "</style><b>"} {
		if got := names(pageOf(name)); !slices.Equal(got, harmless) {
			t.Errorf("%q makes other elements:\n%v\nwant\n%v", name, got, harmless)
		}
	}
	if page := string(pageOf(hostile)); strings.Contains(page, "<img") || strings.Contains(page, hostile) {
		t.Error("a name stands in the page as it is")
	}
}

// TestClaims: a property states something, and a Go test must end well.
func TestClaims(t *testing.T) {
	f := lostUpdate("alice", "withdraw1", "withdraw2")
	run := runOf([]Failure{f})
	page := &Page{Run: run, Failures: []Failure{f}}
	if _, text := parse(t, render(t, page)); !strings.Contains(text, "S10 states that there is a serial order. serializability found") {
		t.Errorf("of a property:\n%s", text)
	}
	run.Subject = results.Tests
	page.Failures[0].Info.Statement = "ends well under every schedule"
	if _, text := parse(t, render(t, page)); !strings.Contains(text, "S10 must end well under every schedule. It does not:") {
		t.Errorf("of a test:\n%s", text)
	}
}

// TestReplayedCounterexamples: a page without a run.
func TestReplayedCounterexamples(t *testing.T) {
	shown, lost := lostUpdate("alice", "t1", "t2"), lostUpdate("alice", "t3", "t4")
	shown.Found.Strategy, lost.Found.Strategy = "", ""
	shown.Again = true
	lost.Replay, lost.Note = nil, "The process died of this."
	_, text := parse(t, render(t, &Page{Failures: []Failure{shown}}))
	if want := "The counterexample shows its violation again"; !strings.Contains(text, want) {
		t.Errorf("the page does not say %q", want)
	}
	_, text = parse(t, render(t, &Page{Failures: []Failure{shown, lost}}))
	for _, want := range []string{"1 of 2 counterexamples reproduced", "The process died of this."} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	// What died of it again, in a process of its own, or is a test's, was replayed elsewhere.
	lost.Again, lost.Test = true, true
	_, text = parse(t, render(t, &Page{Failures: []Failure{shown, lost}}))
	for _, want := range []string{"All 2 counterexamples show their violations again", "must end well under every schedule"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestHeadlines(t *testing.T) {
	property := func(result properties.Result, err error) results.Property {
		return results.Property{Result: result, Err: err}
	}
	pass, fail := property(properties.Result{Cases: 1}, nil), property(properties.Result{Failures: make([]properties.Failure, 1)}, nil)
	none, broken := property(properties.Result{}, nil), property(properties.Result{}, errors.New("no memory"))
	for _, c := range []struct {
		list        []results.Property
		interrupted bool
		want        string
	}{
		{[]results.Property{pass}, false, "The property passed"},
		{[]results.Property{pass, pass}, false, "All 2 properties passed"},
		{[]results.Property{fail}, false, "The property is violated"},
		{[]results.Property{pass, fail, fail}, true, "2 of 3 properties are violated, and the run was interrupted"},
		{[]results.Property{pass, none}, false, "Inconclusive: 1 property of 2 passed"},
		{[]results.Property{pass, broken}, false, "The harness failed: 1 property could not be judged"},
		{nil, false, "Inconclusive: 0 properties of 0 passed"},
	} {
		if got := headline(&results.Run{Properties: c.list, Interrupted: c.interrupted}); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	tests := &results.Run{Subject: results.Tests, Properties: []results.Property{pass, fail}}
	if got := headline(tests); got != "1 of 2 tests failed" {
		t.Errorf("of tests: %q", got)
	}
	tests.Properties = tests.Properties[1:]
	if got := headline(tests); got != "The test failed" {
		t.Errorf("of a test: %q", got)
	}
}

func TestTrend(t *testing.T) {
	day := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	v := toTrendViews([]Trend{{"S1", []TrendRun{
		{ID: 4, Began: day, Status: reports.Pass, Schedules: 1000, Seconds: 1},
		{ID: 7, Began: day.AddDate(0, 0, 1), Status: reports.Fail, Schedules: 1000, Seconds: 2},
	}, false}, {"S2", nil, false}})
	if len(v) != 1 {
		t.Fatalf("%d trends, want 1", len(v))
	}
	if got, want := v[0].Text, "run 4, 2026-03-01 12:00: pass, 1,000 schedules/s; run 7, 2026-03-02 12:00: fail, 500 schedules/s"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := v[0].Line, "6.0,6.0 234.0,22.0"; got != want {
		t.Errorf("the line is %q, want %q", got, want)
	}
	if v[0].Failed != "1 failed" || v[0].Last != "500 schedules/s" || v[0].Range != "500 to 1,000" {
		t.Errorf("%+v", v[0])
	}
}

func TestFailureFacts(t *testing.T) {
	again := &properties.Replay{Reproduced: true}
	for _, c := range []struct {
		f    properties.Failure
		r    *properties.Replay
		want string
		test bool
	}{
		{properties.Failure{Case: 2, Strategy: "single deviation", Size: 2, Deviations: 1, Replayed: true, Found: 1}, again,
			"found in case 2 by a single deviation after 1.00 s; shrunk in 0 ms; size 2; 1 deviation from the default schedule; replayed for this page: it failed again", false},
		{properties.Failure{Case: 0, Schedules: 1200, Strategy: "POS", Deviations: 2, Replayed: true, Found: 1}, again,
			"found in schedule 1,200 by POS after 1.00 s; 2 deviations from the default schedule; replayed for this page: it failed again", true},
		{properties.Failure{Case: -1, Strategy: "corpus", Replayed: true}, &properties.Replay{},
			"a known counterexample, replayed from the corpus; no deviation from the default schedule; replayed for this page: it did not fail this time", false},
		{properties.Failure{Case: 0, Strategy: "child process", Size: 3, Replayed: true}, nil,
			"found in case 0 by the death of its process after 0 ms; shrunk in 0 ms; size 3", false},
		{properties.Failure{Case: 0, Strategy: "real goroutines"}, nil,
			"found in case 0 by real goroutines after 0 ms; shrunk in 0 ms; the shrunk case did not fail again when it was replayed: it does not fail every time", false},
		{properties.Failure{Size: 1}, again, "size 1; replayed for this page: it failed again", false},
	} {
		if got := strings.Join(failureFacts(&c.f, c.r, c.test), "; "); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestSeconds(t *testing.T) {
	for s, want := range map[float64]string{0: "0 ms", 0.0124: "12 ms", 1.2345: "1.23 s", 12.34: "12.3 s", 75.4: "1m15s"} {
		if got := seconds(s); got != want {
			t.Errorf("%v: %q, want %q", s, got, want)
		}
	}
}
