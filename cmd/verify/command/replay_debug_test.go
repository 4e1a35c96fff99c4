package command

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
	"synchrony/properties"
)

// stubborn is a system whose run does not end. It says when it has begun.
type stubborn struct{ began chan struct{} }

func (stubborn) Name() string { return "stubborn" }

func (s stubborn) Run(context.Context, *sched.Runtime, int) (int, error) {
	close(s.began)
	select {}
}

// TestWalkIsInterrupted: a walk whose run does not end is over when its context is.
func TestWalkIsInterrupted(t *testing.T) {
	s := stubborn{make(chan struct{})}
	p := &properties.Property[int, int]{ID: "B1", Statement: "it ends", System: s, Generator: rapid.Just(1)}
	codec := properties.JSON[int]()
	files, err := codec.Format(1)
	if err != nil {
		t.Fatal(err)
	}
	c := &properties.Counterexample{
		Property: "B1", System: "stubborn", Checker: "scheduler", Rule: "livelock", Reason: "it goes on", Workload: files, Schedule: &schedule.Schedule{Steps: 3, Hash: 7},
	}
	file := filepath.Join(t.TempDir(), "it.txtar")
	if err := properties.WriteFile(file, c.Format()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-s.began
		cancel()
	}()
	registry, err := properties.NewRegistry(p)
	if err != nil {
		t.Fatal(err)
	}
	a := &app{stdout: io.Discard, stderr: io.Discard, registry: registry}
	if _, _, err := a.walk(ctx, file); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
