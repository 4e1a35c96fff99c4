package results

import (
	"fmt"
	"slices"

	"synchrony/properties"
	"synchrony/properties/document"
	"synchrony/reports"
)

// Requirements are what a run must have tested to pass: thresholds, below which that nothing failed says too little. The zero value requires
// nothing.
type Requirements struct {
	Cases    int      `json:"cases,omitempty"`    // of each property, at least
	Complete int      `json:"complete,omitempty"` // percent of all cases that were tried on every schedule, at least
	Labels   []string `json:"labels,omitempty"`   // that cases had, of any property; or what happened sometimes, by its name
}

func (q *Requirements) any() bool { return q.Cases > 0 || q.Complete > 0 || len(q.Labels) > 0 }

// check says what cannot be of requirements.
func (q *Requirements) check() error {
	var f document.Faults
	f.Count("cases", q.Cases)
	f.If(q.Complete < 0 || q.Complete > 100, "complete", "%d, which is no share in percent", q.Complete)
	return f.Err()
}

// Missed says what the run lacks that is required of it, a line each. Of a shard nothing is required, but of the run that it is merged to.
func (r *Run) Missed() (lines []string) {
	if !r.Shard.Whole() {
		return nil
	}
	need, few, first := &r.Require, 0, ""
	for i := range r.Properties {
		if p := &r.Properties[i]; p.Result.Cases < need.Cases {
			if few++; first == "" {
				first = fmt.Sprintf("%s got %s", p.Info.ID, reports.Plural(p.Result.Cases, "case"))
			}
		}
	}
	if few > 0 {
		line := fmt.Sprintf("%s, of at least %s that each property must get", first, reports.Thousands(need.Cases))
		if few > 1 {
			line += fmt.Sprintf("; %d more got too few", few-1)
		}
		lines = append(lines, line)
	}
	if share := r.completeShare(); share < float64(need.Complete) {
		lines = append(lines, fmt.Sprintf("%.1f %% of the cases were tried on every schedule, of at least %d %%", share, need.Complete))
	}
	for _, label := range need.Labels {
		if !r.had(label) {
			lines = append(lines, fmt.Sprintf("no case was labelled %q, which must happen", label))
		}
	}
	return lines
}

// completeShare is how many percent of the cases were tried on every schedule.
func (r *Run) completeShare() float64 {
	return 100 * float64(r.Covered()) / float64(max(r.Cases(), 1))
}

// had reports whether a case had a label, or met what has to happen sometimes.
func (r *Run) had(label string) bool {
	named := func(c properties.Count) bool { return c.Name == label && c.Cases > 0 }
	return slices.ContainsFunc(r.Properties, func(p Property) bool {
		return slices.ContainsFunc(p.Result.Labels, named) || slices.ContainsFunc(p.Result.Sometimes, named)
	})
}

// missed writes what the run lacks.
func (t *Text) missed(run *Run) {
	for _, line := range run.Missed() {
		t.Printf("%s: %s\n", t.paint.Of(reports.Inconclusive, "below what is required"), line)
	}
}
