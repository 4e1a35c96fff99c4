package clients

import (
	"synchrony/checkers/isolation"
	"synchrony/checkers/workload"
	"synchrony/properties"
	"synchrony/properties/catalogue/checker"
)

// Properties returns X9 to X12 of the checkers of this module.
func Properties() []properties.Testable {
	return []properties.Testable{ordered(theOrdering), leveled(isolation.Judge), promised(workload.Model.Check), recordedHistories()}
}

const group = checker.Group
