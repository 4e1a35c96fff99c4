package spoiled

import (
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"synchrony/properties/catalogue/checks"
)

var update = flag.Bool("update", false, "write the verdicts of spoiled recordings to the record")

// TestVerdictsOnRecord: what is on record is what the checkers say, of every part. With -update it becomes that.
func TestVerdictsOnRecord(t *testing.T) {
	compare(t, "verdicts/batches.txt", batchVerdicts, batchWitnesses(checks.Batches()))
	compare(t, "verdicts/programs.txt", programVerdicts, programWitnesses(checks.Programs()))
}

func compare[W, O any](t *testing.T, file, record string, s *witnesses[W, O]) {
	t.Helper()
	if err := s.load(); err != nil {
		t.Fatal(err)
	}
	var parts []string
	for p := range s.changes {
		parts = append(parts, p)
	}
	got, err := s.Run(t.Context(), nil, parts)
	if err != nil {
		t.Fatal(err)
	}
	whole := table{}
	for _, t := range got {
		maps.Copy(whole, t)
	}
	if *update {
		if err := os.WriteFile(file, []byte(whole.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := parseTable(file, record)
	if err != nil {
		t.Fatal(err)
	}
	if back := want.String(); back != record {
		t.Errorf("%s is not as it is written: try -update", file)
	}
	byPart := want.byPart()
	slices.Sort(parts)
	if all := slices.Sorted(maps.Keys(byPart)); !slices.Equal(all, parts) {
		t.Errorf("the parts on record are %q, and there are %q", all, parts)
	}
	for _, p := range parts {
		if rule, reason := got[p].difference(byPart[p]); rule != "" {
			t.Errorf("%s: %s: %s; if that is as it should be, write it down with -update", file, rule, reason)
		}
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

func TestTables(t *testing.T) {
	for _, bad := range []string{"no number", "\t1 0000000f race: fail", "Events lost (2)\n\tmany 0f race: fail", "Events lost (2)\n\t1 0f"} {
		if got, err := parseTable("bad", bad); err == nil || !strings.HasPrefix(err.Error(), "bad:") {
			t.Errorf("%q: %v, %v", bad, got, err)
		}
	}
}
