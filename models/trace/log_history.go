package trace

import (
	"time"

	"synchrony/models/history"
)

// HistoryOf is the history that the events of a run of a batch show: accounts are
// keys, and a transaction is committed if it has a COMMIT event, whether or not the
// batch was rolled back later, and otherwise aborted. names are of the batch.
func (l *Log) HistoryOf(names Names, initial []int64) *history.History {
	b := names.b
	n := len(l.Spans)
	h := &history.History{
		Initial: initial, Keys: make([]string, len(b.Accounts)), Names: make([]string, n), Outcomes: make([]history.Outcome, n),
		Invoked: make([]time.Duration, n), Returned: make([]time.Duration, n),
		Starts: l.byTx.start, Accesses: make([]history.Access, len(l.byTx.items)),
	}
	for a := range b.Accounts {
		h.Keys[a] = b.Accounts[a].Name
	}
	// By transaction and account, the last write: what another access with that
	// version saw. A transaction's own accesses see its writes as they go.
	last := lastWrites(l)
	own := make([]int32, len(b.Accounts))
	for a := range own {
		own[a] = None
	}
	for tx, span := range l.Spans {
		h.Names[tx], h.Outcomes[tx] = b.Transactions[tx].ID, history.Aborted
		if span.Ran() {
			h.Invoked[tx], h.Returned[tx] = l.Events[span.Start].Time, history.Forever
		}
		if end := l.End(tx); end < len(l.Events) {
			h.Returned[tx] = l.Events[end].Time
		}
		if span.Commit != None {
			h.Outcomes[tx] = history.Committed
		}
		for k := h.Starts[tx]; k < h.Starts[tx+1]; k++ {
			i := l.byTx.items[k]
			e := &l.Events[i]
			version := history.InitialVersion
			switch {
			case e.Version == int32(tx) && own[e.Account] >= h.Starts[tx]:
				version = own[e.Account]
			case e.Version != history.InitialVersion:
				version = last[i]
			}
			if e.Kind == Write {
				h.Accesses[k] = history.WriteOf(int32(e.Account), version, e.New)
				own[e.Account] = k
			} else {
				h.Accesses[k] = history.ReadOf(int32(e.Account), version, e.Old)
			}
		}
	}
	return h
}

// lastWrites returns, for each access by its event's index, where in the order of
// transactions the last write of its version is.
func lastWrites(l *Log) []int32 {
	last := make([]int32, len(l.Events))
	position := make([]int32, len(l.Events)) // in the order of transactions
	for k, i := range l.byTx.items {
		position[i] = int32(k)
	}
	writer := make([]int32, len(l.Spans))
	for a := range len(l.byAccount.start) - 1 {
		for _, i := range l.byAccount.of(a) {
			if e := &l.Events[i]; e.Kind == Write {
				writer[e.Tx] = position[i]
			}
		}
		for _, i := range l.byAccount.of(a) {
			if v := l.Events[i].Version; v != history.InitialVersion {
				last[i] = writer[v]
			}
		}
	}
	return last
}
