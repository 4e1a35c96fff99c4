package results

import (
	"synchrony/reports/internal/golden"

	"bytes"
	"encoding/xml"
	"io"
	"os/exec"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"synchrony/properties"
	"synchrony/reports"
)

func TestJUnit(t *testing.T) {
	golden.Check(t, "run.junit.xml", func(w io.Writer) error { return JUnit(w, sample()) })
}

// TestStoryOfATest: a Go test has no case, so that no format tells of one.
func TestStoryOfATest(t *testing.T) {
	run := &Run{Subject: Tests, Properties: []Property{{
		Info:   properties.Info{ID: "shop.TestAdd", Group: "shop"},
		Result: properties.Result{Failures: []properties.Failure{{Checker: "test", Rule: "failed", Reason: "1 item", Strategy: properties.StrategyName("pos"), Schedules: 9}}},
	}}}
	for name, write := range map[string]func(io.Writer, *Run) error{
		"JUnit": JUnit, "test2json": Test2JSON, "annotations": GitHubAnnotations, "summary": func(w io.Writer, run *Run) error { return GitHubSummary(w, run, 10_000) },
	} {
		var b strings.Builder
		if err := write(&b, run); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), "found in schedule 9 (POS)") || strings.Contains(b.String(), "found in case") {
			t.Errorf("%s: %s", name, &b)
		}
	}
}

// validJUnit holds a document against the schema of what Jenkins reads, by
// libxml2. (Ant's schema is under a licence that keeps it out of here; a document
// satisfies it, too.)
func validJUnit(document []byte) error {
	cmd := exec.Command("xmllint", "--noout", "--schema", "testdata/junit-4.xsd", "-")
	cmd.Stdin = bytes.NewReader(document)
	var messages bytes.Buffer
	cmd.Stderr = &messages
	if err := cmd.Run(); err != nil {
		return &invalidError{err, messages.String()}
	}
	return nil
}

type invalidError struct {
	err  error
	what string
}

func (e *invalidError) Error() string {
	return e.err.Error() + " (make setup installs xmllint): " + e.what
}

func TestJUnitIsValid(t *testing.T) {
	for name, run := range map[string]*Run{"sample": sample(), "hostile": hostile(), "nothing": {}} {
		var b bytes.Buffer
		if err := JUnit(&b, run); err != nil {
			t.Fatal(err)
		}
		if err := validJUnit(b.Bytes()); err != nil {
			t.Errorf("%s: %v\n%s", name, err, &b)
		}
	}
	wrong := []byte(`<testsuites><testsuite name="a" tests="1"><testcase/></testsuite></testsuites>`)
	if validJUnit(wrong) == nil {
		t.Error("a test case without a name passes for valid")
	}
}

// TestJUnitIsXML: any text makes a document that an XML parser reads, with every
// property in it once, and the right sums.
func TestJUnitIsXML(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run := drawRun(t)
		var b bytes.Buffer
		if err := JUnit(&b, run); err != nil {
			t.Fatal(err)
		}
		var doc junitSuites
		if err := xml.Unmarshal(b.Bytes(), &doc); err != nil {
			t.Fatalf("%v\n%s", err, &b)
		}
		tests, failures, errors := 0, 0, 0
		for _, s := range doc.Suites {
			tests += len(s.Cases)
			failures += s.Failures
			errors += s.Errors
			if s.Tests != len(s.Cases) {
				t.Errorf("suite %s says %d tests, and has %d", s.Name, s.Tests, len(s.Cases))
			}
		}
		if want := len(run.Properties); tests != want {
			t.Errorf("%d test cases, want %d", tests, want)
		}
		if want := run.Count(reports.Fail); failures != want {
			t.Errorf("%d failures, want %d", failures, want)
		}
		if want := run.Count(reports.Broken) + run.Count(reports.Inconclusive); errors != want {
			t.Errorf("%d errors, want %d", errors, want)
		}
	})
}

// hostile is a run whose texts are made to break out of every form.
func hostile() *Run {
	nasty := "]]> -->\x00\x07\x1b[31m\xff\u2028\"'<script>alert(1)</script>&amp;%0A::error::x\n::warning::y\r\n| a | `b` | </details> ```\n````\n[x](http://example.org)"
	long := strings.Repeat("evidence … \n", 20_000)
	run := sample()
	run.Command = "verify run '" + nasty + "'"
	run.Properties = append(run.Properties, Property{
		Info: properties.Info{ID: "N1", Group: "nasty: <&>", Statement: nasty, Source: "a b/c:d,e%.go:12"},
		Result: properties.Result{
			Cases: 1, Schedules: 1, Failures: []properties.Failure{{
				Checker: nasty, Rule: nasty, Reason: nasty, Evidence: []string{nasty, long}, Strategy: nasty,
				File: "counter examples/" + "N1-ö%:,.txtar", Text: nasty + long,
			}},
		},
	})
	return run
}

func TestClip(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"short", 5, "short"},
		{"one\ntwo\nthree\nfour, and more than there is room for\n", 30, "one\n(… and 48 bytes more)\n"},
		{strings.Repeat("ö", 40), 31, "ööö\n(… and 74 bytes more)\n"},
	} {
		got := clip(c.text, c.limit)
		if got != c.want || len(got) > c.limit {
			t.Errorf("clip(%q, %d) = %q of %d bytes, want %q", c.text, c.limit, got, len(got), c.want)
		}
	}
}
