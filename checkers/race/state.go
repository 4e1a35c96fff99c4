package race

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// checkState checks that a committed batch left what the sequential specification
// leaves, the evidence being the first transaction that wrote something else; and that each transaction that
// committed wrote what it does there, also if the batch did not.
func checkState(w batch.Workload, o *trace.Observation, log *trace.Log) verdict {
	if o.Outcome == history.Refused || o.Outcome != history.Committed && len(log.Events) == 0 {
		return checkers.Passed()
	}
	spec := batch.RunSerially(w.Batch, w.Setup.Panics...)
	names := trace.NamesOf(w.Batch)
	if o.Outcome != history.Committed {
		return checkWrites(names, log, &spec)
	}
	for a, v := range o.Final {
		if v != spec.Balances[a] {
			return checkers.Failed("not the serial state",
				fmt.Sprintf("%s has %d after the batch, and serial execution leaves %d", names.Account(batch.AccountID(a)), v, spec.Balances[a]),
				append([]string{"final:  " + names.Balances(o.Final), "serial: " + names.Balances(spec.Balances)}, deviation(w.Batch, o, &spec)...)...)
		}
	}
	return checkWrites(names, log, &spec)
}

// checkWrites checks that what each transaction that committed wrote last to each account is what the specification has
// it write.
func checkWrites(names trace.Names, log *trace.Log, spec *batch.Outcome) verdict {
	for tx := range log.Spans {
		if log.Spans[tx].Commit == trace.None || tx >= len(spec.Effects) {
			continue
		}
		effect := &spec.Effects[tx]
		if !effect.Ran || effect.Failure != nil {
			return checkers.Failed("wrong write", fmt.Sprintf("%s committed, and serially it fails or does not run", names.Tx(int32(tx))))
		}
		for _, want := range effect.Writes {
			if e := lastOf(log, tx, want.Account); e == nil || e.New != want.New {
				return checkers.Failed("wrong write", fmt.Sprintf("%s committed without writing %s %d -> %d, as it does serially",
					names.Tx(int32(tx)), names.Account(want.Account), want.Old, want.New))
			}
		}
	}
	return checkers.Passed()
}

// lastOf is a transaction's last write of an account; nil if there is none.
func lastOf(log *trace.Log, tx int, a batch.AccountID) *trace.Event {
	var last *trace.Event
	for _, i := range log.Accesses(tx) {
		if e := &log.Events[i]; e.Kind == trace.Write && e.Account == a {
			last = e
		}
	}
	return last
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
