package race

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// checkReads checks each access against serial execution in submission order: the
// version that it saw is of the last transaction before it that wrote the account,
// or of its own earlier write, and the value is the one that version was given.
func checkReads(b *batch.Batch, o *trace.Observation, log *trace.Log) verdict {
	// By account: the accesses in submission order, which the transactions' own
	// lists give in one pass.
	writer := make([]int32, len(b.Accounts))
	value := make([]int64, len(b.Accounts))
	for a := range writer {
		writer[a], value[a] = history.InitialVersion, o.Initial[a]
	}
	for tx := range b.Transactions {
		for _, i := range log.Accesses(tx) {
			e := &log.Events[i]
			a := e.Account
			switch {
			case e.Version != writer[a]:
				return staleRead(b, log, e, writer[a], value[a])
			case e.Old != value[a]:
				names := trace.NamesOf(b)
				return checkers.Failed("wrong value",
					fmt.Sprintf("%s saw %d in %s, but the version of %s has %d", names.Tx(e.Tx), e.Old, names.Account(a), names.Version(e.Version), value[a]),
					append(lastWrite(b, log, e.Version, a), names.Event(*e))...)
			}
			if e.Kind == trace.Write {
				writer[a], value[a] = int32(tx), e.New
			}
		}
	}
	return checkers.Passed()
}

func staleRead(b *batch.Batch, log *trace.Log, e *trace.Event, want int32, value int64) verdict {
	names := trace.NamesOf(b)
	evidence := append(lastWrite(b, log, want, e.Account), lastWrite(b, log, e.Version, e.Account)...)
	return checkers.Failed("stale read",
		fmt.Sprintf("%s saw %s as of %s (%d), but in serial order it follows %s, which left %d",
			names.Tx(e.Tx), names.Account(e.Account), names.Version(e.Version), e.Old, names.Version(want), value),
		append(evidence, names.Event(*e))...)
}

// lastWrite is tx's last write of an account, as evidence.
func lastWrite(b *batch.Batch, log *trace.Log, tx int32, a batch.AccountID) []string {
	if tx == history.InitialVersion {
		return nil
	}
	all := log.Accesses(int(tx))
	for k := len(all) - 1; k >= 0; k-- {
		if e := log.Events[all[k]]; e.Kind == trace.Write && e.Account == a {
			return []string{trace.NamesOf(b).Event(e)}
		}
	}
	return nil
}
