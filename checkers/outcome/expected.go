package outcome

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// Expected returns the checker "outcome/expected", which decides whether a run of a program gives what the program's own
// text expects (.expect), as verify exec does: any run passes if that expects nothing. Its rule is "not as
// expected".
func Expected() checkers.OfProgram {
	return checkers.Ran("outcome/expected", func(w program.Workload, o *trace.ProgramObservation) verdict {
		missed := o.Missed(w.Program.Expect)
		if len(missed) == 0 {
			return checkers.Passed()
		}
		reason := missed[0]
		if len(missed) > 1 {
			reason = fmt.Sprintf("%s, and %d more", reason, len(missed)-1)
		}
		return checkers.Failed("not as expected", reason, append(missed[1:], "the run's outcome: "+o.Ending())...)
	})
}
