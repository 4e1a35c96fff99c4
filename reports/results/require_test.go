package results_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"synchrony/properties"
	"synchrony/reports"
	"synchrony/reports/results"
)

// tested is a run of two properties in which nothing failed.
func tested(need results.Requirements) *results.Run {
	run := &results.Run{Tool: "t", Command: "c", Iterations: 20, Require: need}
	for i, id := range []string{"A", "B"} {
		run.Properties = append(run.Properties, results.Property{
			Info: properties.Info{ID: id, Group: "g"},
			Result: properties.Result{
				Cases: 20 - 10*i, Covered: 5, Schedules: 100,
				Labels:    []properties.Count{{Name: "size: 1", Cases: 3}},
				Sometimes: []properties.Count{{Name: "a conflict", Cases: 2}},
			},
		})
	}
	return run
}

// TestRequirements: a run that lacks what is required of it is inconclusive, says in a line what it lacks, and its JSON form keeps both.
func TestRequirements(t *testing.T) {
	for _, c := range []struct {
		need results.Requirements
		want []string
	}{
		{results.Requirements{}, nil},
		{results.Requirements{Cases: 10, Complete: 33, Labels: []string{"size: 1", "a conflict"}}, nil},
		{results.Requirements{Cases: 11}, []string{"B got 10 cases, of at least 11 that each property must get"}},
		{results.Requirements{Cases: 21}, []string{"A got 20 cases, of at least 21 that each property must get; 1 more got too few"}},
		{results.Requirements{Complete: 34}, []string{"33.3 % of the cases were tried on every schedule, of at least 34 %"}},
		{results.Requirements{Labels: []string{"size: 2"}}, []string{`no case was labelled "size: 2", which must happen`}},
	} {
		run := tested(c.need)
		if got := run.Missed(); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %q, want %q", c.need, got, c.want)
		}
		want := reports.Pass
		if c.want != nil {
			want = reports.Inconclusive
		}
		if got := run.Status(); got != want {
			t.Errorf("%+v: %v, want %v", c.need, got, want)
		}
		var text, doc bytes.Buffer
		if err := results.Console(&text, run, false); err != nil {
			t.Fatal(err)
		}
		for _, line := range c.want {
			if !strings.Contains(text.String(), "\nbelow what is required: "+line+"\n") {
				t.Errorf("the text does not say %q:\n%s", line, text.String())
			}
		}
		if err := results.JSON(&doc, run); err != nil {
			t.Fatal(err)
		}
		back, err := results.ReadJSON(&doc)
		if err != nil {
			t.Fatal(err)
		}
		if back.Status() != want || !slices.Equal(back.Missed(), c.want) {
			t.Errorf("%+v: read again it is %v, and lacks %q", c.need, back.Status(), back.Missed())
		}
	}
}

// TestRequirementsOfShards: nothing is required of a shard, which has a part of the cases.
func TestRequirementsOfShards(t *testing.T) {
	run := tested(results.Requirements{Cases: 1000})
	run.Shard = results.Shard{Index: 1, Of: 2}
	if got := run.Missed(); got != nil {
		t.Errorf("of a shard: %q", got)
	}
}
