package gotest

import (
	"syscall"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/properties"
	"synchrony/properties/isolate/process"
)

// TestNoTimeIsNoPass: a test whose time was over before its first schedule has not passed.
func TestNoTimeIsNoPass(t *testing.T) {
	h := &search{test: &Test{}, spec: Search{Schedules: 5}, deadline: time.Unix(1, 0)}
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
	h := &search{test: &Test{}, began: time.Now()}
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
