package checker

import (
	"slices"

	"synchrony/checkers"
	"synchrony/checkers/smt"
	"synchrony/generators"
	"synchrony/generators/histories"
	"synchrony/models/history"
	"synchrony/properties"
)

// Group is the group of these properties.
const Group = "checkers"

type (
	property  = properties.Property[histories.History, verdicts]
	checker   = checkers.Checker[histories.History, verdicts]
	condition = properties.Condition[histories.History, verdicts]
)

// Properties returns X1 to X4 of the checkers of this module; the others are those of the packages spoiled and clients.
func Properties() []properties.Testable {
	return append(of(builtIn()), recordings(recordedCheckers()), limits(questions()))
}

func of(j judges) []properties.Testable {
	x1 := property{
		ID: "X1", Statement: "all checkers agree on the same small history, but for what has a name and a cause in it", Source: properties.Here(0),
		Generator: histories.AnyHistories(), Checkers: []checker{agreement{}, certificates{}}, Sometimes: differing(),
	}
	x2 := property{
		ID: "X2", Statement: "a planted anomaly is found, by its name, and a right history is accepted", Source: properties.Here(0),
		Generator: histories.Histories(), Checkers: []checker{planted{}, certificates{}}, Sometimes: finding(),
	}
	var all []properties.Testable
	for _, p := range []*property{&x1, &x2} {
		p.Group, p.System, p.Unscheduled = Group, system{j}, true
		p.Codec, p.Classify = codec, classify
		p.Size = func(h histories.History) int { return h.Len() }
		all = append(all, p)
	}
	return all
}

// differing is that each verdict and each named disagreement occurs.
func differing() []condition {
	list := []condition{
		{Name: "a history that is right", Holds: func(_ histories.History, v verdicts) bool {
			return v.Graph.Status == checkers.Pass && v.Search.Status == checkers.Pass
		}},
		{Name: "a history that is wrong", Holds: func(_ histories.History, v verdicts) bool {
			return v.Graph.Status == checkers.Fail && v.Search.Status == checkers.Fail
		}},
	}
	for _, a := range histories.Anomalies() {
		name := expected(a.Name)
		known := slices.ContainsFunc(list, func(c condition) bool { return c.Name == name })
		if name == "" || known || name == anotherOrder && !smt.Available {
			continue
		}
		list = append(list, condition{Name: name, Generator: histories.With(a), Holds: func(h histories.History, v verdicts) bool {
			got, _ := named(h, &v)
			return slices.Contains(got, name)
		}})
	}
	return list
}

// finding is that each anomaly is found, and a right history accepted.
func finding() []condition {
	list := []condition{{Name: "accepted: a right history", Holds: detected(histories.Right)}}
	for _, a := range histories.Anomalies() {
		list = append(list, condition{Name: "detected: " + a.Name, Holds: detected(a.Name), Generator: histories.With(a)})
	}
	return list
}

// classify labels a history by what was planted, what the checkers say, and which of
// them cannot tell.
func classify(h histories.History, v verdicts) []string {
	var l generators.Labels
	l.Add("planted: " + h.Planted)
	if v.Graph.Status == checkers.Fail {
		l.Add("graph: " + v.Graph.Rule)
	} else {
		l.Add("graph: " + v.Graph.Status.String())
	}
	if detected(h.Planted)(h, v) {
		l.Add("detected: " + h.Planted)
	}
	for _, leg := range []leg{{"search", v.Search}, {"Z3", v.Installed}, {"values", v.Values}} {
		if leg.Status == checkers.Unknown {
			l.Add("undecided: " + leg.name)
		}
	}
	if !smt.Available {
		l.Add("left out: Z3")
	}
	names, _ := named(h, &v)
	for _, n := range names {
		l.Add("disagreement: " + n)
	}
	for _, o := range h.Outcomes {
		switch o {
		case history.Aborted:
			l.Add("transaction: aborted")
		case 0:
			l.Add("transaction: outcome unknown")
		}
	}
	return l
}
