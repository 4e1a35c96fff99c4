//go:build go1.26 && race

package testing_test

import (
	"strings"
	stdtesting "testing"

	"synchrony/executor/shim/testing"
)

func TestRace(t *stdtesting.T) {
	findings, done := search(t, "racy")
	if !done.Race || len(findings) != 1 || findings[0].Kind != testing.Race {
		t.Fatalf("%+v %+v", findings, done)
	}
	f := findings[0]
	if !strings.Contains(f.Report, "testing_test.racy") || f.Minimised != 0 {
		t.Errorf("%s %d\n%s", f.Schedule, f.Minimised, f.Report)
	}
	if r := f.Raced; r == nil || r.Task < 0 || r.Step >= f.Length() || f.Steps[r.Step-1].Task != r.Task {
		t.Errorf("%+v", f.Raced)
	}
	t.Logf("%s: %s, found %d, %d deviations\n%s", f.Schedule, f.Message, f.Found, f.Deviations, f.Report)
}

// TestOrders: the detector sees the order that each primitive gives, and none that it does not give.
func TestOrders(t *stdtesting.T) {
	for _, o := range orders {
		findings, done := search(t, o.name)
		switch {
		case o.ordered && len(findings) > 0:
			t.Errorf("%s: %s: %s\n%s", o.name, findings[0].Kind, findings[0].Message, findings[0].Report)
		case !o.ordered && (len(findings) != 1 || findings[0].Kind != testing.Race):
			t.Errorf("%s: no race: %+v", o.name, done)
		}
	}
}
