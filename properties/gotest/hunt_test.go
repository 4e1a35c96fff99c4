package gotest

import (
	"syscall"
	"testing"
	"time"

	"synchrony/checkers"
	protocol "synchrony/executor/shim/testing"
	"synchrony/properties"
	"synchrony/properties/isolate/process"
)

// TestNoTimeIsNoPass: a test whose time was over before its first schedule has not passed.
func TestNoTimeIsNoPass(t *testing.T) {
	h := &hunt{test: &Test{}, spec: Search{Schedules: 5}, deadline: time.Unix(1, 0)}
	if err := h.isolated(t.Context(), Case{}); err != nil {
		t.Fatal(err)
	}
	if h.res.Status() != checkers.Unknown || h.res.Cases != 0 {
		t.Errorf("%v after %d cases", h.res.Status(), h.res.Cases)
	}
}

// TestCrashWhileReplaying: a test that ends its process while a known counterexample is replayed fails for that, and not
// in a case that was not run.
func TestCrashWhileReplaying(t *testing.T) {
	h := &hunt{test: &Test{}, began: time.Now()}
	h.res.Replayed = 1
	x := &properties.Counterexample{Property: "pool.TestClose", Rule: "deadlock"}
	if err := h.endedBy(&diedError{ending: process.Ending{Signal: syscall.SIGSEGV}}, "c/pool.txtar", x); err != nil {
		t.Fatal(err)
	}
	if err := h.res.Check(true); err != nil {
		t.Error(err)
	}
	if f := h.res.Failures; len(f) != 1 || f[0].Case != -1 || f[0].File != "c/pool.txtar" || f[0].Rule != crash || f[0].Text == "" {
		t.Errorf("%+v", f)
	}
}

// TestNothingLeft: a search whose schedules are used up asks for none, for a request without a limit would have no end.
func TestNothingLeft(t *testing.T) {
	h := &hunt{test: &Test{}, spec: Search{Schedules: 100}}
	for tried, want := range map[int]int{0: probe, 90: 10, 100: 0, 120: 0} {
		if h.tried = tried; h.share(probe) != want {
			t.Errorf("after %d schedules %d more, want %d", tried, h.share(probe), want)
		}
	}
}

// TestAllAsleep: a process in which nothing can go on says nothing about the test once that runs, and is its program's fault before.
func TestAllAsleep(t *testing.T) {
	for _, greeted := range []bool{true, false} {
		h := &hunt{test: &Test{}, began: time.Now()}
		h.res.Cases = 1
		if err := h.ended(&diedError{ending: process.Ending{Code: 2}, output: []string{asleep, "", "goroutine 1 [chan receive]:"}, greeted: greeted}); err != nil {
			t.Fatal(err)
		}
		want := checkers.Fail
		if greeted {
			want = checkers.Unknown
		}
		if h.res.Status() != want {
			t.Errorf("greeted %t: %v", greeted, h.res.Status())
		}
	}
}

// TestLeakEverywhere: a leak in every schedule is a note.
func TestLeakEverywhere(t *testing.T) {
	h := &hunt{test: &Test{}, tell: &teller{namer{"."}}}
	h.res.Cases = 1
	if err := h.take(Case{Cold: true}, &protocol.Finding{Kind: protocol.Leak, Every: true, Message: "a goroutine waits for ever"}); err != nil {
		t.Fatal(err)
	}
	if h.res.Status() != checkers.Pass || len(h.res.Notes) != 1 {
		t.Errorf("%v, %q", h.res.Status(), h.res.Notes)
	}
}
