package results

import (
	"bytes"
	"encoding/xml"
	"io"
	"strconv"

	"synchrony/reports"
)

// The elements of JUnit XML that both schemas in use know: the one of Ant's tasks,
// which demands most of these attributes, and Jenkins'. None of them is skipped
// here: a property that tested nothing is an error.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Package    string          `xml:"package,attr"`
		ID         int             `xml:"id,attr"`
		Name       string          `xml:"name,attr"`
		Timestamp  string          `xml:"timestamp,attr"` // in UTC, which the schema does not let us say
		Hostname   string          `xml:"hostname,attr"`
		Tests      int             `xml:"tests,attr"`
		Failures   int             `xml:"failures,attr"`
		Errors     int             `xml:"errors,attr"`
		Time       string          `xml:"time,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
		Out        string          `xml:"system-out"`
		Err        string          `xml:"system-err"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name    string    `xml:"name,attr"`
		Class   string    `xml:"classname,attr"`
		Time    string    `xml:"time,attr"`
		Failure *junitEnd `xml:"failure"`
		Error   *junitEnd `xml:"error"`
	}
	junitEnd struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",cdata"`
	}
)

// maxJUnitText bounds the text of one test case, in bytes. CI servers keep it in
// memory and in their databases; the counterexample's file has everything.
const maxJUnitText = 64 << 10

// JUnit writes a run as JUnit XML: a test suite for each group of properties, a
// test case for each property. A violation is a failure; what is inconclusive, or
// broke the harness, is an error.
func JUnit(w io.Writer, run *Run) error {
	var doc junitSuites
	for _, group := range run.groups() {
		doc.Suites = append(doc.Suites, junitSuiteOf(run, group, len(doc.Suites)))
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", "  ")
	if err := e.Encode(doc); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

func junitSuiteOf(run *Run, g group, id int) junitSuite {
	s := junitSuite{
		Package: "verify", ID: id, Name: "verify." + g.name, Timestamp: run.Began.UTC().Format("2006-01-02T15:04:05"),
		Hostname: "localhost", // a report does not depend on where it was made
		Tests:    len(g.properties),
		Properties: []junitProperty{
			{"tool", run.Tool}, {"command", run.Command}, {"seed", strconv.FormatUint(run.Seed, 10)},
		},
	}
	elapsed := 0.0
	for _, p := range g.properties {
		c := junitCaseOf(run.Subject, p, s.Name)
		switch {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		}
		elapsed += p.Result.Seconds
		s.Cases = append(s.Cases, c)
	}
	s.Time = decimal(elapsed)
	return s
}

func junitCaseOf(subject Subject, p *Property, class string) junitCase {
	c := junitCase{Name: p.Info.ID + " " + p.Info.Statement, Class: class, Time: decimal(p.Result.Seconds)}
	switch p.Status() {
	case reports.Fail:
		f := &p.Result.Failures[0]
		c.Failure = &junitEnd{f.Reason, f.Checker + ", " + f.Rule, clip(withoutControls(p.story(subject, true)), maxJUnitText)}
	case reports.Broken:
		c.Error = &junitEnd{p.Why(), "harness", withoutControls(p.story(subject, false))}
	case reports.Inconclusive:
		c.Error = &junitEnd{p.Why(), string(reports.Inconclusive), withoutControls(p.story(subject, false))}
	}
	return c
}

// decimal is a number of seconds as XML Schema's decimal, which has no exponent.
func decimal(Seconds float64) string { return strconv.FormatFloat(Seconds, 'f', 3, 64) }
