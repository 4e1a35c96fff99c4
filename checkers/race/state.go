package race

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// checkState checks that a committed batch left what the sequential specification
// leaves. The evidence is the first transaction that wrote something else.
func checkState(w batch.Workload, o *trace.Observation) verdict {
	if o.Outcome != history.Committed {
		return checkers.Passed()
	}
	spec := batch.RunSerially(w.Batch, w.Setup.Panics...)
	names := trace.NamesOf(w.Batch)
	for a, v := range o.Final {
		if v != spec.Balances[a] {
			return checkers.Failed("not the serial state",
				fmt.Sprintf("%s has %d after the batch, and serial execution leaves %d", names.Account(batch.AccountID(a)), v, spec.Balances[a]),
				append([]string{"final:  " + names.Balances(o.Final), "serial: " + names.Balances(spec.Balances)}, deviation(w.Batch, o, &spec)...)...)
		}
	}
	return checkers.Passed()
}

// deviation is the first event, in submission order, that serial execution would
// not have had.
func deviation(b *batch.Batch, o *trace.Observation, spec *batch.Outcome) []string {
	log, err := trace.NewLog(o, b)
	if err != nil {
		return nil
	}
	names := trace.NamesOf(b)
	for tx := range b.Transactions {
		written := map[batch.AccountID]int64{}
		for _, i := range log.Accesses(tx) {
			if e := &log.Events[i]; e.Kind == trace.Write {
				written[e.Account] = e.New
			}
		}
		for _, w := range spec.Effects[tx].Writes {
			if got, ok := written[w.Account]; !ok || got != w.New {
				return append(lastWrite(b, log, int32(tx), w.Account),
					fmt.Sprintf("%s should have written %s %d -> %d", names.Tx(int32(tx)), names.Account(w.Account), w.Old, w.New))
			}
		}
	}
	return nil
}
