package command

import (
	"fmt"
	"slices"

	"synchrony/models/text"
	"synchrony/reports/results"
)

// tellLabels says of each label that had to be and was not, which of those that were is most like it: it may be a slip, and not bad luck.
func (a *app) tellLabels(run *results.Run) {
	seen := labelsOf(run)
	if len(seen) == 0 || !run.Shard.Whole() { // of a shard nothing is required
		return
	}
	for _, label := range run.Require.Labels {
		if slices.Contains(seen, label) {
			continue
		}
		if near := text.Nearest(label, slices.Values(seen)); near != "" {
			fmt.Fprintf(a.stderr, "verify: --require-label %q: of the labels that cases had, the nearest is %q\n", label, near)
		} else {
			fmt.Fprintf(a.stderr, "verify: --require-label %q is like no label that a case had; --verbose shows those\n", label)
		}
	}
}

// labelsOf are the labels that cases had, of any property, and what happened sometimes.
func labelsOf(run *results.Run) (labels []string) {
	for i := range run.Properties {
		r := &run.Properties[i].Result
		for _, c := range slices.Concat(r.Labels, r.Sometimes) {
			if c.Cases > 0 && !slices.Contains(labels, c.Name) {
				labels = append(labels, c.Name)
			}
		}
	}
	return labels
}
