package results

import (
	"synchrony/reports/internal/golden"

	"bytes"
	"encoding/json"
	"errors"
	"io"
	"testing"
	"time"

	"synchrony/properties"
)

// ticking is a clock that moves on by a step each time it is asked.
func ticking(step time.Duration) func() time.Time {
	now := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	return func() time.Time {
		now = now.Add(step)
		return now
	}
}

func TestEvents(t *testing.T) {
	golden.Check(t, "run.events.jsonl", func(w io.Writer) error {
		run := sample()
		run.Shard = Shard{2, 4}
		e := newEvents(w, ticking(100*time.Millisecond))
		e.Started(run)
		for i := range 25 { // two lines: at first, and a second later
			e.Progress(properties.Progress{Property: "S2", Case: i, Schedules: 10 * i, Phase: "testing"})
		}
		e.Progress(properties.Progress{Property: "S2", Case: 17, Schedules: 900, Phase: "shrinking"})
		for i := range run.Properties {
			e.Property(&run.Properties[i])
		}
		e.Finished(run)
		return e.Err()
	})
}

// TestEventsAreLines: whatever the text, each event is one line and one Write.
func TestEventsAreLines(t *testing.T) {
	var w writes
	run := hostile()
	e := NewEvents(&w)
	e.Started(run)
	for i := range run.Properties {
		e.Property(&run.Properties[i])
	}
	e.Finished(run)
	if len(w) < 10 || e.Err() != nil {
		t.Fatalf("%d events, %v", len(w), e.Err())
	}
	for _, line := range w {
		if !json.Valid(line) || bytes.Count(line, []byte("\n")) != 1 || !bytes.HasSuffix(line, []byte("\n")) {
			t.Errorf("not a line of JSON: %q", line)
		}
	}
}

// writes keeps what each Write wrote.
type writes [][]byte

func (l *writes) Write(p []byte) (int, error) {
	*l = append(*l, bytes.Clone(p))
	return len(p), nil
}

func TestNoEvents(t *testing.T) {
	var e *Events
	e.Started(sample())
	e.Progress(properties.Progress{})
	e.Property(&Property{})
	e.Finished(sample())
	if e.Err() != nil {
		t.Error(e.Err())
	}
	broken := NewEvents(golden.Full{})
	broken.Finished(sample())
	if !errors.Is(broken.Err(), io.ErrShortWrite) {
		t.Errorf("%v, want the writer's error", broken.Err())
	}
}
