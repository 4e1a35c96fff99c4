package checker

import (
	"slices"

	"synchrony/checkers"
	"synchrony/properties"
)

func recordings(cs []batchChecker) properties.Testable {
	return &properties.Property[sample, said]{
		ID: "X3", Group: Group, Unscheduled: true, Source: properties.Here(0),
		Statement: "each checker gives each recorded run, right, wrong or malformed, the verdict that it deserves",
		System:    allCheckers{cs}, Generator: samples(), Codec: sampleCodec,
		Checkers: []checkers.Checker[sample, said]{deserved{}},
		Sometimes: []properties.Condition[sample, said]{
			{Name: "a right run", Holds: func(s sample, _ said) bool { return s.has("") }},
			{Name: "a wrong run", Holds: func(s sample, _ said) bool { return s.has(": fail: ") }},
			{Name: "a malformed run", Holds: func(s sample, _ said) bool { return s.has(": unknown") }},
		},
		Classify: classifySample,
		Size:     func(s sample) int { return len(s) },
	}
}

func limits(qs []question) properties.Testable {
	p := &properties.Property[asked, checkers.Verdict]{
		ID: "X4", Group: Group, Unscheduled: true, Source: properties.Here(0),
		Statement: "a checker that is out of time, work or room says that it does not know",
		System:    within(qs), Generator: asking(qs), Codec: askedCodec(qs),
		Checkers: []checkers.Checker[asked, checkers.Verdict]{modest{qs}},
		Classify: func(w asked, v checkers.Verdict) []string { return []string{w.Question + ": " + v.Status.String()} },
		Size:     func(w asked) int { return w.Size },
	}
	for i := range qs {
		p.Sometimes = append(p.Sometimes, properties.Condition[asked, checkers.Verdict]{
			Name: "unknown: " + qs[i].name, Holds: func(w asked, v checkers.Verdict) bool {
				return w.Question == qs[i].name && v.Status == checkers.Unknown
			},
		})
	}
	return p
}

// classify labels a sample by what its runs show, as the checkers name it.
func classifySample(s sample, _ said) []string {
	var labels []string
	for _, r := range s {
		labels = append(labels, r.Verdicts...)
	}
	slices.Sort(labels)
	return slices.Compact(labels)
}
