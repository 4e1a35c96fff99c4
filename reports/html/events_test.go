package html

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"synchrony/models/batch"
	"synchrony/models/trace"
)

// decodeEvents is what data.js does with events.
func decodeEvents(c *events, initial []int64) []trace.Event {
	var out []trace.Event
	p := newPrediction(initial)
	var now, worker int64
	take := func(column *[]int64) int64 {
		n := (*column)[0]
		*column = (*column)[1:]
		return n
	}
	read, write, old, change, version := []int64(c.Read), []int64(c.Write), []int64(c.Old), []int64(c.New), []int64(c.Version)
	for i := range c.Kind {
		now += c.Time[i]
		worker += c.Worker[i]
		e := trace.Event{Kind: trace.EventKind(c.Kind[i]), Time: time.Duration(now), Worker: int32(worker)}
		e.Tx = int32(c.Tx[i] + p.tx(e))
		switch e.Kind {
		case trace.Read:
			e.Account = batch.AccountID(take(&read))
		case trace.Write:
			e.Account = batch.AccountID(take(&write) + p.account(e.Tx))
		}
		if e.Kind == trace.Read || e.Kind == trace.Write {
			e.Old = take(&old) + p.value[e.Account]
			e.Version = int32(take(&version) + p.version(e.Account))
		}
		if e.Kind == trace.Write {
			e.New = e.Old + take(&change) + p.change(e.Tx)
		}
		p.see(e)
		out = append(out, e)
	}
	return out
}

// TestEvents: any events come back as they were, also those that no execution can have.
func TestEvents(t *testing.T) {
	event := rapid.Custom(func(t *rapid.T) trace.Event {
		e := trace.Event{
			Time: time.Duration(rapid.Int64Range(0, 1<<50).Draw(t, "time")), Kind: trace.EventKind(rapid.IntRange(0, 4).Draw(t, "kind")),
			Worker: rapid.Int32Range(-1, 5).Draw(t, "worker"), Tx: rapid.Int32Range(-1, 9).Draw(t, "tx"),
		}
		if e.Kind == trace.Read || e.Kind == trace.Write {
			e.Account = batch.AccountID(rapid.Int32Range(-1, 9).Draw(t, "account"))
			e.Old, e.Version = rapid.Int64().Draw(t, "old"), rapid.Int32Range(-2, 9).Draw(t, "version")
		}
		if e.Kind == trace.Write {
			e.New = rapid.Int64().Draw(t, "new")
		}
		return e
	})
	rapid.Check(t, func(t *rapid.T) {
		initial := rapid.SliceOfN(rapid.Int64(), 0, 8).Draw(t, "initial")
		want := rapid.SliceOf(event).Draw(t, "events")
		if diff := cmp.Diff(want, decodeEvents(toEvents(want, initial, nil), initial)); diff != "" && len(want) > 0 {
			t.Fatal(diff)
		}
	})
}

// TestEventsAreExpected: of an execution's events, nearly all are as expected.
func TestEventsAreExpected(t *testing.T) {
	f := transfers(t, 1, 100)
	o := f.Replay.Observation.(trace.Observation)
	c := toEvents(o.Events, o.Initial, nil)
	for name, column := range map[string][]int64{"old": c.Old, "version": c.Version, "write": c.Write} {
		for i, n := range column {
			if n != 0 {
				t.Errorf("%s %d differs from what is expected by %d", name, i, n)
			}
		}
	}
}

// TestStepsOfEvents: reads and writes have the step that made them, a start that of what follows, and a commit
// that of what precedes it.
func TestStepsOfEvents(t *testing.T) {
	f := lostUpdate("a", "t1", "t2")
	o := f.Replay.Observation.(trace.Observation)
	got := trace.StepsOf(o.Events, f.Replay.Steps, trace.TaskOf(f.Replay.Tasks))
	want := []int{1, 1, 2, 2, 3, 4, 5, 6, 6, 7, 8, 8}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := trace.StepsOf(o.Events, nil, nil); got != nil {
		t.Errorf("without steps: %v", got)
	}
}

func TestWindow(t *testing.T) {
	for _, c := range []struct {
		total       int
		matter      []int
		first, last int
	}{
		{10, []int{5}, 0, 10},
		{maxSteps, nil, 0, maxSteps},
		{5000, nil, 4000, 5000},
		{5000, []int{50}, 0, 1000},
		{5000, []int{2500, 1200}, 1100, 2100},
		{5000, []int{4990}, 4000, 5000},
	} {
		if first, last := window(c.total, c.matter); first != c.first || last != c.last {
			t.Errorf("%d, %v: %d to %d, want %d to %d", c.total, c.matter, first, last, c.first, c.last)
		}
	}
}

func TestEvidenceSteps(t *testing.T) {
	got := evidenceSteps([]string{"step 12: t1 write", "between step 3 and step 12", "steps 7, misstep 8, step x, step 99999999999"})
	if diff := cmp.Diff([]int{12, 3}, got); diff != "" {
		t.Error(diff)
	}
}
