package batchtest

import (
	"errors"

	"synchrony/checkers"
	"synchrony/checkers/serializability"
	"synchrony/models/block"
)

// checkGraph judges the reads and writes that the executor tells of, if it does, by the direct serialization graph, in which each transaction returned
// before the next one, in the order in which they are to take effect, was invoked: the rule is the anomaly.
func checkGraph(c *config, b *Block, o *Outcome) checkers.Verdict {
	if o.report.Accesses == nil {
		return checkers.Passed()
	}
	want := c.serial(b, o)
	if want.Broken { // nobody knows how far it came
		return checkers.Passed()
	}
	all := make([]block.Executed, b.Len())
	for tx := range all {
		all[tx] = block.Executed{Name: b.Name(tx), Aborted: want.Errors[tx] != nil, Accesses: o.report.Accesses[tx]}
	}
	h, err := block.History(b.Initial, all, want.Ran, true)
	var wrong *block.AccessError
	if errors.As(err, &wrong) {
		return checkers.Failed(ruleReport, wrong.Error())
	}
	return serializability.Judge(h).Verdict
}
