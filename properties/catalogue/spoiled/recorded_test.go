package spoiled

import (
	"flag"
	"maps"
	"slices"
	"strings"
	"testing"

	"synchrony/properties/catalogue/checks"
	"synchrony/properties/catalogue/internal/record"
)

var update = flag.Bool("update", false, "write the verdicts of spoiled recordings to the record")

// TestVerdictsOnRecord: what is on record is what the checkers say, of every part. With -update it becomes that.
func TestVerdictsOnRecord(t *testing.T) {
	compare(t, "verdicts/batches.txt", batchVerdicts, batchWitnesses(checks.Batches()))
	compare(t, "verdicts/programs.txt", programVerdicts, programWitnesses(checks.Programs()))
}

func compare[W, O any](t *testing.T, file, on string, s *witnesses[W, O]) {
	t.Helper()
	if err := s.load(); err != nil {
		t.Fatal(err)
	}
	of := record.Of{Record: on, Part: part, Ask: s.Ask}
	if err := of.Compare(file, slices.Collect(maps.Keys(s.changes)), *update); err != nil {
		t.Error(err)
	}
}

// TestRecordIsBroad: whichever checker accepts everything, it is not what the record says of it. Each is on record to refuse changes of
// many classes.
func TestRecordIsBroad(t *testing.T) {
	var names []string
	for _, l := range checks.Batches() {
		names = append(names, l.Checker.Name())
	}
	for _, l := range checks.Programs() {
		names = append(names, l.Checker.Name())
	}
	for _, name := range names {
		if n := strings.Count(batchVerdicts+programVerdicts, " "+name+": fail: "); n < 3 {
			t.Errorf("%s refuses the changes of %d classes", name, n)
		}
	}
}
