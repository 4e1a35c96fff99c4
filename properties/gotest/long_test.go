package gotest

import (
	"slices"
	"testing"

	protocol "synchrony/executor/shim/testing"
	"synchrony/properties/story"
)

// TestStoryOfALongRun: what a finding leaves out has a row, and the steps behind it have their own numbers.
func TestStoryOfALongRun(t *testing.T) {
	f := &protocol.Finding{Schedule: "29007+1", Left: 20_000}
	for i := range protocol.FirstSteps + protocol.LastSteps {
		f.Steps = append(f.Steps, protocol.Step{Task: int32(i % 2), Op: "lock", Object: "mutex 0"})
	}
	rows := (&describer{namer{"."}}).rows(f, "")
	at := slices.IndexFunc(rows, func(r story.Row) bool { return r.Text == "… 20000 steps …" })
	if at != protocol.FirstSteps || rows[at-1].Step != protocol.FirstSteps-1 || rows[at+1].Step != protocol.FirstSteps+20_000 {
		t.Errorf("row %d stands for what is left out", at)
	}
	if i := slices.IndexFunc(rows, func(r story.Row) bool { return r.Deviates }); i < 0 || rows[i].Step != 29_007 {
		t.Errorf("row %d is where the schedule deviates", i)
	}
}
