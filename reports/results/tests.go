package results

import (
	"fmt"

	"synchrony/reports"
)

// Count names a number of what a run is of.
func (s Subject) Count(n int) string {
	if s == Tests {
		return reports.Plural(n, "test")
	}
	return propertyCount(n)
}

// complete is how many tests were tried on every schedule, with every input.
func (r *Run) complete() (n int) {
	for i := range r.Properties {
		if p := &r.Properties[i].Result; p.Covered > 0 && p.Covered == p.Cases {
			n++
		}
	}
	return n
}

// testHeader says which tests are about to run.
func (t *Text) testHeader(run *Run) {
	t.Printf("%s: ", run.Subject.Count(len(run.Properties)))
	switch {
	case run.PerTest == 0:
		t.Printf("as many schedules as fit into %v", run.Limit)
	case run.Limit > 0:
		t.Printf("up to %s each, within %v", reports.Plural(run.PerTest, "schedule"), run.Limit)
	default:
		t.Printf("up to %s each", reports.Plural(run.PerTest, "schedule"))
	}
	t.Printf(", seed %d", run.Seed)
	if !run.Shard.Whole() {
		t.Printf("; this is shard %v", run.Shard)
	}
	t.Printf("\n\n")
}

// testLine writes a test's line.
func (t *Text) testLine(p *Property) {
	r, status := &p.Result, p.Status()
	extent := fmt.Sprintf("%s %s", reports.Thousands(r.Schedules), reports.Noun(r.Schedules, "schedule"))
	if r.Covered > 0 && r.Covered == r.Cases {
		extent += ", complete"
	}
	t.Printf("%s  %-*s  %-27s %7.2f s\n", t.paint.Mark(status), t.idWidth, p.Info.ID, extent, r.Seconds)
}

// maxNative is how many of the places that stay native the console shows; the JSON form has them all.
const maxNative = 10

// native lists what was not under control, and what was refused.
func (t *Text) native(run *Run) {
	if len(run.Refused) > 0 {
		t.Printf("\nnot run:\n")
		t.Indented("  ", run.Refused, len(run.Refused))
	}
	if len(run.Left) == 0 || t.Detail == Brief {
		return
	}
	n := maxNative
	if t.Detail == Full {
		n = len(run.Left)
	}
	t.Printf("\nleft native, so that no schedule decides about it:\n")
	t.Indented("  ", run.Left, n)
}
