package checker

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/checkers/smt"
	"synchrony/generators/histories"
)

// The rules of disagreements. The first four are no bugs of a checker, and each has its
// cause in the history.
const (
	traceLies        = "the trace lies"                               // what was read is not what the versions have
	aba              = "ABA"                                          // by values it was there again, by versions it was not
	anotherOrder     = "serializable in another order than installed" // of the writes
	wrongComputation = "wrong computation"                            // each saw what it should have, and wrote something else
	disagreement     = "disagreement"                                 // one of the checkers is wrong
)

// named are the disagreements with a name that the verdicts on h show, in order. bug
// says which of the verdicts cannot both be right, if there are such.
func named(h histories.History, v *verdicts) (names []string, bug string) {
	t := traitsOf(h.History)
	if bug := undecided(t, v); bug != "" {
		return nil, bug
	}
	if bug := contradiction(t, v); bug != "" {
		return nil, bug
	}
	add := func(name string, explained bool, why string) {
		names = append(names, name)
		if !explained && bug == "" {
			bug = fmt.Sprintf("it looks as if this was %q, but %s", name, why)
		}
	}
	if v.Versions.Status == checkers.Pass && v.Graph.Status == checkers.Fail {
		add(traceLies, t.lies, "every read has the value of its version")
	}
	if v.Seen.Status == checkers.Pass && v.Graph.Status == checkers.Fail {
		replay := execute(h.History, v.Other, false)
		add(anotherOrder, replay.Status == checkers.Pass, "in the other order "+replay.Reason)
	}
	// Without Z3 nobody knows whether the versions read have another order.
	nowhere := v.Seen.Status == checkers.Fail && !t.untold || v.Seen.Status != checkers.Pass && t.repeats
	if v.Values.Status == checkers.Pass && v.Graph.Status == checkers.Fail && !t.lies && nowhere {
		add(aba, t.repeats, "no value was written twice")
	}
	if v.Computed.Status == checkers.Fail {
		add(wrongComputation, t.miscomputes, "every write is what its transaction computes")
	}
	return names, bug
}

// undecided says which checker did not decide though it has no reason not to.
func undecided(t traits, v *verdicts) string {
	for _, leg := range []struct {
		name    string
		verdict checkers.Verdict
		may     bool
	}{
		{"the graph", v.Graph, t.forks},
		{"the graph without times", v.GraphUntimed, t.forks},
		{"the graph of versions", v.Versions, t.forks},
		{"the search", v.Search, t.unknown || t.forks},
		{"the search by values", v.Values, false},
		{"Z3 with versions", v.Installed, !smt.Available || t.forks},
		{"Z3 with versions without times", v.InstalledUntimed, !smt.Available || t.forks},
		{"Z3", v.Seen, !smt.Available || t.forks},
		{"Z3 without times", v.SeenUntimed, !smt.Available || t.forks},
	} {
		if leg.verdict.Status == checkers.Unknown && !leg.may {
			return fmt.Sprintf("%s did not decide: %s", leg.name, leg.verdict.Reason)
		}
	}
	return ""
}

// contradiction says which verdicts cannot both be right: the same question with two
// answers, or a question that asks for less and has the worse one.
func contradiction(t traits, v *verdicts) string {
	for _, c := range []struct {
		strong, weak         checkers.Verdict
		strongName, weakName string
		same                 bool
	}{
		{v.Graph, v.Search, "the graph", "the search", true},
		{v.Graph, v.Installed, "the graph", "Z3 with versions", true},
		{v.Search, v.Installed, "the search", "Z3 with versions", true},
		{v.GraphUntimed, v.InstalledUntimed, "the graph without times", "Z3 with versions without times", true},
		{v.Graph, v.GraphUntimed, "the graph", "the graph without times", false},
		{v.Graph, v.Versions, "the graph", "the graph of versions", !t.lies},
		{v.Installed, v.InstalledUntimed, "Z3 with versions", "Z3 with versions without times", false},
		{v.Installed, v.Seen, "Z3 with versions", "Z3", false},
		{v.InstalledUntimed, v.SeenUntimed, "Z3 with versions without times", "Z3 without times", false},
		{v.Seen, v.SeenUntimed, "Z3", "Z3 without times", false},
		{v.Seen, v.Values, "Z3", "the search by values", !t.lies && !t.repeats && !t.untold},
	} {
		a, b := c.strong.Status, c.weak.Status
		if a == checkers.Pass && b == checkers.Fail || c.same && a == checkers.Fail && b == checkers.Pass {
			return fmt.Sprintf("%s says %v (%s), and %s says %v (%s)",
				c.strongName, a, c.strong.Reason, c.weakName, b, c.weak.Reason)
		}
	}
	return ""
}

// agreement judges whether the checkers agree, but for what has a name and a cause.
type agreement struct{}

func (agreement) Name() string { return "agreement" }

func (agreement) Check(h histories.History, v verdicts) checkers.Verdict {
	names, bug := named(h, &v)
	switch {
	case bug != "" && len(names) > 0:
		return checkers.Failed(names[0], bug)
	case bug != "":
		return checkers.Failed(disagreement, bug)
	}
	return checkers.Passed()
}
