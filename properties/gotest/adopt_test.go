package gotest

import (
	"strings"
	"testing"

	protocol "synchrony/executor/shim/testing"
	"synchrony/models/schedule"
	"synchrony/properties"
)

// TestAdopt: a counterexample of another build becomes one of the suite's own, and nothing else in it changes.
func TestAdopt(t *testing.T) {
	s, err := schedule.ParseSchedule("3+1 steps 9 hash 0123456789abcdef")
	if err != nil {
		t.Fatal(err)
	}
	text := func(identity string) string {
		c := Case{
			Package: "example.com/a", Test: "TestA", Race: true, Tags: "x,y", Input: 3, Cold: true, Identity: identity,
			Settings: protocol.Settings{MaxSteps: 7, Seed: 8, Short: true, Leaks: true, Impatient: true, LateRings: 2, Workload: "one\n"},
		}
		return string((&properties.Counterexample{
			Property: "a.TestA", System: system, Checker: Checker, Rule: "failed", Reason: "it failed", Evidence: []string{"a", "b"}, Story: []string{"first", "  then"},
			Workload: c.files(), Schedule: &s,
		}).Format())
	}
	suite := &Suite{Tests: []Test{{Info: properties.Info{ID: "a.TestA"}, binary: binary{identity: "own"}}}}
	failures := []properties.Failure{{Text: text("other")}, {Rule: crash}}
	if err := suite.Adopt("a.TestA", failures); err != nil {
		t.Fatal(err)
	}
	if failures[0].Text != text("own") || !strings.Contains(failures[0].Text, "build own\n") || failures[1].Text != "" {
		t.Errorf("it became\n%s", failures[0].Text)
	}
	if err := suite.Adopt("a.TestA", []properties.Failure{{Text: "nothing"}}); err == nil {
		t.Error("what is no counterexample is taken for one")
	}
	if err := suite.Adopt("a.TestB", nil); err == nil {
		t.Error("there is no such test")
	}
}
