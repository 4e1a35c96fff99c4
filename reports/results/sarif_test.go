package results

import (
	"synchrony/reports/internal/golden"

	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"synchrony/properties"
)

func TestSARIF(t *testing.T) {
	golden.Check(t, "run.sarif", func(w io.Writer) error { return SARIF(w, sample()) })
}

// validator holds documents against a JSON Schema.
func TestSARIFIsValid(t *testing.T) {
	validate := golden.Validator(t, "testdata/sarif-schema-2.1.0.json")
	check := func(t interface{ Errorf(string, ...any) }, name string, run *Run) {
		var b bytes.Buffer
		if err := SARIF(&b, run); err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if err := validate(&b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	check(t, "sample", sample())
	check(t, "hostile", hostile())
	check(t, "nothing", &Run{Tool: "verify"})
	rapid.Check(t, func(t *rapid.T) { check(t, "drawn", drawRun(t)) })

	var b bytes.Buffer
	if err := SARIF(&b, sample()); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{
		`"level": "error"`: `"level": "terrible"`,
		`"startLine": 71`:  `"startLine": 0`,
		`"results"`:        `"rezults"`,
	} {
		wrong := strings.ReplaceAll(b.String(), from, to)
		if wrong == b.String() || validate(strings.NewReader(wrong)) == nil {
			t.Errorf("with %s for %s, the log passes for valid, or does not change", to, from)
		}
	}
}

// TestSARIFPointsAtTheProperty: results lie where properties are defined, refer to
// their rule, and carry the counterexample.
func TestSARIFPointsAtTheProperty(t *testing.T) {
	run := hostile()
	var b bytes.Buffer
	if err := SARIF(&b, run); err != nil {
		t.Fatal(err)
	}
	var log sarifLog
	if err := json.Unmarshal(b.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	r := log.Runs[0]
	last := r.Results[len(r.Results)-1]
	if rule := r.Tool.Driver.Rules[last.RuleIndex].ID; rule != last.RuleID || rule != "N1" {
		t.Errorf("the result of %s refers to the rule %s", last.RuleID, rule)
	}
	at := last.Locations[0].Physical
	if at.Artifact.URI != "a%20b/c:d,e%25.go" || at.Region.Line != 12 {
		t.Errorf("the result is at %+v line %d", at.Artifact, at.Region.Line)
	}
	if strings.Contains(last.Message.Text, "[x](http") {
		t.Errorf("a reason makes a link: %q", last.Message.Text)
	}
	attached := r.Artifacts[len(r.Artifacts)-1]
	if attached.Location != last.Attachments[0].Artifact || attached.Location != last.Related[0].Physical.Artifact {
		t.Errorf("the counterexample is at %v, %v and %v", attached.Location, last.Attachments[0].Artifact, last.Related[0].Physical.Artifact)
	}
	if n := len(attached.Contents.Text); n > 2*maxSARIFText {
		t.Errorf("the counterexample has %d bytes", n)
	}
}

// TestFingerprintsStay: a violation keeps its fingerprint when it is found another
// way, and shares it with no other.
func TestFingerprintsStay(t *testing.T) {
	in := &properties.Info{ID: "S6"}
	f := properties.Failure{Checker: "race", Rule: "read-write race", Reason: "a", Case: 3, File: "x"}
	again := properties.Failure{Checker: "race", Rule: "read-write race", Reason: "b", Case: 99, File: "y"}
	other := properties.Failure{Checker: "race", Rule: "write-write race"}
	if fingerprint(in, &f) != fingerprint(in, &again) {
		t.Error("the same violation has two fingerprints")
	}
	if fingerprint(in, &f) == fingerprint(in, &other) || fingerprint(in, &f) == fingerprint(&properties.Info{ID: "S7"}, &f) {
		t.Error("two violations have the same fingerprint")
	}
	if got, want := fingerprint(in, &f), "640580547ac1b567:1"; got != want {
		t.Errorf("the fingerprint is %s, and was %s in earlier versions: known alerts would be opened anew", got, want)
	}
}

func TestPlace(t *testing.T) {
	for source, want := range map[string]struct {
		file string
		line int
		ok   bool
	}{
		"a/b.go:12": {"a/b.go", 12, true}, "a:b.go:1": {"a:b.go", 1, true},
		"": {}, "a.go": {}, "a.go:": {"a.go", 0, false}, "a.go:0": {"a.go", 0, false}, ":3": {"", 3, false},
	} {
		file, line, ok := place(source)
		if file != want.file || line != want.line || ok != want.ok {
			t.Errorf("place(%q) = %q, %d, %v", source, file, line, ok)
		}
	}
}
