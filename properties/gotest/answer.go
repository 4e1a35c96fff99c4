package gotest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	protocol "synchrony/executor/shim/testing"
	"synchrony/models/schedule"
	"synchrony/properties/document"
)

// parseAnswer reads a line of a test binary's answer, and refuses what cannot be one: the tests may
// have written to the descriptor, and whatever they say, nothing that relies on it can go wrong.
func parseAnswer(line []byte) (*protocol.Answer, error) {
	var a protocol.Answer
	err := document.Read(line, &a)
	if err == nil {
		err = checkAnswer(&a)
	}
	if err != nil {
		return nil, fmt.Errorf("the test binary answers what is not understood: %w", err)
	}
	if a.Version != 0 && a.Version != protocol.Version {
		return nil, fmt.Errorf("the test binary speaks version %d of the protocol; this program speaks %d", a.Version, protocol.Version)
	}
	return &a, nil
}

// checkAnswer says what cannot be of an answer.
func checkAnswer(a *protocol.Answer) error {
	var f document.Faults
	things := 0
	for _, there := range []bool{a.Version != 0, len(a.Tests) > 0, a.Progress != nil, a.Finding != nil, a.Done != nil, a.Error != ""} {
		if there {
			things++
		}
	}
	f.If(things > 1, "", "an answer must be one thing, and it is %d", things)
	if p := a.Progress; p != nil {
		f.Count("progress.schedules", p.Schedules)
	}
	if x := a.Finding; x != nil {
		f.In("finding", checkFinding(x))
	}
	if d := a.Done; d != nil {
		f.In("done", checkDone(d))
	}
	return f.Err()
}

func checkFinding(x *protocol.Finding) error {
	var f document.Faults
	_, err := schedule.ParseSchedule(x.Schedule)
	f.In("schedule", err)
	f.Count("found", x.Found)
	f.Count("deviations", x.Deviations)
	f.Count("minimised", x.Minimised)
	f.Count("cut", x.Cut)
	f.Count("left", x.Left)
	f.If(x.Left > 0 && len(x.Steps) != protocol.FirstSteps+protocol.LastSteps, "left", "%d steps are left out of a run of which %d are told", x.Left, len(x.Steps))
	f.Count("max_steps", x.MaxSteps)
	f.If(x.Kind == "", "kind", "it is empty")
	return f.Err()
}

func checkDone(d *protocol.Done) error {
	var f document.Faults
	f.Count("schedules", d.Schedules)
	f.Count("steps", d.Steps)
	f.Count("longest", d.Longest)
	f.Count("tasks", d.Tasks)
	f.Count("uncontrolled", d.Uncontrolled)
	f.Count("touched", d.Touched)
	if d.Run != nil {
		_, err := d.Run.Record()
		f.In("run", err)
	}
	f.If(d.Total < 0, "total", "%d, which is no count", d.Total)
	for _, kind := range slices.Sorted(maps.Keys(d.Kinds)) {
		path, n := "kinds["+strconv.Quote(kind)+"]", d.Kinds[kind]
		f.Count(path, n)
		f.If(n > d.Schedules, path, "%d, of %d schedules", n, d.Schedules)
	}
	return f.Err()
}
