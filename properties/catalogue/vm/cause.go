package vm

import (
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
	"synchrony/properties/catalogue/checks"
)

// cause is what is wrong first in one run.
func cause(w program.Workload, o trace.ProgramObservation) *properties.Cause {
	return properties.FirstCause(checks.ProgramCauses(), w, o)
}

// causeAmong is what is wrong in the first of several runs in which something is.
func causeAmong(w program.Workload, all []trace.ProgramObservation) *properties.Cause {
	for _, o := range all {
		if c := cause(w, o); c != nil {
			return c
		}
	}
	return nil
}
