package checks

import (
	"slices"
	"testing"
)

// TestCausesAreAllCheckers: what any execution can be asked about can be a cause, once.
func TestCausesAreAllCheckers(t *testing.T) {
	names := func(n int, name func(int) string) []string {
		var all []string
		for i := range n {
			all = append(all, name(i))
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
