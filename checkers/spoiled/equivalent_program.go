package spoiled

import (
	"synchrony/models/program"
	"synchrony/models/trace"
)

// programEquivalents are the changes of runs of programs that nobody need refuse.
var programEquivalents = []equivalent[program.Workload, trace.ProgramObservation]{
	{class: `(Events|Forks|Barriers)\[\w+\]\.Time .*|Calls\[\w+\]\.(Call|Return) .*|Metrics\.(Total|Parallel|Merge) .*`,
		why: "what time it was the clock says; what times must be in order is in order"},
	{class: `(Events|Forks|Barriers|Calls) swapped .*`, why: "what different workers do commutes, but for what one waits for"},
}
