//go:build go1.26

package testing_test

import (
	"strings"
	stdtesting "testing"

	"synchrony/executor/sched"
	"synchrony/executor/shim/runtime"
	"synchrony/executor/shim/testing"
)

// TestAloneAsFound: a schedule that is known is run in a process of its own with the limits that it was found with, and one that is not with
// higher ones, for there is no second run.
func TestAloneAsFound(t *stdtesting.T) {
	endless := func(*testing.T) {
		for {
			runtime.Gosched()
		}
	}
	known := sched.Text(sched.Deviate(nil))
	for _, c := range []struct {
		search testing.Search
		steps  string
	}{
		{testing.Search{Cold: true, Strategy: known, Settings: testing.Settings{MaxSteps: 100}}, "within 100 steps"},
		{testing.Search{Cold: true, Settings: testing.Settings{MaxSteps: 100}}, "within 2500 steps"},
	} {
		findings, _, err := testing.Try("endless", endless, c.search)
		if err != nil || len(findings) != 1 || findings[0].Kind != testing.StepLimit || !strings.Contains(findings[0].Message, c.steps) {
			t.Errorf("%+v: %+v (%v), want %s", c.search, findings, err, c.steps)
		}
	}
	if findings, _, _ := testing.Try("endless", endless, testing.Search{Cold: true, Strategy: known}); len(findings) != 1 || findings[0].LateRings != 0 {
		t.Errorf("%+v: the clock may ring more often than when it was found", findings)
	}
}

// TestLongRun: of a long run the beginning and the end are told, and how many steps are between these.
func TestLongRun(t *stdtesting.T) {
	endless := func(*testing.T) {
		for {
			runtime.Gosched()
		}
	}
	const told = testing.FirstSteps + testing.LastSteps
	for steps, left := range map[int]int{told: 0, told + 1: 1, 3 * told: 2 * told} {
		search := testing.Search{Cold: true, Positions: true, Strategy: sched.Text(sched.Deviate(nil)), Settings: testing.Settings{MaxSteps: steps}}
		findings, _, err := testing.Try("endless", endless, search)
		if err != nil || len(findings) != 1 {
			t.Fatal(err, len(findings))
		}
		f := &findings[0]
		if len(f.Steps) != told || f.Left != left || f.Length() != steps || f.Number(0) != 0 || f.Number(told-1) != steps-1 {
			t.Errorf("of %d steps %d are told, and %d left out", steps, len(f.Steps), f.Left)
		}
	}
}
