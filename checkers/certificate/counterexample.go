package certificate

import (
	"fmt"
	"slices"
	"strings"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// Counterexamples returns the checker "counterexample", which checks the counterexamples of executions that a gate refused. Its rules
// are "no counterexample", "counterexample to a commit", "counterexample to nothing" for a batch that time ended or
// whose configuration was wrong, and "wrong counterexample":
// one that names another gate or transaction than the batch fails at, or a wrong access, or that is not
// what the error says.
func Counterexamples() checkers.OfBatch {
	return checkers.Observed("counterexample", checkCounterexample)
}

// checkCounterexample judges a run. What time ended, or a wrong
// configuration, was not refuted.
func checkCounterexample(w batch.Workload, o *trace.Observation) checkers.Verdict {
	c := o.Counterexample
	refused := o.Outcome == history.Aborted || o.Outcome == history.Refused && len(o.Cycle) > 0
	switch {
	case !refused && c != nil && o.Outcome == history.Committed:
		return checkers.Failed("counterexample to a commit", "the batch was committed, and carries a counterexample: "+c.Reason)
	case !refused && c != nil:
		return checkers.Failed("counterexample to nothing", fmt.Sprintf("the batch was %v, which nothing refutes, and carries a counterexample: %s", o.Outcome, c.Reason))
	case !refused:
		return checkers.Passed()
	case c == nil:
		return checkers.Failed("no counterexample", fmt.Sprintf("the batch was %v without a counterexample", o.Outcome), "error: "+o.Error)
	case c.Mismatch != nil:
		return wrong(c, "no correct execution accesses what serial execution does not")
	case c.Reason == "" || !strings.Contains(o.Error, c.Reason):
		return wrong(c, "its reason is not what the error says", "error: "+o.Error)
	}
	spec := batch.RunSerially(w.Batch, w.Setup.Panics...)
	switch c.Gate {
	case "conflicts":
		var cycle []string
		for _, tx := range c.Txs {
			if tx < 0 || int(tx) >= len(w.Batch.Transactions) {
				return wrong(c, "it names a transaction that there is not")
			}
			cycle = append(cycle, w.Batch.Transactions[tx].ID)
		}
		if err := batch.CheckCycle(w.Batch, cycle); err != nil {
			return wrong(c, err.Error())
		}
		if !sameCycle(cycle, o.Cycle) {
			return wrong(c, fmt.Sprintf("the cycle that the batch was refused for is %q", o.Cycle))
		}
	case "execute":
		if spec.Failure == nil || !slices.Equal(c.Txs, []int32{int32(spec.Failure.Tx)}) || c.Reason != spec.Failure.Error() {
			return wrong(c, "serially the batch "+serialEnd(&spec))
		}
	case "attestations":
		if o.Unattested == nil || spec.Cycle != nil || spec.Failure != nil || !slices.Equal(c.Txs, []int32{int32(o.Unattested.Tx)}) {
			return wrong(c, "the batch has no such fault, or fails before its attestations are verified")
		}
	default:
		return wrong(c, "no correct execution is refused by this gate")
	}
	return checkers.Passed()
}

// serialEnd says how the batch ends serially: "commits".
func serialEnd(spec *batch.Outcome) string {
	switch {
	case spec.Failure != nil:
		return "aborts: " + spec.Failure.Error()
	case spec.Cycle != nil:
		return "is refused: " + spec.Cycle.Error()
	}
	return "commits"
}

// sameCycle reports whether two cycles are one, told from whatever place in it.
func sameCycle(a, b []string) bool {
	if len(a) != len(b) || len(a) == 0 {
		return len(a) == len(b)
	}
	at := slices.Index(b, a[0])
	return at >= 0 && slices.Equal(a, slices.Concat(b[at:], b[:at]))
}

func wrong(c *trace.Counterexample, why string, evidence ...string) checkers.Verdict {
	return checkers.Failed("wrong counterexample", "the counterexample does not show why the batch was refused: "+why,
		append(evidence, fmt.Sprintf("gate %s, transactions %v: %s", c.Gate, c.Txs, c.Reason))...)
}
