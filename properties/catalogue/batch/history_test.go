package batch

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/executor/synchrony"
	"synchrony/generators/batches"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
	"synchrony/properties"
)

// TestHistoriesRoundTrip holds that a history prints and reads back, and that what is one batch stays one.
func TestHistoriesRoundTrip(t *testing.T) {
	for seed := range 30 {
		ws := batches.Histories(seed%3 == 0).Example(seed + 1)
		files, err := historyCodec.Format(ws)
		if err != nil {
			t.Fatal(err)
		}
		back, err := historyCodec.Parse(files)
		if err != nil || len(back) != len(ws) {
			t.Fatalf("seed %d: %d of %d batches are read back: %v", seed, len(back), len(ws), err)
		}
		again, err := historyCodec.Format(back)
		if err != nil {
			t.Fatal(err)
		}
		for i := range files {
			if !bytes.Equal(files[i].Data, again[i].Data) {
				t.Fatalf("seed %d: %s differs:\n%s\n%s", seed, files[i].Name, files[i].Data, again[i].Data)
			}
		}
		for i := range ws {
			for j := range i {
				if ws[i].Batch == ws[j].Batch && back[i].Batch != back[j].Batch {
					t.Fatalf("seed %d: batches %d and %d are no longer the same", seed, j+1, i+1)
				}
			}
		}
	}
	files, _ := historyCodec.Format(batches.Histories(false).Example(3))
	files[0].Name = "009/" + batch.BatchFile
	if _, err := historyCodec.Parse(files); err == nil {
		t.Error("a history whose first batch is the ninth is taken")
	}
}

// TestOldStoresAreFound holds that S29 finds a store on which an earlier batch shows, also late in a long history, and that the
// counterexample is short.
func TestOldStoresAreFound(t *testing.T) {
	for _, c := range []struct {
		name     string
		batches  int // the most that the counterexample may have
		spoil    func(ws []batch.Workload, obs []trace.Observation)
		atLeast  int
		drawLong bool
	}{
		{"a balance of the batch before", 3, func(_ []batch.Workload, obs []trace.Observation) {
			for i := 1; i < len(obs); i++ {
				if obs[i-1].Outcome == history.Aborted && obs[i].Outcome == history.Committed {
					obs[i].Final[0]++
					return
				}
			}
		}, 2, false},
		{"conflicts of the batch before", 3, func(_ []batch.Workload, obs []trace.Observation) {
			for i := 1; i < len(obs); i++ {
				if len(obs[i-1].Conflicts) > len(obs[i].Conflicts) {
					obs[i].Conflicts = obs[i-1].Conflicts
					return
				}
			}
		}, 2, false},
		{"the sixty-sixth batch", 66, func(_ []batch.Workload, obs []trace.Observation) {
			if len(obs) > 65 && len(obs[65].Final) > 0 {
				obs[65].Final[0]++
			}
		}, 66, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := histories(older{spoil: c.spoil}).(*properties.Property[[]batch.Workload, []lived])
			if c.drawLong {
				p.Generator = batches.Histories(true)
			}
			r, err := p.Run(t.Context(), properties.Spec{Seed: 1, Count: 60, Budget: budget}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if r.Status() != checkers.Fail {
				t.Fatalf("not found: %v %s", r.Status(), r.Why())
			}
			if f := r.Failures[0]; f.Size > c.batches || f.Size < c.atLeast {
				t.Errorf("a counterexample of %d batches; want %d to %d\n%s", f.Size, c.atLeast, c.batches, f.Text)
			}
		})
	}
}

// older is a system that tells something else of some batch on a store that was used before.
type older struct {
	synchrony.System
	spoil func([]batch.Workload, []trace.Observation)
}

func (o older) RunSequence(ctx context.Context, rt *sched.Runtime, ws []batch.Workload) ([]trace.Observation, error) {
	obs, err := o.System.RunSequence(ctx, rt, ws)
	for i := range obs {
		obs[i].Final = slices.Clone(obs[i].Final)
	}
	o.spoil(ws, obs)
	return obs, err
}
