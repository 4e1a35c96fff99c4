package results

import (
	"encoding/json"
	"io"
	"strings"
	"time"

	"synchrony/reports"
)

// testEvent is a line of what go test -json prints (go doc test2json).
type testEvent struct {
	Time    *time.Time `json:",omitempty"`
	Action  string     // start, run, output, pass, fail
	Package string
	Test    string   `json:",omitempty"`
	Elapsed *float64 `json:",omitempty"` // seconds
	Output  string   `json:",omitempty"`
}

// Test2JSON writes a run as the lines that go test -json would print if each group
// of properties were a package, and each property a test in it. What is
// inconclusive, or broke the harness, fails: skipping it would let a gate pass.
func Test2JSON(w io.Writer, run *Run) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, g := range run.groups() {
		s := &testStream{e: e, subject: run.Subject, name: "verify/" + strings.ReplaceAll(g.name, " ", "_")}
		if !run.Began.IsZero() {
			began := run.Began.UTC()
			s.time = &began
		}
		s.group(g)
		if s.err != nil {
			return s.err
		}
	}
	return nil
}

// testStream writes the events of one package until the first error, which it keeps.
type testStream struct {
	e    *json.Encoder
	time *time.Time // of all: a report knows when it began, and how long each part took
	name string
	err  error

	subject Subject // of the run
}

func (s *testStream) put(e testEvent) {
	if s.err == nil {
		e.Time, e.Package = s.time, s.name
		s.err = s.e.Encode(e)
	}
}

// output writes text as go test does: an event for each line.
func (s *testStream) output(test, text string) {
	for line := range strings.Lines(text) {
		s.put(testEvent{Action: "output", Test: test, Output: line})
	}
}

func (s *testStream) group(g group) {
	s.put(testEvent{Action: "start"})
	total, verdict := 0.0, "pass"
	for _, p := range g.properties {
		if s.property(p) != "pass" {
			verdict = "fail"
		}
		total += p.Result.Seconds
	}
	summary := "PASS\nok  \t"
	if verdict == "fail" {
		summary = "FAIL\nFAIL\t"
	}
	s.output("", summary+s.name+"\t"+decimal(total)+"s\n")
	s.put(testEvent{Action: verdict, Elapsed: &total})
}

// property writes the events of a property as a test, and returns its verdict.
func (s *testStream) property(p *Property) string {
	id, took := p.Info.ID, p.Result.Seconds
	verdict, mark := "pass", "PASS"
	if p.Status() != reports.Pass {
		verdict, mark = "fail", "FAIL"
	}
	s.put(testEvent{Action: "run", Test: id})
	s.output(id, "=== RUN   "+id+"\n")
	s.output(id, "    "+p.Info.Statement+"\n")
	if text := p.story(s.subject, false); text != "" {
		s.output(id, "    "+strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n    ")+"\n")
	}
	s.output(id, "--- "+mark+": "+id+" ("+decimal(took)+"s)\n")
	s.put(testEvent{Action: verdict, Test: id, Elapsed: &took})
	return verdict
}
