package histories

import (
	"testing"

	"synchrony/models/history"
)

// TestHistoriesAreWhatTheySay: what is drawn is well formed, small, and computed but
// where that is what is wrong.
func TestHistoriesAreWhatTheySay(t *testing.T) {
	planted := map[string]int{}
	for seed := range 1000 {
		h := Histories().Example(seed)
		planted[h.Planted]++
		if err := h.Validate(); err != nil {
			t.Fatalf("seed %d, %s: %v", seed, h.Planted, err)
		}
		// Each list is shorter than its least length once in a while, so that it shrinks.
		if h.Len() > 7 || len(h.Initial) < 1 || len(h.Initial) > 3 {
			t.Errorf("seed %d, %s: %d transactions on %d keys", seed, h.Planted, h.Len(), len(h.Initial))
		}
		if wrong := miscomputed(h.History); wrong != (h.Planted == "ABA" || h.Planted == "wrong computation") {
			t.Errorf("seed %d, %s: miscomputed is %v\n%s", seed, h.Planted, wrong, history.FormatHistory(h.History))
		}
	}
	if planted[Right] < 200 {
		t.Errorf("%d of 1000 histories are right, want a quarter", planted[Right])
	}
	for _, a := range Anomalies() {
		if planted[a.Name] < 20 {
			t.Errorf("%s: planted in %d of 1000 histories", a.Name, planted[a.Name])
		}
	}
}

func miscomputed(h *history.History) bool {
	for tx := range int32(h.Len()) {
		for i := h.Starts[tx]; i < h.Starts[tx+1]; i++ {
			if a := &h.Accesses[i]; a.IsWrite() && a.Value != Computed(h, tx, i) {
				return true
			}
		}
	}
	return false
}

// TestAnyHistoriesAreWellFormed: wild ones are histories, too.
func TestAnyHistoriesAreWellFormed(t *testing.T) {
	wild := 0
	for seed := range 1000 {
		h := AnyHistories().Example(seed)
		if err := h.Validate(); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, history.FormatHistory(h.History))
		}
		if h.Planted == Wild {
			wild++
		}
	}
	if wild < 400 || wild > 600 {
		t.Errorf("%d of 1000 histories are wild, want half", wild)
	}
}
