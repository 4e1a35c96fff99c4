package gotest

import (
	"slices"
	"strings"
	"testing"

	protocol "synchrony/executor/shim/testing"
	"synchrony/properties/story"
)

// TestStoryOfALivelock: it ends where the loop has been seen, and says so.
func TestStoryOfALivelock(t *testing.T) {
	f := &protocol.Finding{Kind: protocol.Livelock, Left: 20_000, Tasks: []protocol.Task{{Name: "main", State: "waiting", Op: "join", Objects: []string{"waitgroup/0"}}, {Number: 1, Name: "worker 1", State: "ready"}}}
	for range protocol.FirstSteps + protocol.LastSteps {
		f.Steps = append(f.Steps, protocol.Step{Task: 1, Op: "load", Object: "atomic/0"})
	}
	d := &describer{names: namer{"."}}
	text := strings.Join(d.story(f), "\n")
	if !strings.Contains(text, "and so on for ever") || !strings.Contains(text, "waits for ever for wait group 0") || strings.Contains(text, "20000 steps") {
		t.Error(text)
	}
	if reason := d.reason(f); !strings.HasPrefix(reason, "the run does not end, and nothing changes any more: worker 1 goes on at") {
		t.Error(reason)
	}
	if held := d.held(f); len(held) != 1 || held[0].Task != "main" {
		t.Errorf("%+v", held)
	}
}

// TestStoryOfALongRun: what a finding leaves out has a row, and the steps behind it have their own numbers.
func TestStoryOfALongRun(t *testing.T) {
	f := &protocol.Finding{Schedule: "29007+1", Left: 20_000}
	for i := range protocol.FirstSteps + protocol.LastSteps {
		f.Steps = append(f.Steps, protocol.Step{Task: int32(i % 2), Op: "lock", Object: "mutex 0"})
	}
	rows := (&describer{names: namer{"."}}).rows(f, "")
	at := slices.IndexFunc(rows, func(r story.Row) bool { return r.Text == "… 20000 steps …" })
	if at != protocol.FirstSteps || rows[at-1].Step != protocol.FirstSteps-1 || rows[at+1].Step != protocol.FirstSteps+20_000 {
		t.Errorf("row %d stands for what is left out", at)
	}
	if i := slices.IndexFunc(rows, func(r story.Row) bool { return r.Deviates }); i < 0 || rows[i].Step != 29_007 {
		t.Errorf("row %d is where the schedule deviates", i)
	}
}
