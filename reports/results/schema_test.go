package results

import (
	"synchrony/reports/internal/golden"

	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"synchrony/properties"
)

// The schemas that are documented.
const (
	runSchema    = "../../docs/run.schema.json"
	eventsSchema = "../../docs/events.schema.json"
)

// written is the JSON and the events of a run.
func written(t *testing.T, run *Run) (document string, events writes) {
	t.Helper()
	var doc bytes.Buffer
	e := NewEvents(&events)
	e.Started(run)
	e.Progress(properties.Progress{Property: "S1", Case: -1, Phase: "replaying", File: "a.txtar"})
	for i := range run.Properties {
		e.Property(&run.Properties[i])
	}
	e.Finished(run)
	if err := errors.Join(JSON(&doc, run), e.Err()); err != nil {
		t.Fatal(err)
	}
	return doc.String(), events
}

// runs are runs of all kinds.
func runs() map[string]*Run {
	return map[string]*Run{"sample": sample(), "shard": shardSample(), "tests": testsSample(), "hostile": hostile(), "nothing": {}}
}

// shardSample is a shard that passed, of a run with all that a budget can say.
func shardSample() *Run {
	s := sample()
	s.Shard, s.Build, s.Limit = Shard{1, 4}, "0123456789abcdef", time.Minute
	s.Command += s.Shard.Flag()
	s.Budget.Sampling, s.Budget.Partial = "POS", true
	s.Properties = s.Properties[:1]
	p := &s.Properties[0]
	p.Part = true
	p.Result.Cases, p.Result.Covered = 375, 210
	p.Result.Labels = []properties.Count{{Name: "size: 2-5", Cases: 375}}
	p.Result.Sometimes = []properties.Count{{Name: "a conflict", Cases: 375}, {Name: "an abort"}}
	return s
}

// testsSample is a run of Go tests.
func testsSample() *Run {
	return &Run{
		Tool: "verify v1.2.3", Command: "verify test ./... --schedules 100 --seed 7", Seed: 7, Began: sample().Began, Elapsed: time.Second,
		Subject: Tests, PerTest: 100, Left: []string{"pool.go:7: a finalizer"}, Refused: []string{"pool.TestSlow: it skipped itself"},
		Properties: []Property{
			{
				Info:   properties.Info{ID: "pool.TestClose", Group: "pool", Statement: "it passes", System: "go test", Checkers: []string{"test"}},
				Result: properties.Result{Cases: 1, Covered: 1, Schedules: 12, Strategies: []properties.Strategy{{Name: "exploration", Schedules: 12}}, Beside: []properties.Strategy{{Name: "as the first of a process", Schedules: 32}}, Notes: []string{"a goroutine is left behind"}},
			},
			{
				Info: properties.Info{ID: "pool.TestOpen", Group: "pool", Statement: "it passes", System: "go test", Checkers: []string{"test"}},
				Result: properties.Result{Cases: 1, Schedules: 3, Failures: []properties.Failure{{
					Checker: "test", Rule: "deadlock", Reason: "all wait", Strategy: "pos", Size: 9, Deviations: 1, Replayed: true, Hits: 3, Runs: 20,
					Differs: "it depends on the time", Refreshed: true, Cut: true, Schedules: 3, Position: "pool.go:12", Output: []string{"a line"},
				}}},
			},
		},
	}
}

// TestSchemas: the documented schemas accept what is written, and refuse what is
// misspelt.
func TestSchemas(t *testing.T) {
	report, event := golden.Validator(t, runSchema), golden.Validator(t, eventsSchema)
	for name, run := range runs() {
		doc, events := written(t, run)
		if err := report(strings.NewReader(doc)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if wrong := strings.Replace(doc, `"seed"`, `"sead"`, 1); report(strings.NewReader(wrong)) == nil {
			t.Errorf("%s: a misspelt report passes for valid", name)
		}
		for _, line := range events {
			if err := event(bytes.NewReader(line)); err != nil {
				t.Errorf("%s: %v\n%s", name, err, line)
			}
			if wrong := bytes.Replace(line, []byte(`"event":"`), []byte(`"event":"un`), 1); event(bytes.NewReader(wrong)) == nil {
				t.Errorf("%s: an unknown event passes for valid: %s", name, wrong)
			}
		}
	}
}

// TestSchemasKnowEveryField: nothing is written that is not documented.
func TestSchemasKnowEveryField(t *testing.T) {
	closed := func(path string, inside bool) *jsonschema.Schema {
		t.Helper()
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		doc, err := jsonschema.UnmarshalJSON(f)
		if err != nil {
			t.Fatal(err)
		}
		doc.(map[string]any)["unevaluatedProperties"] = false
		if inside {
			closeObjects(doc)
		}
		c := jsonschema.NewCompiler()
		if err := c.AddResource(path, doc); err != nil {
			t.Fatal(err)
		}
		schema, err := c.Compile(path)
		if err != nil {
			t.Fatal(err)
		}
		return schema
	}
	// Events use definitions of the other schema for a part of their fields.
	report, event := closed(runSchema, true), closed(eventsSchema, false)
	check := func(name string, schema *jsonschema.Schema, text string) {
		t.Helper()
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		doc.(map[string]any)["news"] = true
		if schema.Validate(doc) == nil {
			t.Errorf("%s: a field that is not documented passes", name)
		}
	}
	for name, run := range runs() {
		doc, events := written(t, run)
		check(name, report, doc)
		for _, line := range events {
			check(name, event, string(line))
		}
	}
}

// closeObjects lets no object have fields beside those that the schema names.
func closeObjects(schema any) {
	switch s := schema.(type) {
	case map[string]any:
		for _, v := range s {
			closeObjects(v)
		}
		if s["type"] == "object" {
			s["unevaluatedProperties"] = false
		}
	case []any:
		for _, v := range s {
			closeObjects(v)
		}
	}
}
