package batch

import (
	"fmt"
	"slices"

	"synchrony/generators/batches"
	"synchrony/models/batch"
	"synchrony/models/trace"
)

// bothForms runs the workload as text, as Go code, and in both forms mixed (S18).
func bothForms(w batch.Workload) ([]variant, error) {
	g, err := batches.GoForm(w)
	if err != nil {
		return nil, err
	}
	m, err := batches.MixedForm(w)
	if err != nil {
		return nil, err
	}
	return []variant{
		{"the text form", []batch.Workload{w}},
		{"the Go form", []batch.Workload{g}},
		{"every second transaction in Go form", []batch.Workload{m}},
	}, nil
}

// sameForm compares what the two forms share: all but the wording of a guard's
// or a condition's failure, which the Go form reports as an error of its own.
func sameForm(_ batch.Workload, a, b execution) string {
	x, y := a.Observations[0], b.Observations[0]
	switch {
	case x.Outcome != y.Outcome:
		return fmt.Sprintf("outcome: %v, and %v", x.Outcome, y.Outcome)
	case !slices.Equal(x.Final, y.Final):
		return fmt.Sprintf("balances: %v, and %v", x.Final, y.Final)
	case !slices.EqualFunc(x.Conflicts, y.Conflicts, sameDependency):
		return fmt.Sprintf("conflicts: %v, and %v", x.Conflicts, y.Conflicts)
	case !slices.EqualFunc(x.Groups, y.Groups, slices.Equal):
		return fmt.Sprintf("groups: %v, and %v", x.Groups, y.Groups)
	case (x.Failure == nil) != (y.Failure == nil):
		return fmt.Sprintf("failure: %v, and %v", x.Failure, y.Failure)
	case x.Failure != nil && x.Failure.ID != y.Failure.ID:
		return fmt.Sprintf("the failing transaction: %s, and %s", x.Failure.ID, y.Failure.ID)
	}
	return ""
}

func sameDependency(a, b trace.Dependency) bool {
	return a.From == b.From && a.To == b.To && a.Kinds == b.Kinds && slices.Equal(a.Accounts, b.Accounts)
}
