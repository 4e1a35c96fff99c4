package checkers_test

import (
	"strings"
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/spoiled"
)

// TestSpoiledCorpus makes every change of every recorded run that is right: some checker must refuse it, if it is not as right
// as before.
func TestSpoiledCorpus(t *testing.T) {
	const unseen = "the recorded runs show what was executed and in what order, and no more"
	bare := spoiled.Skipped{
		"Steps": spoiled.OfRuntime["Steps"], "Certificate": unseen, "Counterexample": unseen, "Unattested": unseen,
		"Workers": unseen, "Serial": unseen, "Executed": unseen, "Parallel": unseen, "Speedup": unseen, "Completed": unseen, "Pending": unseen,
	}
	equivalents := spoiled.Batches()
	changes, excused := 0, 0
	for _, e := range corpus(t) {
		if len(e.Verdicts) > 0 {
			continue
		}
		for _, c := range spoiled.All(&e.Seen, bare) {
			if strings.HasSuffix(c.Where, ".Worker") {
				continue // which worker it was the metrics are held to, and these runs have none
			}
			changes++
			bad := spoiled.Apply(c, e.Seen)
			refused := false
			for _, checker := range all() {
				refused = refused || checker.Check(e.Workload, bad).Status != checkers.Pass
			}
			switch {
			case refused:
			case equivalents.Why(e.Workload, &e.Seen, c) != "":
				excused++
			default:
				t.Errorf("%s: all checkers accept it with one change: %v", e.Name, c)
			}
		}
		if v, _ := verdicts(e); len(v) > 0 {
			t.Errorf("%s has become wrong: %v", e.Name, v)
		}
	}
	t.Logf("%d changes, of which %d are equivalent", changes, excused)
	if changes < 2000 || excused > changes/2 {
		t.Errorf("%d changes, of which %d are equivalent: too few to test anything", changes, excused)
	}
}
