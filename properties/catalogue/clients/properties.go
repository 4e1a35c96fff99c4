package clients

import (
	"synchrony/checkers/isolation"
	"synchrony/checkers/linearizability"
	"synchrony/checkers/workload"
	"synchrony/properties"
	"synchrony/properties/catalogue/checker"
)

// Properties returns X9 to X12 of the checkers of this module.
func Properties() []properties.Testable {
	return []properties.Testable{ordered(ordering{linearizability.Check, linearizability.CheckDeclared}), leveled(isolation.Judge), promised(workload.Model.Check), recordedHistories()}
}

const group = checker.Group
