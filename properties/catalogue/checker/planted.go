package checker

import (
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/checkers/smt"
	"synchrony/generators/histories"
)

// planted judges whether what was planted was found, by its name, and nothing else.
type planted struct{}

func (planted) Name() string { return "planted anomalies" }

func (planted) Check(h histories.History, v verdicts) checkers.Verdict {
	kind, known := anomaly(h.Planted)
	refused := []leg{{"the graph", v.Graph}, {"the search", v.Search}, {"Z3 with versions", v.Installed}}
	switch {
	case h.Planted == histories.Wild:
		return checkers.Undecided("nobody knows what is wrong with the history")
	case !known || kind.Rule == "":
		for _, l := range append(refused, leg{"Z3", v.Seen}, leg{"the search by values", v.Values}) {
			if l.Status == checkers.Fail {
				return checkers.Failed("false alarm", fmt.Sprintf("%s refuses the history: %s", l.name, l.Reason), l.Evidence...)
			}
		}
	default:
		if expected(kind.Name) == "" {
			refused = append(refused, leg{"the search by values", v.Values})
		}
		for _, l := range refused {
			if l.Status == checkers.Pass {
				return checkers.Failed("anomaly missed", fmt.Sprintf("%s accepts a history with the anomaly %s", l.name, kind.Name))
			}
		}
		if v.Graph.Rule != kind.Rule {
			return checkers.Failed("anomaly misnamed", fmt.Sprintf("the graph says %q of a history with the anomaly %s, want %q", v.Graph.Rule, kind.Name, kind.Rule))
		}
	}
	names, _ := named(h, &v)
	// Only Z3 looks for another order.
	if want := expected(kind.Name); want != "" && !slices.Contains(names, want) && (smt.Available || want != anotherOrder) {
		return checkers.Failed("disagreement missed", fmt.Sprintf("no checkers disagree as they should about the anomaly %s: %s", kind.Name, want))
	}
	return checkers.Passed()
}

type leg struct {
	name string
	checkers.Verdict
}

// expected is the disagreement about histories with an anomaly; empty if there need not
// be one.
func expected(kind string) string {
	switch kind {
	case "wrong value", "wrong initial value", "wrong own value":
		return traceLies
	case "ABA":
		return aba
	case "another order":
		return anotherOrder
	case "wrong computation":
		return wrongComputation
	}
	return ""
}

// detected reports whether the anomaly of that name was planted and found.
func detected(name string) func(histories.History, verdicts) bool {
	return func(h histories.History, v verdicts) bool {
		return h.Planted == name && planted{}.Check(h, v).Status == checkers.Pass
	}
}
