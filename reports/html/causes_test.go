package html

import (
	"slices"
	"testing"

	"synchrony/properties"
)

// TestFailuresAreGroupedByCause: the first failure of a cause stands for all, in order.
func TestFailuresAreGroupedByCause(t *testing.T) {
	plan := &properties.Cause{Checker: "plan", Rule: "missing edge"}
	failure := func(id string, c *properties.Cause) Failure {
		return Failure{Info: properties.Info{ID: id}, Found: properties.Failure{Checker: "outcome", Rule: "wrong", Cause: c}}
	}
	list := []Failure{failure("S1", plan), failure("S2", nil), failure("S3", plan), failure("S4", plan)}
	var views []failureView
	for i := range list {
		v, err := toFailureView(i+1, &list[i], false)
		if err != nil {
			t.Fatal(err)
		}
		views = append(views, v)
	}
	var got []string
	for _, c := range byCause(list, views) {
		line := c.Title + ":" + c.First.ID
		for _, o := range c.Others {
			line += " " + o.ID
		}
		got = append(got, line)
	}
	if want := []string{"plan, missing edge:S1 S3 S4", ":S2"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
