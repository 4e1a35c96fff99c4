package timeout

import (
	"fmt"
	"time"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// MinDefault is the least that the default limit of a batch may be.
const MinDefault = 30 * time.Second

// Limit returns the checker "timeout/limit", which judges the limit in force: the one asked for; by default at least
// [MinDefault] and ten times the estimated serial time, which is the sum of the
// transactions' work and cost; none if none was asked for. Rules: "default limit
// too short", "wrong limit".
func Limit() checkers.OfBatch { return checkers.Observed("timeout/limit", checkLimit) }

// checkLimit judges a run. A batch that was refused has no
// limit.
func checkLimit(w batch.Workload, o *trace.Observation) verdict {
	if o.Limit < 0 {
		return checkers.Failed("wrong limit", fmt.Sprintf("a limit of %v is in force", o.Limit))
	}
	if o.Outcome == history.Refused {
		return checkers.Passed()
	}
	switch asked := w.Setup.Timeout; {
	case asked > 0 && o.Limit != asked:
		return checkers.Failed("wrong limit", fmt.Sprintf("a limit of %v was asked for, and %v is in force", asked, o.Limit))
	case asked < 0 && o.Limit != 0:
		return checkers.Failed("wrong limit", fmt.Sprintf("no limit was asked for, and %v is in force", o.Limit))
	case asked != 0:
		return checkers.Passed()
	}
	serial := serialTime(w.Batch)
	least := max(MinDefault, times(10, serial))
	if o.Limit < least {
		return checkers.Failed("default limit too short",
			fmt.Sprintf("the default limit in force is %v; the serial time is estimated at %v, so at least %v is due", o.Limit, serial, least))
	}
	return checkers.Passed()
}
