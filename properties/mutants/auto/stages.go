package auto

import (
	"strings"
	"time"
)

// stage is a round of tests that a mutant has to survive.
type stage struct {
	properties []string
	iterations int
	// last says that the program as it is meets everything there that the properties want to
	// see, so that not to see it is a difference, too.
	last bool
	race bool // the binary is built with the race detector
}

const (
	// patience is how long a property may show no sign of life; a case takes milliseconds.
	patience = 10 * time.Second
	// stageTime bounds a property in a stage. Without a mutation it takes a tenth of that at most.
	stageTime = 120 * time.Second
	// shrinkTime is what is spent on a smaller counterexample, which nobody is going to read.
	shrinkTime = time.Millisecond
)

// stages are the tests of a package's mutants, the quick ones that kill most first. What an
// operator of concurrency broke, the race detector may see where no outcome differs; checkers run
// nothing at once, and are asked first by the properties that judge them.
func (t *Tester) stages(folder string, concurrent bool) []stage {
	whole, all, racy := []string{"S"}, batchProperties(), []string{"S", "S7", "S23", "S26"}
	switch kind(folder) {
	case ofPrograms:
		whole, all, racy = []string{"V"}, programProperties(), []string{"V", "V5", "V6", "V8", "V15", "V18"}
	case ofCheckers:
		whole, all, racy = t.Judges, append([]string{"S", "V"}, t.Judges...), nil
	}
	list := []stage{
		{properties: whole, iterations: 30},
		{properties: all, iterations: 25},
		{properties: all, iterations: 100, last: true},
	}
	if concurrent && racy != nil {
		list = append(list, stage{properties: racy, iterations: 25, race: true})
	}
	return list
}

// What the code of a package is about: all packages of one kind are tested alike.
const (
	ofBatches = iota
	ofPrograms
	ofCheckers
)

func kind(folder string) int {
	switch {
	case folder == "executor/vm":
		return ofPrograms
	case strings.HasPrefix(folder+"/", "checkers/"):
		return ofCheckers
	}
	return ofBatches
}

// cases is how many cases a property gets in the stage. One that verifies signatures, which cost
// as much as all else in a case, gets fewer.
func (s *stage) cases(property string) int {
	if property == "S9" {
		return s.iterations * 2 / 5
	}
	return s.iterations
}

// concurrent reports whether a mutant is the work of an operator of concurrency.
func (m *Mutant) concurrent() bool {
	for _, op := range operators() {
		if op.Name == m.Operator {
			return op.Concurrency
		}
	}
	return false
}

// batchProperties and programProperties are the properties that mutants of each package are tested
// with, those that kill most first. Those about parsing alone run nothing of these packages.
func batchProperties() []string {
	return []string{
		"S22", "S12", "S23", "S9", "S11", "S3", "S7", "S14", "S24", "S20", "S15", "S19", "S10", "S13",
		"S26", "S27", "S28", "S29", "S30", "S8", "S1", "S6", "S5", "S18", "S21", "S25", "S4", "S2",
	}
}

func programProperties() []string {
	return []string{"V1", "V8", "V9", "V5", "V6", "V10", "V4", "V4b", "V7", "V7b", "V2", "V11", "V3", "V14", "V13", "V15", "V16", "V17", "V18", "V19", "V20", "V21", "V22"}
}
