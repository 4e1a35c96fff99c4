package checks

import (
	"slices"
	"testing"
)

// reporting are the checkers of what is reported of an execution, which causes nothing.
var reporting = []string{"order/report", "certificate", "counterexample", "metrics", "chunks/metrics"}

// TestCausesAreAllCheckers: what any execution can be asked about can be a cause, once, but for what is only reported.
func TestCausesAreAllCheckers(t *testing.T) {
	names := func(n int, name func(int) string) []string {
		var all []string
		for i := range n {
			if !slices.Contains(reporting, name(i)) {
				all = append(all, name(i))
			}
		}
		slices.Sort(all)
		return all
	}
	bs, bcs := Together(Batches()), BatchCauses()
	ps, pcs := Together(Programs()), ProgramCauses()
	for _, c := range []struct{ listed, causes []string }{
		{names(len(bs), func(i int) string { return bs[i].Name() }), names(len(bcs), func(i int) string { return bcs[i].Name() })},
		{names(len(ps), func(i int) string { return ps[i].Name() }), names(len(pcs), func(i int) string { return pcs[i].Name() })},
	} {
		if !slices.Equal(c.listed, c.causes) {
			t.Errorf("causes are\n%q, and the checkers\n%q", c.causes, c.listed)
		}
	}
}
